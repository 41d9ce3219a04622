/** Data in a bucket of an S3 service. The client library is loaded when a store of the kind is first used. */
@NullMarked
package io.nacre.glance.store.s3;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.nacre.glance.store.s3;

import org.jspecify.annotations.NullMarked;

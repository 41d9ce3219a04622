/** Tests of metadata definitions below their API, on every database. */
@NullMarked
package io.nacre.glance.convert;

import org.jspecify.annotations.NullMarked;

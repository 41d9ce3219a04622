/** Tests of how data is taken in, below the API. */
@NullMarked
package io.nacre.glance.data;

import org.jspecify.annotations.NullMarked;

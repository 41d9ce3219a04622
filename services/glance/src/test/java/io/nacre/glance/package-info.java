/** Tests of the image service, through its API on a real port. */
@NullMarked
package io.nacre.glance;

import org.jspecify.annotations.NullMarked;

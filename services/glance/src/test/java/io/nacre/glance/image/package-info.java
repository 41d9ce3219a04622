/** Tests of images below their API, on every database. */
@NullMarked
package io.nacre.glance.image;

import org.jspecify.annotations.NullMarked;

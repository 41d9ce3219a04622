/** Tests of the format inspector with files made by code. */
@NullMarked
package io.nacre.glance.format;

import org.jspecify.annotations.NullMarked;

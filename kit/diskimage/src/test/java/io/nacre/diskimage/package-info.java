/** Tests of the format inspector with files made by code. */
@NullMarked
package io.nacre.diskimage;

import org.jspecify.annotations.NullMarked;

/** Disk images made by code: good ones of every format, and ones that mean harm. */
@NullMarked
package io.nacre.testkit.image;

import org.jspecify.annotations.NullMarked;

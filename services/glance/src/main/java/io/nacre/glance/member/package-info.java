/**
 * Projects that an image is shared with, and whether they want it. API reference "Sharing".
 */
@NullMarked
package io.nacre.glance.member;

import org.jspecify.annotations.NullMarked;

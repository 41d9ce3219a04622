/**
 * Images from one disk format into another. {@link io.nacre.glance.convert.QemuImg} is the only place where qemu-img is
 * run, and it runs confined or not at all.
 */
@NullMarked
package io.nacre.glance.convert;

import org.jspecify.annotations.NullMarked;

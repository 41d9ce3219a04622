/**
 * Our own look into disk image formats, bounded in memory and time, before any tool sees a file.
 *
 * <p>An image comes from somebody we do not trust. A header can name other files (a backing file, a data file, an
 * extent), which a tool would then open for them; or one file can be two formats at once. Such images are refused while
 * they stream in. The formats are those of the QEMU, VMware, VirtualBox and Microsoft specifications.
 */
@NullMarked
package io.nacre.diskimage;

import org.jspecify.annotations.NullMarked;

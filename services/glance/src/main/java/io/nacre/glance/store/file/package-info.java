/** Data in files of one folder. */
@NullMarked
package io.nacre.glance.store.file;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.nacre.glance.store.file;

import org.jspecify.annotations.NullMarked;

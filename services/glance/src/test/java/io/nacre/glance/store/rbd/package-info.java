@NullMarked
package io.nacre.glance.store.rbd;

import org.jspecify.annotations.NullMarked;

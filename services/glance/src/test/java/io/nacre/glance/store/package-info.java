@NullMarked
package io.nacre.glance.store;

import org.jspecify.annotations.NullMarked;

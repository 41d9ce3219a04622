/**
 * Where the bytes lie. A store is a {@link io.nacre.glance.store.StoreDriver} under a name; nothing else knows how
 * data is kept.
 */
@NullMarked
package io.nacre.glance.store;

import org.jspecify.annotations.NullMarked;

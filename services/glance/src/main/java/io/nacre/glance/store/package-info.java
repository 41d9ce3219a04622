/**
 * Where the bytes lie. A store is a {@link io.nacre.glance.store.StoreDriver} under a name; nothing else knows how
 * data is kept.
 *
 * <p>A driver is one folder: a record of its options that implements {@link io.nacre.glance.store.StoreConfig}, and the
 * driver that it makes. It is registered on one line, at {@link io.nacre.glance.store.StoreConfig}. Its test extends
 * {@code StoreDriverTest}, which says what every driver must keep.
 */
@NullMarked
package io.nacre.glance.store;

import org.jspecify.annotations.NullMarked;

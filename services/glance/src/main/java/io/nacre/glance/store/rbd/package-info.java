/** Data in images of a Ceph pool, by librbd. The library is loaded when a store of the kind is first used. */
@NullMarked
package io.nacre.glance.store.rbd;

import org.jspecify.annotations.NullMarked;

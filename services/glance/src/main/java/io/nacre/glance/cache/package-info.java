/**
 * Copies of images' data on this controller's own disk, so that what lies far away is fetched once. Everything it knows
 * is in one folder: it survives a restart, and nothing of it is shared with other controllers.
 */
@NullMarked
package io.nacre.glance.cache;

import org.jspecify.annotations.NullMarked;

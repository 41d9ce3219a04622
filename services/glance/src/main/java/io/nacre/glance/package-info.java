/**
 * Glance, the images that servers boot from: API reference "Image Service API v2", versions up to 2.17.
 *
 * <p>{@link io.nacre.glance.Glance} lists the resources; each has a package of its own. An image is a row and, once it
 * has data, one or more locations in stores. Rows change in transactions guarded by a generation; data is written
 * first under a claim, then made visible by the same transaction that makes the image active. Nobody's image is opened
 * by a tool here: {@code format} looks into it while it streams in and refuses what could reach out of itself.
 */
@NullMarked
package io.nacre.glance;

import org.jspecify.annotations.NullMarked;

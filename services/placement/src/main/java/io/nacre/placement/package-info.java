/**
 * Placement, the inventory of what a cloud can give away: API reference "Placement API", microversions 1.0 to 1.39.
 *
 * <p>{@link io.nacre.placement.Placement} lists the resources; each has a package of its own with its record, its
 * route table ({@code Api}) and its SQL ({@code Store}). Every change of a provider moves its generation on, and a
 * change that was decided on an older generation is refused: there are no locks.
 */
@NullMarked
package io.nacre.placement;

import org.jspecify.annotations.NullMarked;

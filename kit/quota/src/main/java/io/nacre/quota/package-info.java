/**
 * Exact quotas. A count is a row that is changed in the same transaction as the resource it counts, guarded by its
 * former value: there are no reservations to expire, no recheck and no recount, and over-commitment is impossible.
 *
 * <p>Each service makes one {@link io.nacre.quota.Quotas} with its resources and configured limits. Limits are looked
 * up for the project, then for all projects (nova's class "default"), then in the configuration; -1 is no limit.
 */
@NullMarked
package io.nacre.quota;

import org.jspecify.annotations.NullMarked;

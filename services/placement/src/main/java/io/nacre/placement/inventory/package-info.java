/**
 * Inventories: how much of each class a provider has to give, and in which portions. API reference "Resource provider
 * inventories".
 */
@NullMarked
package io.nacre.placement.inventory;

import org.jspecify.annotations.NullMarked;

package io.nacre.placement.provider;

import io.nacre.base.Tx;
import io.nacre.placement.PlacementErrors;
import io.nacre.placement.aggregate.AggregateStore;
import io.nacre.placement.allocation.AllocationStore;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.placement.trait.TraitStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What stands in the way of a provider's end, and what goes with it. */
public record ProviderRemoval(
        ProviderStore providers,
        InventoryStore inventories,
        TraitStore traits,
        AggregateStore aggregates,
        AllocationStore allocations) {

    public void remove(Tx tx, Provider provider, Instant now) {
        if (providers.hasChildren(tx, provider.id())) {
            throw PlacementErrors.conflict(
                    PlacementErrors.CANNOT_DELETE_PARENT,
                    "Unable to delete parent resource provider " + provider.id()
                            + ": It has child resource providers.");
        }
        if (allocations.isProviderInUse(tx, provider.id())) {
            throw PlacementErrors.conflict(
                    PlacementErrors.PROVIDER_IN_USE,
                    "Unable to delete resource provider " + provider.id() + ": Resource provider has allocations.");
        }
        inventories.replace(tx, provider.id(), Map.of());
        traits.setOfProvider(tx, provider.id(), List.of());
        aggregates.setOfProvider(tx, provider.id(), List.of());
        providers.touchTree(tx, provider.rootId(), now);
        providers.delete(tx, provider);
    }
}

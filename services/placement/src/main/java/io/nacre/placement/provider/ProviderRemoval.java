package io.nacre.placement.provider;

import io.nacre.base.Tx;
import io.nacre.placement.PlacementErrors;
import io.nacre.placement.aggregate.AggregateStore;
import io.nacre.placement.allocation.AllocationStore;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.placement.trait.TraitStore;
import java.util.List;
import java.util.Map;

/** What stands in the way of a provider's end, and what goes with it. */
public record ProviderRemoval(
        ProviderStore providers,
        InventoryStore inventories,
        TraitStore traits,
        AggregateStore aggregates,
        AllocationStore allocations) {

    public void remove(Tx tx, Provider provider) {
        if (allocations.isProviderInUse(tx, provider.id())) {
            throw PlacementErrors.conflict(
                    PlacementErrors.PROVIDER_IN_USE,
                    "Unable to delete resource provider " + provider.id() + ": Resource provider has allocations.");
        }
        if (providers.hasChildren(tx, provider.id())) {
            throw PlacementErrors.conflict(
                    PlacementErrors.CANNOT_DELETE_PARENT,
                    "Unable to delete parent resource provider " + provider.id()
                            + ": It has child resource providers.");
        }
        inventories.replace(tx, provider.id(), Map.of());
        traits.setOfProvider(tx, provider.id(), List.of());
        aggregates.setOfProvider(tx, provider.id(), List.of());
        providers.delete(tx, provider.id());
    }
}

package io.nacre.placement.allocation;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.placement.PlacementErrors;
import io.nacre.placement.inventory.Inventory;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.placement.provider.Provider;
import io.nacre.placement.provider.ProviderStore;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Replaces what consumers hold, all of them or none. Used by the API, the reshaper and the peer. */
public final class Allocations {

    /**
     * What a consumer shall hold from now on.
     *
     * @param amounts by provider, then resource class; empty gives everything back
     * @param generation what the change was decided on; null for a new consumer, or not looked at when unguarded
     * @param type null keeps the type that is known
     */
    record Wanted(
            String consumerId,
            String projectId,
            String userId,
            @Nullable String type,
            boolean guarded,
            @Nullable Long generation,
            Map<String, Map<String, Long>> amounts) {}

    private final AllocationStore allocations;
    private final InventoryStore inventories;
    private final ProviderStore providers;
    private final InstantSource clock;

    public Allocations(
            AllocationStore allocations, InventoryStore inventories, ProviderStore providers, InstantSource clock) {
        this.allocations = allocations;
        this.inventories = inventories;
        this.providers = providers;
        this.clock = clock;
    }

    void replace(Tx tx, Collection<Wanted> all) {
        Map<String, Provider> touched = touched(tx, all);
        Map<String, Map<String, Long>> usedSoFar = inventories.used(tx, touched.keySet());
        for (Wanted wanted : all) {
            register(tx, wanted);
            allocations.clear(tx, wanted.consumerId());
        }
        requireRoom(tx, all, touched.keySet(), usedSoFar);
        for (Wanted wanted : all) {
            wanted.amounts()
                    .forEach((providerId, amounts) -> amounts.forEach((resourceClass, amount) ->
                            allocations.insert(tx, wanted.consumerId(), providerId, resourceClass, amount)));
            if (wanted.amounts().isEmpty()) {
                allocations.delete(tx, wanted.consumerId());
            }
        }
        touched.values().forEach(provider -> providers.advance(tx, provider, clock.instant()));
    }

    /** For callers in the same controller, who decide in the transaction itself. */
    public void claim(
            Tx tx,
            String consumerId,
            String projectId,
            String userId,
            String type,
            Map<String, Map<String, Long>> amounts) {
        replace(tx, List.of(new Wanted(consumerId, projectId, userId, type, false, null, amounts)));
    }

    /** Makes the consumer or moves its generation on; a stale decision is refused. */
    private void register(Tx tx, Wanted wanted) {
        Consumer known = allocations.consumer(tx, wanted.consumerId()).orElse(null);
        if (known == null) {
            if (wanted.guarded() && wanted.generation() != null) {
                throw stale(wanted, "null");
            }
            if (!wanted.amounts().isEmpty()) {
                String type = wanted.type() == null ? Consumer.UNKNOWN : wanted.type();
                allocations.create(
                        tx,
                        new Consumer(
                                wanted.consumerId(),
                                1,
                                wanted.projectId(),
                                wanted.userId(),
                                type,
                                clock.instant(),
                                clock.instant()));
            }
            return;
        }
        if (wanted.guarded() && !Long.valueOf(known.generation()).equals(wanted.generation())) {
            throw stale(wanted, Long.toString(known.generation()));
        }
        String type = wanted.type() == null ? known.type() : wanted.type();
        allocations.advance(
                tx,
                new Consumer(
                        known.id(),
                        known.generation(),
                        wanted.projectId(),
                        wanted.userId(),
                        type,
                        known.createdAt(),
                        known.updatedAt()),
                clock.instant());
    }

    private static RuntimeException stale(Wanted wanted, String expected) {
        return PlacementErrors.conflict(
                PlacementErrors.CONCURRENT_UPDATE,
                "consumer generation conflict - expected " + expected + " but got " + wanted.generation());
    }

    private Map<String, Provider> touched(Tx tx, Collection<Wanted> all) {
        Map<String, Provider> touched = new HashMap<>();
        // In one order everywhere, so that two claims never wait for each other in a circle.
        Set<String> ids = new TreeSet<>();
        all.forEach(wanted -> ids.addAll(wanted.amounts().keySet()));
        for (String id : ids) {
            touched.put(
                    id,
                    providers
                            .find(tx, id)
                            .orElseThrow(() -> Fault.invalid(
                                    "Allocation for resource provider '" + id + "' that does not exist.")));
        }
        return touched;
    }

    /** A provider that gave too much already may be given back less than it was asked for before, but not more. */
    private void requireRoom(
            Tx tx, Collection<Wanted> all, Set<String> providerIds, Map<String, Map<String, Long>> usedSoFar) {
        Map<String, Map<String, Inventory>> have = inventories.ofProviders(tx, providerIds, null);
        Map<String, Map<String, Long>> used = inventories.used(tx, providerIds);
        for (Wanted wanted : all) {
            wanted.amounts()
                    .forEach((providerId, amounts) -> amounts.forEach((resourceClass, amount) -> {
                        Inventory inventory =
                                have.getOrDefault(providerId, Map.of()).get(resourceClass);
                        if (inventory == null) {
                            throw Fault.conflict(
                                    "There was a conflict when trying to complete your request.\n\n Unable to"
                                            + " allocate inventory: Inventory for '" + resourceClass
                                            + "' on resource provider '"
                                            + providerId + "' invalid.");
                        }
                        Map<String, Long> mine = used.computeIfAbsent(providerId, id -> new HashMap<>());
                        long before = mine.getOrDefault(resourceClass, 0L);
                        if (!inventory.admits(amount)) {
                            throw Fault.conflict(
                                    "Unable to allocate inventory: The requested amount would violate inventory"
                                            + " constraints: " + resourceClass + " on " + providerId + ".");
                        }
                        long most = Math.max(
                                inventory.capacity(),
                                usedSoFar.getOrDefault(providerId, Map.of()).getOrDefault(resourceClass, 0L));
                        if (before + amount > most) {
                            throw Fault.conflict("Unable to allocate inventory: Unable to create allocation for '"
                                    + resourceClass + "' on resource provider '" + providerId
                                    + "'. The requested amount would exceed the capacity.");
                        }
                        mine.put(resourceClass, before + amount);
                    }));
        }
    }

    /** Gives back all that a consumer holds; false when it held nothing. */
    public boolean release(Tx tx, String consumerId) {
        if (allocations.consumer(tx, consumerId).isEmpty()) {
            return false;
        }
        allocations.delete(tx, consumerId);
        return true;
    }
}

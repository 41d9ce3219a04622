package io.nacre.nova;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.Placement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import tools.jackson.core.type.TypeReference;

/** Placement in memory. */
final class FakePlacement implements Placement {
    final Map<String, Provider> providers = new ConcurrentSkipListMap<>();
    final FakeRows<Map<String, Map<String, Long>>> held =
            new FakeRows<>("held", new TypeReference<Map<String, Map<String, Long>>>() {});

    @Override
    public synchronized void report(Tx tx, Provider provider) {
        providers.put(provider.id(), provider);
    }

    @Override
    public synchronized void forget(Tx tx, String providerId) {
        providers.remove(providerId);
    }

    @Override
    public synchronized List<Candidate> candidates(Tx tx, Query query) {
        List<Candidate> found = new ArrayList<>();
        providers.values().forEach(provider -> {
            if (provider.traits().containsAll(query.required()) && fits(tx, provider, query.resources())) {
                found.add(new Candidate(provider.id(), Map.of(provider.id(), query.resources())));
            }
        });
        return found;
    }

    @Override
    public String shortage(Tx tx, Query query) {
        return query.resources() + " fits nowhere";
    }

    private boolean fits(Tx tx, Provider provider, Map<String, Long> wanted) {
        Map<String, Long> used = usage(tx, provider.id());
        return wanted.entrySet().stream().allMatch(entry -> {
            Inventory inventory = provider.inventories().get(entry.getKey());
            return inventory != null
                    && (inventory.total() - inventory.reserved()) * inventory.allocationRatio()
                            >= used.getOrDefault(entry.getKey(), 0L) + entry.getValue();
        });
    }

    @Override
    public synchronized void claim(Tx tx, Claim claim) {
        claim.allocations().forEach((id, amounts) -> {
            if (!fits(tx, providers.get(id), amounts)) {
                throw Fault.conflict("Unable to allocate inventory on " + id);
            }
        });
        held.put(tx, claim.consumerId(), claim.allocations());
    }

    @Override
    public synchronized void release(Tx tx, String consumerId) {
        held.remove(tx, consumerId);
    }

    @Override
    public synchronized Map<String, Map<String, Long>> allocations(Tx tx, String consumerId) {
        return held.all(tx).getOrDefault(consumerId, Map.of());
    }

    @Override
    public synchronized Map<String, Long> usage(Tx tx, String providerId) {
        Map<String, Long> used = new HashMap<>();
        held.all(tx)
                .values()
                .forEach(of -> of.getOrDefault(providerId, Map.of())
                        .forEach((resource, amount) -> used.merge(resource, amount, Long::sum)));
        return used;
    }
}

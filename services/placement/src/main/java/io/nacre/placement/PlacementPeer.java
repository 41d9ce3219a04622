package io.nacre.placement;

import io.nacre.base.Tx;
import io.nacre.placement.aggregate.AggregateStore;
import io.nacre.placement.allocation.AllocationStore;
import io.nacre.placement.allocation.Allocations;
import io.nacre.placement.candidate.CandidateQuery;
import io.nacre.placement.candidate.Candidates;
import io.nacre.placement.candidate.Group;
import io.nacre.placement.candidate.Shortage;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.placement.provider.ProviderRemoval;
import io.nacre.placement.provider.ProviderStore;
import io.nacre.placement.trait.TraitStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Placement for the other services of this controller. */
final class PlacementPeer implements io.nacre.contracts.peer.Placement {

    /** What it reads and writes. */
    record Stores(
            ProviderStore providers,
            InventoryStore inventories,
            TraitStore traits,
            AggregateStore aggregates,
            AllocationStore allocations) {}

    private final Stores stores;
    private final Allocations allocations;
    private final Candidates search;
    private final Shortage shortage;
    private final ProviderRemoval removal;
    private final InstantSource clock;

    PlacementPeer(
            Stores stores,
            Allocations allocations,
            Candidates search,
            Shortage shortage,
            ProviderRemoval removal,
            InstantSource clock) {
        this.stores = stores;
        this.allocations = allocations;
        this.search = search;
        this.shortage = shortage;
        this.removal = removal;
        this.clock = clock;
    }

    @Override
    public void report(Tx tx, Provider wanted) {
        Instant now = clock.instant();
        var present = stores.providers().find(tx, wanted.id());
        if (present.isEmpty()) {
            stores.providers()
                    .create(
                            tx,
                            new io.nacre.placement.provider.Provider(
                                    wanted.id(), wanted.name(), 0, null, wanted.id(), now, now));
        }
        Map<String, io.nacre.placement.inventory.Inventory> known =
                stores.inventories().ofProvider(tx, wanted.id());
        Map<String, io.nacre.placement.inventory.Inventory> inventories = new TreeMap<>();
        wanted.inventories().forEach((name, have) -> inventories.put(name, inventory(have, known.get(name))));
        Set<String> traits = new TreeSet<>(
                stores.traits().ofProviders(tx, Set.of(wanted.id()), null).getOrDefault(wanted.id(), Set.of()));
        boolean sameTraits = !traits.addAll(wanted.traits());
        if (sameTraits && inventories.equals(known)) {
            return;
        }
        traits.forEach(name -> stores.traits().create(tx, new io.nacre.placement.trait.Trait(name, now)));
        stores.inventories().replace(tx, wanted.id(), inventories);
        stores.traits().setOfProvider(tx, wanted.id(), traits);
        stores.providers().advance(tx, stores.providers().require(tx, wanted.id()), now);
    }

    private static io.nacre.placement.inventory.Inventory inventory(
            Inventory wanted, io.nacre.placement.inventory.@Nullable Inventory known) {
        return new io.nacre.placement.inventory.Inventory(
                wanted.total(),
                wanted.reserved(),
                wanted.minUnit(),
                wanted.maxUnit(),
                wanted.stepSize(),
                wanted.ratioIsInitial() && known != null ? known.allocationRatio() : wanted.allocationRatio());
    }

    @Override
    public void forget(Tx tx, String providerId) {
        stores.providers().find(tx, providerId).ifPresent(provider -> removal.remove(tx, provider, clock.instant()));
    }

    @Override
    public List<Candidate> candidates(Tx tx, Query query) {
        CandidateQuery whole =
                new CandidateQuery(List.of(group(query)), false, List.of(), Set.of(), Set.of(), true, query.limit());
        List<Candidate> found = new ArrayList<>();
        search.find(tx, whole, roots -> Collections.shuffle(roots, new Random(query.hashCode())))
                .forEach(one -> found.add(new Candidate(one.rootId(), one.amounts())));
        return found;
    }

    @Override
    public String shortage(Tx tx, Query query) {
        return shortage.explain(tx, group(query));
    }

    private static Group group(Query query) {
        return new Group(
                "",
                query.resources(),
                query.required().stream().map(Set::of).toList(),
                query.forbidden(),
                query.memberOf(),
                Set.of(),
                query.inTree());
    }

    @Override
    public void claim(Tx tx, Claim claim) {
        allocations.claim(
                tx, claim.consumerId(), claim.projectId(), claim.userId(), claim.consumerType(), claim.allocations());
    }

    @Override
    public void release(Tx tx, String consumerId) {
        allocations.release(tx, consumerId);
    }

    @Override
    public Map<String, Map<String, Long>> allocations(Tx tx, String consumerId) {
        return stores.allocations().ofConsumer(tx, consumerId);
    }

    @Override
    public Map<String, Long> usage(Tx tx, String providerId) {
        return stores.inventories().used(tx, Set.of(providerId)).getOrDefault(providerId, new LinkedHashMap<>());
    }
}

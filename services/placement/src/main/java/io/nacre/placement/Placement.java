package io.nacre.placement;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.http.Microversions;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Service;
import io.nacre.placement.aggregate.AggregateApi;
import io.nacre.placement.aggregate.AggregateStore;
import io.nacre.placement.allocation.AllocationApi;
import io.nacre.placement.allocation.AllocationStore;
import io.nacre.placement.allocation.Allocations;
import io.nacre.placement.allocation.ReshaperApi;
import io.nacre.placement.allocation.UsageApi;
import io.nacre.placement.candidate.CandidateApi;
import io.nacre.placement.candidate.CandidateStore;
import io.nacre.placement.candidate.Candidates;
import io.nacre.placement.candidate.Shortage;
import io.nacre.placement.candidate.Snapshot;
import io.nacre.placement.inventory.InventoryApi;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.placement.provider.ProviderApi;
import io.nacre.placement.provider.ProviderFilter;
import io.nacre.placement.provider.ProviderRemoval;
import io.nacre.placement.provider.ProviderStore;
import io.nacre.placement.resourceclass.ResourceClassApi;
import io.nacre.placement.resourceclass.ResourceClassStore;
import io.nacre.placement.trait.TraitApi;
import io.nacre.placement.trait.TraitStore;
import io.nacre.policy.Overrides;
import io.nacre.policy.Policy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The placement service: its resources in the order of the API reference. */
public final class Placement {
    /** Where its tables are made. */
    public static final String MIGRATIONS = "db/placement";

    private static final Microversions VERSIONS = new Microversions("placement", null, 1, 0, 39);

    private final List<Route> routes = new ArrayList<>();
    private final PlacementPeer peer;

    public Placement(Transactions transactions, Ids ids, InstantSource clock) {
        TraitStore traits = new TraitStore();
        ProviderStore providers = new ProviderStore();
        InventoryStore inventories = new InventoryStore();
        ResourceClassStore classes = new ResourceClassStore();
        AggregateStore aggregates = new AggregateStore();
        AllocationStore held = new AllocationStore();
        Allocations allocations = new Allocations(held, inventories, providers, clock);
        Snapshot.Source snapshots = new Snapshot.Source(providers, inventories, traits, aggregates);
        CandidateStore trees = new CandidateStore(providers, aggregates);
        Candidates candidates = new Candidates(trees, snapshots);
        ProviderFilter.Source filters = new ProviderFilter.Source(providers, classes, traits);
        ProviderRemoval removal = new ProviderRemoval(providers, inventories, traits, aggregates, held);

        routes.add(Route.get("/").open().to(request -> versions()));
        routes.addAll(new ProviderApi(transactions, providers, filters, removal, ids, clock).routes());
        routes.addAll(new ResourceClassApi(transactions, classes, clock).routes());
        routes.addAll(new InventoryApi(transactions, inventories, providers, classes, clock).routes());
        routes.addAll(new AggregateApi(transactions, aggregates, providers, clock).routes());
        routes.addAll(new TraitApi(transactions, traits, providers, clock).routes());
        routes.addAll(new AllocationApi(transactions, held, allocations, providers, classes, clock).routes());
        routes.addAll(new UsageApi(transactions, held, inventories, providers, clock).routes());
        routes.addAll(new CandidateApi(transactions, candidates, classes, traits, clock).routes());
        routes.addAll(new ReshaperApi(transactions, allocations, inventories, providers, classes, clock).routes());

        peer = new PlacementPeer(
                new PlacementPeer.Stores(providers, inventories, traits, aggregates, held),
                allocations,
                candidates,
                new Shortage(trees, providers, inventories),
                removal,
                clock);
        transactions.run(tx -> traits.syncStandard(tx, clock.instant()));
    }

    public Service service(Overrides policyOverrides) {
        Policy policy = new Policy(
                routes.stream()
                        .flatMap(route -> route.rules().stream())
                        .distinct()
                        .toList(),
                policyOverrides);
        return new Service("placement", List.copyOf(routes), policy, new PlacementErrors(), VERSIONS, null);
    }

    public io.nacre.contracts.peer.Placement peer() {
        return peer;
    }

    private static Response versions() {
        return Response.json(
                200,
                "versions",
                List.of(Map.of(
                        "id",
                        "v1.0",
                        "max_version",
                        "1." + VERSIONS.maximum(),
                        "min_version",
                        "1." + VERSIONS.minimum(),
                        "status",
                        "CURRENT",
                        "links",
                        List.of(Map.of("rel", "self", "href", "")))));
    }
}

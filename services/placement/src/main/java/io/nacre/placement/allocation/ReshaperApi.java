package io.nacre.placement.allocation;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.placement.PlacementErrors;
import io.nacre.placement.inventory.Inventory;
import io.nacre.placement.inventory.InventoryApi;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.placement.provider.Provider;
import io.nacre.placement.provider.ProviderStore;
import io.nacre.placement.resourceclass.ResourceClassStore;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** API reference "Reshaper", since 1.30: moves inventories between providers together with what is allocated from them. */
public final class ReshaperApi {
    private static final PolicyRule RESHAPE = PolicyRule.of("placement:reshaper:reshape", "role:service");

    private final Transactions transactions;
    private final Allocations allocations;
    private final InventoryStore inventories;
    private final ProviderStore providers;
    private final ResourceClassStore classes;
    private final InstantSource clock;

    public ReshaperApi(
            Transactions transactions,
            Allocations allocations,
            InventoryStore inventories,
            ProviderStore providers,
            ResourceClassStore classes,
            InstantSource clock) {
        this.transactions = transactions;
        this.allocations = allocations;
        this.inventories = inventories;
        this.providers = providers;
        this.classes = classes;
        this.clock = clock;
    }

    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        int[] changes = {30, 34, 38, Integer.MAX_VALUE};
        for (int i = 0; i < changes.length - 1; i++) {
            Schema body = Schema.of("""
                    {"type": "object", "required": ["inventories", "allocations"], "additionalProperties": false,
                     "properties": {"allocations": %s,
                       "inventories": {"type": "object", "additionalProperties": %s}}}""".formatted(AllocationBody.any(changes[i]), InventoryApi.MANY));
            routes.add(Route.post("/reshaper")
                    .policy(RESHAPE)
                    .since(changes[i])
                    .until(changes[i + 1] - 1)
                    .body(body)
                    .to(this::reshape));
        }
        return routes;
    }

    private Response reshape(Request request) {
        Map<String, Map<String, Inventory>> wanted = new TreeMap<>();
        Map<String, Long> generations = new HashMap<>();
        request.json("inventories").properties().forEach(entry -> {
            wanted.put(
                    entry.getKey(),
                    InventoryApi.parseAll(request, entry.getValue().get("inventories")));
            generations.put(
                    entry.getKey(),
                    entry.getValue().get("resource_provider_generation").asLong());
        });
        List<Allocations.Wanted> claims = request.json("allocations").properties().stream()
                .map(entry -> AllocationBody.wanted(entry.getKey(), entry.getValue(), request.minor()))
                .toList();
        transactions.run(tx -> {
            Map<String, Provider> found = new TreeMap<>();
            wanted.keySet()
                    .forEach(id -> found.put(
                            id,
                            providers
                                    .find(tx, id)
                                    .orElseThrow(() -> Fault.of(
                                            Fault.Kind.INVALID,
                                            PlacementErrors.PROVIDER_NOT_FOUND,
                                            "Resource provider " + id + " in inventories not found."))));
            found.forEach((id, provider) -> provider.requireGeneration(generations.getOrDefault(id, -1L)));
            widen(tx, found, wanted);
            allocations.replace(tx, claims);
            wanted.forEach((id, shape) -> {
                inventories.replace(tx, id, shape);
                providers.advance(tx, providers.require(tx, id), clock.instant());
            });
        });
        return Response.empty(204);
    }

    /** First the old and the new inventories together, so that allocations can move before what they leave is gone. */
    private void widen(Tx tx, Map<String, Provider> found, Map<String, Map<String, Inventory>> wanted) {
        wanted.forEach((id, shape) -> {
            classes.requireAll(tx, shape.keySet());
            Map<String, Inventory> both = new TreeMap<>(inventories.ofProvider(tx, id));
            both.putAll(shape);
            inventories.replace(tx, id, both);
            providers.advance(tx, found.getOrDefault(id, providers.require(tx, id)), clock.instant());
        });
    }
}

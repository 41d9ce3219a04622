package io.nacre.placement.allocation;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.placement.Freshness;
import io.nacre.placement.PlacementPolicy;
import io.nacre.placement.Uuids;
import io.nacre.placement.provider.Provider;
import io.nacre.placement.provider.ProviderStore;
import io.nacre.placement.resourceclass.ResourceClassStore;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** API reference "Allocations" and "Resource provider allocations". */
public final class AllocationApi {
    private static final PolicyRule LIST = PlacementPolicy.adminOrService("placement:allocations:list");
    private static final PolicyRule MANAGE = PlacementPolicy.adminOrService("placement:allocations:manage");
    private static final PolicyRule UPDATE = PlacementPolicy.adminOrService("placement:allocations:update");
    private static final PolicyRule DELETE = PlacementPolicy.adminOrService("placement:allocations:delete");
    private static final PolicyRule OF_PROVIDER =
            PlacementPolicy.adminOrService("placement:resource_providers:allocations:list");
    private static final String CONSUMER = "/allocations/{consumer_uuid}";

    private final Transactions transactions;
    private final AllocationStore store;
    private final Allocations allocations;
    private final ProviderStore providers;
    private final ResourceClassStore classes;
    private final InstantSource clock;

    public AllocationApi(
            Transactions transactions,
            AllocationStore store,
            Allocations allocations,
            ProviderStore providers,
            ResourceClassStore classes,
            InstantSource clock) {
        this.transactions = transactions;
        this.store = store;
        this.allocations = allocations;
        this.providers = providers;
        this.classes = classes;
        this.clock = clock;
    }

    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                Route.get("/resource_providers/{uuid}/allocations")
                        .policy(OF_PROVIDER)
                        .to(this::ofProvider),
                Route.get(CONSUMER).policy(LIST).to(this::show),
                Route.delete(CONSUMER).policy(DELETE).to(this::delete),
                Route.put(CONSUMER)
                        .policy(UPDATE)
                        .until(7)
                        .body(AllocationBody.listed(false))
                        .to(this::put),
                Route.put(CONSUMER)
                        .policy(UPDATE)
                        .since(8)
                        .until(11)
                        .body(AllocationBody.listed(true))
                        .to(this::put)));
        int[] changes = {12, 28, 34, 38, Integer.MAX_VALUE};
        for (int i = 0; i < changes.length - 1; i++) {
            int since = changes[i];
            int until = changes[i + 1] - 1;
            Schema one = Schema.of(AllocationBody.mapped(since));
            Schema many = Schema.of(AllocationBody.many(since));
            routes.add(Route.put(CONSUMER)
                    .policy(UPDATE)
                    .since(since)
                    .until(until)
                    .body(one)
                    .to(this::put));
            routes.add(Route.post("/allocations")
                    .policy(MANAGE)
                    .since(Math.max(since, 13))
                    .until(until)
                    .body(many)
                    .to(this::post));
        }
        return routes;
    }

    private Response ofProvider(Request request) {
        return transactions.read(tx -> {
            Provider provider = providers.require(tx, request.param("uuid"));
            Map<String, Object> shown = new LinkedHashMap<>();
            store.ofProvider(tx, provider.id()).forEach((consumerId, amounts) -> {
                Map<String, Object> one = new LinkedHashMap<>(Map.of("resources", amounts));
                if (request.minor() >= 28) {
                    store.consumer(tx, consumerId).ifPresent(c -> one.put("consumer_generation", c.generation()));
                }
                shown.put(consumerId, one);
            });
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("allocations", shown);
            body.put("resource_provider_generation", provider.generation());
            return Freshness.of(request, Response.json(200, body), provider.updatedAt());
        });
    }

    private Response show(Request request) {
        String consumerId = request.param("consumer_uuid");
        return transactions.read(tx -> {
            Map<String, Object> shown = new LinkedHashMap<>();
            store.ofConsumer(tx, consumerId).forEach((providerId, amounts) -> {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("generation", providers.require(tx, providerId).generation());
                one.put("resources", amounts);
                shown.put(providerId, one);
            });
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("allocations", shown);
            Consumer consumer = store.consumer(tx, consumerId).orElse(null);
            if (consumer != null && !shown.isEmpty()) {
                describe(request.minor(), consumer, body);
            }
            return Freshness.of(
                    request, Response.json(200, body), consumer == null ? clock.instant() : consumer.updatedAt());
        });
    }

    private static void describe(int minor, Consumer consumer, Map<String, Object> body) {
        if (minor >= 12) {
            body.put("project_id", consumer.projectId());
            body.put("user_id", consumer.userId());
        }
        if (minor >= 28) {
            body.put("consumer_generation", consumer.generation());
        }
        if (minor >= 38) {
            body.put("consumer_type", consumer.type());
        }
    }

    private Response put(Request request) {
        String consumerId = Uuids.canonical(Uuids.require("consumer_uuid", request.param("consumer_uuid")));
        return replace(List.of(AllocationBody.wanted(consumerId, request.json(), request.minor())));
    }

    private Response post(Request request) {
        return replace(request.json().properties().stream()
                .map(entry -> AllocationBody.wanted(entry.getKey(), entry.getValue(), request.minor()))
                .toList());
    }

    private Response replace(Collection<Allocations.Wanted> wanted) {
        Set<String> named = new LinkedHashSet<>();
        wanted.forEach(one -> one.amounts().values().forEach(amounts -> named.addAll(amounts.keySet())));
        transactions.run(tx -> {
            classes.requireAll(tx, named);
            allocations.replace(tx, wanted);
        });
        return Response.empty(204);
    }

    private Response delete(Request request) {
        String consumerId = request.param("consumer_uuid");
        if (!transactions.write(tx -> allocations.release(tx, consumerId))) {
            throw Fault.notFound("No allocations for consumer '" + consumerId + "'");
        }
        return Response.empty(204);
    }
}

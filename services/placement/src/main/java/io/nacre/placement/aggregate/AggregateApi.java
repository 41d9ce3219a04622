package io.nacre.placement.aggregate;

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
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** API reference "Resource provider aggregates", since 1.1. */
public final class AggregateApi {
    private static final PolicyRule LIST =
            PlacementPolicy.adminOrService("placement:resource_providers:aggregates:list");
    private static final PolicyRule UPDATE =
            PlacementPolicy.adminOrService("placement:resource_providers:aggregates:update");

    private static final String UUIDS = """
            {"type": "array", "uniqueItems": true, "items": {"type": "string", "pattern": "%s"}}""".formatted(Uuids.PATTERN);
    private static final Schema BARE = Schema.of(UUIDS);
    private static final Schema GUARDED = Schema.of("""
            {"type": "object", "required": ["aggregates", "resource_provider_generation"],
             "additionalProperties": false, "properties": {
               "resource_provider_generation": {"type": "integer"}, "aggregates": %s}}""".formatted(UUIDS));
    private static final String PATH = "/resource_providers/{uuid}/aggregates";
    private static final int GUARDED_SINCE = 19;

    private final Transactions transactions;
    private final AggregateStore aggregates;
    private final ProviderStore providers;
    private final InstantSource clock;

    public AggregateApi(
            Transactions transactions, AggregateStore aggregates, ProviderStore providers, InstantSource clock) {
        this.transactions = transactions;
        this.aggregates = aggregates;
        this.providers = providers;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(PATH).policy(LIST).since(1).to(this::list),
                Route.put(PATH)
                        .policy(UPDATE)
                        .since(1)
                        .until(GUARDED_SINCE - 1)
                        .body(BARE)
                        .to(this::setUnguarded),
                Route.put(PATH)
                        .policy(UPDATE)
                        .since(GUARDED_SINCE)
                        .body(GUARDED)
                        .to(this::set));
    }

    private Response list(Request request) {
        return transactions.read(tx -> {
            Provider provider = providers.require(tx, request.param("uuid"));
            return show(request, provider, aggregates.ofProvider(tx, provider.id()));
        });
    }

    private Response setUnguarded(Request request) {
        List<String> wanted = uuids(request.json());
        return transactions.write(tx -> {
            Provider provider = providers.require(tx, request.param("uuid"));
            aggregates.setOfProvider(tx, provider.id(), wanted);
            return show(request, provider, wanted);
        });
    }

    private Response set(Request request) {
        List<String> wanted = uuids(request.json("aggregates"));
        long generation = request.json("resource_provider_generation").asLong();
        return transactions.write(tx -> {
            Provider provider = providers.require(tx, request.param("uuid"));
            provider.requireGeneration(generation);
            aggregates.setOfProvider(tx, provider.id(), wanted);
            return show(request, providers.advance(tx, provider, clock.instant()), wanted);
        });
    }

    private static List<String> uuids(JsonNode node) {
        List<String> found = new ArrayList<>();
        node.forEach(uuid -> found.add(uuid.asString()));
        return found;
    }

    private static Response show(Request request, Provider provider, Collection<String> found) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("aggregates", found);
        if (request.minor() >= GUARDED_SINCE) {
            body.put("resource_provider_generation", provider.generation());
        }
        return Freshness.of(request, Response.json(200, body), provider.updatedAt());
    }
}

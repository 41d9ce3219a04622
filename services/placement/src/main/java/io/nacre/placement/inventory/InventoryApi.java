package io.nacre.placement.inventory;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import io.nacre.placement.Freshness;
import io.nacre.placement.PlacementErrors;
import io.nacre.placement.PlacementPolicy;
import io.nacre.placement.provider.Provider;
import io.nacre.placement.provider.ProviderStore;
import io.nacre.placement.resourceclass.ResourceClassStore;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Resource provider inventories" and "Resource provider inventory". */
public final class InventoryApi {
    private static final PolicyRule LIST = rule("list");
    private static final PolicyRule CREATE = rule("create");
    private static final PolicyRule SHOW = rule("show");
    private static final PolicyRule UPDATE = rule("update");
    private static final PolicyRule DELETE = rule("delete");

    private static final String FIELDS = """
            "total": {"type": "integer", "minimum": 1, "maximum": 2147483647},
            "reserved": {"type": "integer", "minimum": 0, "maximum": 2147483647},
            "min_unit": {"type": "integer", "minimum": 1, "maximum": 2147483647},
            "max_unit": {"type": "integer", "minimum": 1, "maximum": 2147483647},
            "step_size": {"type": "integer", "minimum": 1, "maximum": 2147483647},
            "allocation_ratio": {"type": "number", "maximum": 3.40282e+38}""";
    /** The body of one inventory, with its class when it is new and the generation when it replaces another. */
    private static final Schema NEW = Schema.of("""
            {"type": "object", "required": ["resource_class", "total"], "additionalProperties": false, "properties": {
              "resource_class": {"type": "string", "pattern": "^[A-Z0-9_]+$"},
              "resource_provider_generation": {"type": "integer"}, %s}}""".formatted(FIELDS));

    private static final Schema ONE = Schema.of("""
            {"type": "object", "required": ["resource_provider_generation", "total"], "additionalProperties": false,
             "properties": {"resource_provider_generation": {"type": "integer"}, %s}}""".formatted(FIELDS));
    /** The shape of every inventory of a provider, also in the reshaper. */
    public static final String MANY = """
            {"type": "object", "required": ["resource_provider_generation", "inventories"],
             "additionalProperties": false, "properties": {
               "resource_provider_generation": {"type": "integer"},
               "inventories": {"type": "object", "additionalProperties": false, "patternProperties": {
                 "^[A-Z0-9_]+$": {"type": "object", "required": ["total"], "additionalProperties": false,
                                  "properties": {%s}}}}}}""".formatted(FIELDS);

    private static final View<Inventory> VIEW = new View<Inventory>()
            .field("total", Inventory::total)
            .field("reserved", Inventory::reserved)
            .field("min_unit", Inventory::minUnit)
            .field("max_unit", Inventory::maxUnit)
            .field("step_size", Inventory::stepSize)
            .field("allocation_ratio", Inventory::allocationRatio);

    private static final String ALL = "/resource_providers/{uuid}/inventories";
    private static final String SINGLE = ALL + "/{resource_class}";
    private static final int MAY_RESERVE_ALL_SINCE = 26;

    private final Transactions transactions;
    private final InventoryStore inventories;
    private final ProviderStore providers;
    private final ResourceClassStore classes;
    private final InstantSource clock;

    public InventoryApi(
            Transactions transactions,
            InventoryStore inventories,
            ProviderStore providers,
            ResourceClassStore classes,
            InstantSource clock) {
        this.transactions = transactions;
        this.inventories = inventories;
        this.providers = providers;
        this.classes = classes;
        this.clock = clock;
    }

    private static PolicyRule rule(String verb) {
        return PlacementPolicy.adminOrService("placement:resource_providers:inventories:" + verb);
    }

    public List<Route> routes() {
        return List.of(
                Route.get(ALL).policy(LIST).to(this::list),
                Route.post(ALL).policy(CREATE).body(NEW).to(this::create),
                Route.put(ALL).policy(UPDATE).body(Schema.of(MANY)).to(this::replaceAll),
                Route.delete(ALL).policy(DELETE).since(5).to(this::deleteAll),
                Route.get(SINGLE).policy(SHOW).to(this::show),
                Route.put(SINGLE).policy(UPDATE).body(ONE).to(this::replaceOne),
                Route.delete(SINGLE).policy(DELETE).to(this::deleteOne));
    }

    private Response list(Request request) {
        record Found(Provider provider, Map<String, Inventory> inventories) {}
        Found found = transactions.read(tx -> {
            Provider provider = providers.require(tx, request.param("uuid"));
            return new Found(provider, inventories.ofProvider(tx, provider.id()));
        });
        return all(request, found.provider(), found.inventories());
    }

    private Response show(Request request) {
        String resourceClass = request.param("resource_class");
        return transactions.read(tx -> {
            Provider provider = providers.require(tx, request.param("uuid"));
            Inventory inventory = inventories.ofProvider(tx, provider.id()).get(resourceClass);
            if (inventory == null) {
                throw noInventory(provider, resourceClass);
            }
            return one(request, 200, provider, inventory);
        });
    }

    private Response create(Request request) {
        String resourceClass = request.json("resource_class").asString();
        Inventory inventory = parse(request, resourceClass, request.json());
        Provider moved = change(request, null, (provider, present) -> {
            if (present.putIfAbsent(resourceClass, inventory) != null) {
                throw PlacementErrors.conflict(
                        PlacementErrors.CONCURRENT_UPDATE,
                        "Update conflict: Inventory of " + resourceClass + " already exists.");
            }
            return present;
        });
        return one(request, 201, moved, inventory)
                .header("Location", request.baseUrl() + request.path() + "/" + resourceClass);
    }

    private Response replaceAll(Request request) {
        Map<String, Inventory> wanted = parseAll(request, request.json("inventories"));
        Provider moved = change(request, generation(request), (provider, present) -> wanted);
        return all(request, moved, wanted);
    }

    private Response replaceOne(Request request) {
        String resourceClass = request.param("resource_class");
        Inventory inventory = parse(request, resourceClass, request.json());
        Provider moved = change(request, generation(request), (provider, present) -> {
            if (present.replace(resourceClass, inventory) == null) {
                throw Fault.invalid("No inventory record with resource class for resource provider " + provider.id()
                        + ": " + resourceClass);
            }
            return present;
        });
        return one(request, 200, moved, inventory);
    }

    private Response deleteAll(Request request) {
        change(request, null, (provider, present) -> Map.of());
        return Response.empty(204);
    }

    private Response deleteOne(Request request) {
        String resourceClass = request.param("resource_class");
        change(request, null, (provider, present) -> {
            if (present.remove(resourceClass) == null) {
                throw noInventory(provider, resourceClass);
            }
            return present;
        });
        return Response.empty(204);
    }

    /** Puts what the change makes of the present inventories in their place, and moves the provider's generation on. */
    private Provider change(
            Request request,
            @Nullable Long generation,
            BiFunction<Provider, Map<String, Inventory>, Map<String, Inventory>> change) {
        return transactions.write(tx -> {
            Provider provider = providers.require(tx, request.param("uuid"));
            if (generation != null) {
                provider.requireGeneration(generation);
            }
            Map<String, Inventory> wanted =
                    change.apply(provider, new TreeMap<>(inventories.ofProvider(tx, provider.id())));
            return put(tx, provider, wanted);
        });
    }

    private Provider put(Tx tx, Provider provider, Map<String, Inventory> wanted) {
        classes.requireAll(tx, wanted.keySet());
        inventories.replace(tx, provider.id(), wanted);
        return providers.advance(tx, provider, clock.instant());
    }

    private static long generation(Request request) {
        return request.json("resource_provider_generation").asLong();
    }

    /** Inventories by class from a body that has the shape {@link #MANY}. */
    public static Map<String, Inventory> parseAll(Request request, JsonNode node) {
        Map<String, Inventory> wanted = new TreeMap<>();
        node.properties()
                .forEach(entry -> wanted.put(entry.getKey(), parse(request, entry.getKey(), entry.getValue())));
        return wanted;
    }

    private static Inventory parse(Request request, String resourceClass, JsonNode node) {
        Inventory inventory = new Inventory(
                node.get("total").asLong(),
                number(node, "reserved", 0),
                number(node, "min_unit", 1),
                number(node, "max_unit", Integer.MAX_VALUE),
                number(node, "step_size", 1),
                node.has("allocation_ratio") ? node.get("allocation_ratio").asDouble() : 1.0);
        inventory.check(
                request.path().contains("/resource_providers/") ? request.param("uuid") : "",
                resourceClass,
                request.minor() >= MAY_RESERVE_ALL_SINCE);
        return inventory;
    }

    private static long number(JsonNode node, String field, long otherwise) {
        return node.has(field) ? node.get(field).asLong() : otherwise;
    }

    private static RuntimeException noInventory(Provider provider, String resourceClass) {
        return Fault.notFound("No inventory of class " + resourceClass + " for " + provider.id());
    }

    private static Response all(Request request, Provider provider, Map<String, Inventory> found) {
        Map<String, Object> shown = new LinkedHashMap<>();
        found.forEach((resourceClass, inventory) -> shown.put(resourceClass, VIEW.show(inventory)));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("resource_provider_generation", provider.generation());
        body.put("inventories", shown);
        return Freshness.of(request, Response.json(200, body), provider.updatedAt());
    }

    private static Response one(Request request, int status, Provider provider, Inventory inventory) {
        Map<String, @Nullable Object> body = VIEW.show(inventory);
        body.put("resource_provider_generation", provider.generation());
        return Freshness.of(request, Response.json(status, body), provider.updatedAt());
    }
}

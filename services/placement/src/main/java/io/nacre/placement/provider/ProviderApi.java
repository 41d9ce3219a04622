package io.nacre.placement.provider;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import io.nacre.placement.Freshness;
import io.nacre.placement.PlacementPolicy;
import io.nacre.placement.Uuids;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Resource providers" and "Resource provider". */
public final class ProviderApi {
    private static final PolicyRule LIST = rule("list");
    private static final PolicyRule CREATE = rule("create");
    private static final PolicyRule SHOW = rule("show");
    private static final PolicyRule UPDATE = rule("update");
    private static final PolicyRule DELETE = rule("delete");

    private static final String UUID = "\"pattern\": \"" + Uuids.PATTERN + "\"";
    private static final String NAME = "\"name\": {\"type\": \"string\", \"minLength\": 1, \"maxLength\": 200}";
    private static final String PARENT = "\"parent_provider_uuid\": {\"type\": [\"string\", \"null\"], " + UUID + "}";

    private static final View<Provider> VIEW = new View<Provider>()
            .field("uuid", Provider::id)
            .field("name", Provider::name)
            .field("generation", Provider::generation)
            .field("parent_provider_uuid", 14, Provider::parentId)
            .field("root_provider_uuid", 14, Provider::rootId);
    private static final int BODY_SINCE = 20;
    private static final int REPARENT_SINCE = 37;
    private static final String PATH = "/resource_providers/{uuid}";

    private final Transactions transactions;
    private final ProviderStore providers;
    private final ProviderFilter.Source filters;
    private final ProviderRemoval removal;
    private final Ids ids;
    private final InstantSource clock;

    public ProviderApi(
            Transactions transactions,
            ProviderStore providers,
            ProviderFilter.Source filters,
            ProviderRemoval removal,
            Ids ids,
            InstantSource clock) {
        this.transactions = transactions;
        this.providers = providers;
        this.filters = filters;
        this.removal = removal;
        this.ids = ids;
        this.clock = clock;
    }

    private static PolicyRule rule(String verb) {
        return PlacementPolicy.adminOrService("placement:resource_providers:" + verb);
    }

    private static Schema schema(boolean creating, boolean nested) {
        return Schema.of("""
                {"type": "object", "required": ["name"], "additionalProperties": false, "properties": {%s%s%s}}""".formatted(
                NAME, creating ? ", \"uuid\": {\"type\": \"string\", " + UUID + "}" : "", nested ? ", " + PARENT : ""));
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/resource_providers").policy(LIST).to(this::list),
                Route.post("/resource_providers")
                        .policy(CREATE)
                        .until(13)
                        .body(schema(true, false))
                        .to(this::create),
                Route.post("/resource_providers")
                        .policy(CREATE)
                        .since(14)
                        .body(schema(true, true))
                        .to(this::create),
                Route.get(PATH).policy(SHOW).to(this::show),
                Route.put(PATH)
                        .policy(UPDATE)
                        .until(13)
                        .body(schema(false, false))
                        .to(this::update),
                Route.put(PATH)
                        .policy(UPDATE)
                        .since(14)
                        .body(schema(false, true))
                        .to(this::update),
                Route.delete(PATH).policy(DELETE).to(this::delete));
    }

    private Response list(Request request) {
        ProviderFilter filter = ProviderFilter.parse(request.query(), request.minor());
        List<Provider> found = transactions.read(tx -> filters.apply(tx, filter));
        Instant newest =
                found.stream().map(Provider::updatedAt).max(Instant::compareTo).orElseGet(clock::instant);
        List<Map<String, Object>> shown =
                found.stream().map(provider -> view(provider, request.minor())).toList();
        return Freshness.of(request, Response.json(200, "resource_providers", shown), newest);
    }

    private Response show(Request request) {
        Provider provider = transactions.read(tx -> providers.require(tx, request.param("uuid")));
        return shown(request, provider);
    }

    private Response create(Request request) {
        JsonNode body = request.json();
        String id = body.has("uuid") ? Uuids.canonical(body.get("uuid").asString()) : ids.uuid();
        String parentId = parent(body);
        if (id.equals(parentId)) {
            throw Fault.invalid("parent provider UUID cannot be same as UUID. Unable to create resource provider \""
                    + body.get("name").asString() + "\", " + id + ".");
        }
        Instant now = clock.instant();
        Provider provider = transactions.write(tx -> {
            String rootId = id;
            if (parentId != null) {
                rootId = requireParent(tx, parentId).rootId();
                providers.touchTree(tx, rootId, now);
            }
            Provider made = new Provider(id, body.get("name").asString(), 0, parentId, rootId, now, now);
            providers.create(tx, made);
            return made;
        });
        String location = request.baseUrl() + "/resource_providers/" + id;
        if (request.minor() >= BODY_SINCE) {
            return shown(request, provider).header("Location", location);
        }
        return Freshness.of(request, Response.empty(201).header("Location", location), now);
    }

    private Response update(Request request) {
        JsonNode body = request.json();
        Provider updated = transactions.write(tx -> {
            Provider before = providers.require(tx, request.param("uuid"));
            String parentId = body.has("parent_provider_uuid") ? parent(body) : before.parentId();
            String rootId =
                    parentId == null ? before.id() : requireParent(tx, parentId).rootId();
            checkMove(tx, before, parentId, rootId, request.minor());
            providers.update(tx, before, body.get("name").asString(), parentId, rootId, clock.instant());
            return providers.require(tx, before.id());
        });
        return shown(request, updated);
    }

    /** Before 1.37 a provider may be given a parent once; a provider never moves below itself. */
    private void checkMove(Tx tx, Provider before, @Nullable String parentId, String rootId, int minor) {
        boolean moves = before.parentId() == null
                ? parentId != null
                : !before.parentId().equals(parentId);
        if (!moves) {
            return;
        }
        providers.touchTree(tx, rootId, clock.instant());
        if (!rootId.equals(before.rootId()) && !before.id().equals(before.rootId())) {
            providers.touchTree(tx, before.rootId(), clock.instant());
        }
        if (before.parentId() != null && minor < REPARENT_SINCE) {
            throw Fault.invalid("Unable to save resource provider " + before.id()
                    + ": re-parenting a provider is not currently allowed.");
        }
        if (rootId.equals(before.rootId())) {
            Set<String> seen = new HashSet<>();
            for (String at = parentId;
                    at != null && seen.add(at);
                    at = providers.require(tx, at).parentId()) {
                if (at.equals(before.id())) {
                    throw Fault.invalid("Unable to save resource provider " + before.id()
                            + ": creating loop in the provider tree is not allowed.");
                }
            }
        }
    }

    private Response delete(Request request) {
        transactions.run(tx -> removal.remove(tx, providers.require(tx, request.param("uuid")), clock.instant()));
        return Response.empty(204);
    }

    private Provider requireParent(Tx tx, String parentId) {
        return providers
                .find(tx, parentId)
                .orElseThrow(() -> Fault.invalid("parent provider UUID does not exist: " + parentId + "."));
    }

    private static @Nullable String parent(JsonNode body) {
        JsonNode node = body.get("parent_provider_uuid");
        return node == null || node.isNull() ? null : node.asString();
    }

    private static Response shown(Request request, Provider provider) {
        return Freshness.of(request, Response.json(200, view(provider, request.minor())), provider.updatedAt());
    }

    private static Map<String, Object> view(Provider provider, int minor) {
        @SuppressWarnings("NullAway") // JSON has null.
        Map<String, Object> shown = new LinkedHashMap<>(VIEW.show(provider, minor));
        shown.put("links", links(provider.id(), minor));
        return shown;
    }

    private static List<Map<String, String>> links(String id, int minor) {
        String self = "/resource_providers/" + id;
        List<Map<String, String>> links = new ArrayList<>();
        links.add(Map.of("rel", "self", "href", self));
        links.add(Map.of("rel", "inventories", "href", self + "/inventories"));
        links.add(Map.of("rel", "usages", "href", self + "/usages"));
        if (minor >= 1) {
            links.add(Map.of("rel", "aggregates", "href", self + "/aggregates"));
        }
        if (minor >= 6) {
            links.add(Map.of("rel", "traits", "href", self + "/traits"));
        }
        if (minor >= 11) {
            links.add(Map.of("rel", "allocations", "href", self + "/allocations"));
        }
        return links;
    }
}

package io.nacre.keystone.endpoint;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import io.nacre.keystone.KeystoneView;
import io.nacre.keystone.region.Region;
import io.nacre.keystone.region.RegionStore;
import io.nacre.keystone.service.ServiceStore;
import io.nacre.policy.Personas;
import io.nacre.policy.PolicyRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Service catalog and endpoints", its endpoints. */
public final class EndpointApi {
    private static final String READER = "role:admin or (role:reader and system_scope:all)";
    private static final PolicyRule GET =
            PolicyRule.anyScope("identity:get_endpoint", READER, "Show endpoint details.");
    private static final PolicyRule LIST = PolicyRule.anyScope("identity:list_endpoints", READER, "List endpoints.");
    private static final PolicyRule CREATE =
            PolicyRule.anyScope("identity:create_endpoint", Personas.ADMIN, "Create endpoint.");
    private static final PolicyRule UPDATE =
            PolicyRule.anyScope("identity:update_endpoint", Personas.ADMIN, "Update endpoint.");
    private static final PolicyRule DELETE =
            PolicyRule.anyScope("identity:delete_endpoint", Personas.ADMIN, "Delete endpoint.");

    private static final String PROPERTIES = """
            "interface": {"type": "string", "enum": ["admin", "internal", "public"]},
            "service_id": {"type": "string", "minLength": 1, "maxLength": 64},
            "region_id": {"type": ["string", "null"], "maxLength": 255},
            "region": {"type": ["string", "null"], "maxLength": 255},
            "url": {"type": "string", "minLength": 1, "maxLength": 2048},
            "enabled": {"type": "boolean"}""";
    private static final Schema NEW = Schema.of("""
            {"type": "object", "required": ["endpoint"], "properties": {"endpoint": {"type": "object",
              "required": ["interface", "service_id", "url"], "properties": {%s}}}}""".formatted(PROPERTIES));
    private static final Schema CHANGE = Schema.of("""
            {"type": "object", "required": ["endpoint"], "properties": {"endpoint": {"type": "object",
              "minProperties": 1, "properties": {%s}}}}""".formatted(PROPERTIES));
    private static final Set<String> KNOWN =
            Set.of("id", "interface", "service_id", "region_id", "region", "url", "enabled", "links");
    private static final View<Endpoint> VIEW = new View<Endpoint>()
            .field("id", Endpoint::id)
            .field("interface", Endpoint::face)
            .field("region", Endpoint::regionId)
            .field("region_id", Endpoint::regionId)
            .field("service_id", Endpoint::serviceId)
            .field("url", Endpoint::url)
            .field("enabled", Endpoint::enabled);
    private static final String ONE = "/v3/endpoints/{endpoint_id}";

    private final Transactions transactions;
    private final EndpointStore endpoints;
    private final ServiceStore services;
    private final RegionStore regions;
    private final Ids ids;

    public EndpointApi(
            Transactions transactions, EndpointStore endpoints, ServiceStore services, RegionStore regions, Ids ids) {
        this.transactions = transactions;
        this.endpoints = endpoints;
        this.services = services;
        this.regions = regions;
        this.ids = ids;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/endpoints").policy(LIST).to(this::list),
                Route.post("/v3/endpoints").policy(CREATE).body(NEW).to(this::create),
                Route.get(ONE).policy(GET).to(this::show),
                Route.patch(ONE).policy(UPDATE).body(CHANGE).to(this::update),
                Route.delete(ONE).policy(DELETE).to(this::delete));
    }

    private Response list(Request request) {
        EndpointStore.Filter filter = new EndpointStore.Filter(
                request.query().get("interface"),
                request.query().get("service_id"),
                request.query().get("region_id"));
        List<Endpoint> found = transactions.read(tx -> endpoints.list(tx, filter));
        return KeystoneView.list(
                request,
                "endpoints",
                found.stream().map(endpoint -> view(request, endpoint)).toList());
    }

    private Response show(Request request) {
        Endpoint endpoint = transactions.read(tx -> endpoints.require(tx, request.param("endpoint_id")));
        return Response.json(200, "endpoint", view(request, endpoint));
    }

    private Response create(Request request) {
        JsonNode body = request.json("endpoint");
        Endpoint endpoint = new Endpoint(
                ids.hex(),
                body.get("service_id").asString(),
                region(body, null),
                body.get("interface").asString(),
                body.get("url").asString(),
                KeystoneView.bool(body, "enabled", true),
                KeystoneView.extra(body, KNOWN));
        transactions.run(tx -> {
            requireReferences(tx, endpoint, body.has("region"));
            endpoints.insert(tx, endpoint);
        });
        return Response.json(201, "endpoint", view(request, endpoint));
    }

    private Response update(Request request) {
        JsonNode body = request.json("endpoint");
        Endpoint updated = transactions.write(tx -> {
            Endpoint before = endpoints.require(tx, request.param("endpoint_id"));
            Endpoint after = new Endpoint(
                    before.id(),
                    Objects.requireNonNull(KeystoneView.text(body, "service_id", before.serviceId())),
                    region(body, before.regionId()),
                    Objects.requireNonNull(KeystoneView.text(body, "interface", before.face())),
                    Objects.requireNonNull(KeystoneView.text(body, "url", before.url())),
                    KeystoneView.bool(body, "enabled", before.enabled()),
                    KeystoneView.merged(before.extra(), KeystoneView.extra(body, KNOWN)));
            requireReferences(tx, after, body.has("region"));
            endpoints.update(tx, after);
            return after;
        });
        return Response.json(200, "endpoint", view(request, updated));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Endpoint endpoint = endpoints.require(tx, request.param("endpoint_id"));
            endpoints.delete(tx, endpoint.id());
        });
        return Response.empty(204);
    }

    private static @Nullable String region(JsonNode body, @Nullable String otherwise) {
        return KeystoneView.text(body, "region_id", KeystoneView.text(body, "region", otherwise));
    }

    /** A region under its old name {@code region} is made when it is not there, as it was before regions were entities. */
    private void requireReferences(Tx tx, Endpoint endpoint, boolean mayMakeRegion) {
        if (services.find(tx, endpoint.serviceId()).isEmpty()) {
            throw Fault.invalid("Could not find service: " + endpoint.serviceId() + ".");
        }
        String regionId = endpoint.regionId();
        if (regionId != null && regions.find(tx, regionId).isEmpty()) {
            if (!mayMakeRegion) {
                throw Fault.invalid("Could not find region: " + regionId + ".");
            }
            regions.insert(tx, new Region(regionId, "", null, Json.object()));
        }
    }

    private static Map<String, @Nullable Object> view(Request request, Endpoint endpoint) {
        return KeystoneView.entity(
                request, "endpoints", endpoint.id(), KeystoneView.withExtra(VIEW.show(endpoint), endpoint.extra()));
    }
}

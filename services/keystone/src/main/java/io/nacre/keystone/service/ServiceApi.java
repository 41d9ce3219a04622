package io.nacre.keystone.service;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import io.nacre.keystone.KeystoneView;
import io.nacre.keystone.endpoint.EndpointStore;
import io.nacre.policy.Personas;
import io.nacre.policy.PolicyRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Service catalog and endpoints", its services. */
public final class ServiceApi {
    private static final String READER = "role:admin or (role:reader and system_scope:all)";
    private static final PolicyRule GET = rule("identity:get_service", READER, "Show service details.");
    private static final PolicyRule LIST = rule("identity:list_services", READER, "List services.");
    private static final PolicyRule CREATE = rule("identity:create_service", Personas.ADMIN, "Create service.");
    private static final PolicyRule UPDATE = rule("identity:update_service", Personas.ADMIN, "Update service.");
    private static final PolicyRule DELETE = rule("identity:delete_service", Personas.ADMIN, "Delete service.");

    private static final String PROPERTIES = """
            "type": {"type": "string", "minLength": 1, "maxLength": 255},
            "name": {"type": ["string", "null"], "maxLength": 255},
            "description": {"type": ["string", "null"]},
            "enabled": {"type": "boolean"}""";
    private static final Schema NEW = Schema.of("""
            {"type": "object", "required": ["service"], "properties": {"service":
              {"type": "object", "required": ["type"], "properties": {%s}}}}""".formatted(PROPERTIES));
    private static final Schema CHANGE = Schema.of("""
            {"type": "object", "required": ["service"], "properties": {"service":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}""".formatted(PROPERTIES));
    private static final Set<String> KNOWN = Set.of("id", "type", "name", "description", "enabled", "links");
    private static final View<CatalogService> VIEW = new View<CatalogService>()
            .field("id", CatalogService::id)
            .field("type", CatalogService::type)
            .field("enabled", CatalogService::enabled);
    private static final String ONE = "/v3/services/{service_id}";

    private final Transactions transactions;
    private final ServiceStore services;
    private final EndpointStore endpoints;
    private final Ids ids;

    public ServiceApi(Transactions transactions, ServiceStore services, EndpointStore endpoints, Ids ids) {
        this.transactions = transactions;
        this.services = services;
        this.endpoints = endpoints;
        this.ids = ids;
    }

    private static PolicyRule rule(String name, String check, String description) {
        return PolicyRule.anyScope(name, check, description);
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/services").policy(LIST).to(this::list),
                Route.post("/v3/services").policy(CREATE).body(NEW).to(this::create),
                Route.get(ONE).policy(GET).to(this::show),
                Route.patch(ONE).policy(UPDATE).body(CHANGE).to(this::update),
                Route.delete(ONE).policy(DELETE).to(this::delete));
    }

    private Response list(Request request) {
        List<CatalogService> found = transactions.read(tx ->
                services.list(tx, request.query().get("type"), request.query().get("name")));
        return KeystoneView.list(
                request,
                "services",
                found.stream().map(service -> view(request, service)).toList());
    }

    private Response show(Request request) {
        CatalogService service = transactions.read(tx -> services.require(tx, request.param("service_id")));
        return Response.json(200, "service", view(request, service));
    }

    private Response create(Request request) {
        JsonNode body = request.json("service");
        CatalogService service = new CatalogService(
                ids.hex(),
                body.get("type").asString(),
                KeystoneView.text(body, "name", null),
                KeystoneView.text(body, "description", null),
                KeystoneView.bool(body, "enabled", true),
                KeystoneView.extra(body, KNOWN));
        transactions.run(tx -> services.insert(tx, service));
        return Response.json(201, "service", view(request, service));
    }

    private Response update(Request request) {
        JsonNode body = request.json("service");
        CatalogService updated = transactions.write(tx -> {
            CatalogService before = services.require(tx, request.param("service_id"));
            CatalogService after = new CatalogService(
                    before.id(),
                    Objects.requireNonNull(KeystoneView.text(body, "type", before.type())),
                    KeystoneView.text(body, "name", before.name()),
                    KeystoneView.text(body, "description", before.description()),
                    KeystoneView.bool(body, "enabled", before.enabled()),
                    KeystoneView.merged(before.extra(), KeystoneView.extra(body, KNOWN)));
            services.update(tx, after);
            return after;
        });
        return Response.json(200, "service", view(request, updated));
    }

    /** Its endpoints go with it. */
    private Response delete(Request request) {
        transactions.run(tx -> {
            CatalogService service = services.require(tx, request.param("service_id"));
            endpoints.deleteOfService(tx, service.id());
            services.delete(tx, service.id());
        });
        return Response.empty(204);
    }

    private static Map<String, @Nullable Object> view(Request request, CatalogService service) {
        Map<String, @Nullable Object> fields = VIEW.show(service);
        if (service.name() != null) {
            fields.put("name", service.name());
        }
        if (service.description() != null) {
            fields.put("description", service.description());
        }
        return KeystoneView.entity(request, "services", service.id(), KeystoneView.withExtra(fields, service.extra()));
    }
}

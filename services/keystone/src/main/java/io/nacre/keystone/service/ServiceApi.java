package io.nacre.keystone.service;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.CatalogRemovals;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Listings;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** API reference "Service catalog and endpoints", services. */
public final class ServiceApi {
    private static final PolicyRule LIST = KeystonePolicy.cloud("list_services", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_service", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_service", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_service", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_service", ADMIN);

    private static final String PROPERTIES = """
            "type": {"type": "string", "minLength": 1, "maxLength": 255},
            "name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "\\\\S"},
            "enabled": {"type": "boolean"}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["service"], "properties": {"service":
              {"type": "object", "required": ["type"], "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["service"], "properties": {"service":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Set<String> KNOWN = Set.of("id", "type", "name", "enabled", "links");

    private final Transactions transactions;
    private final Listings listings;
    private final ServiceStore services;
    private final CatalogRemovals removals;
    private final Revocations revocations;
    private final Ids ids;

    public ServiceApi(
            Transactions transactions,
            Listings listings,
            ServiceStore services,
            CatalogRemovals removals,
            Revocations revocations,
            Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.services = services;
        this.removals = removals;
        this.revocations = revocations;
        this.ids = ids;
    }

    public List<Route> routes() {
        String one = "/v3/services/{service_id}";
        return List.of(
                Route.get("/v3/services").policy(LIST).to(this::list),
                Route.post("/v3/services").policy(CREATE).body(CREATE_BODY).to(this::create),
                Route.get(one).policy(GET).to(this::show),
                Route.patch(one).policy(UPDATE).body(UPDATE_BODY).to(this::update),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private static Map<String, @Nullable Object> show(Request request, CatalogService service) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(service.extra());
        shown.put("id", service.id());
        shown.put("type", service.type());
        shown.put("name", service.name() == null ? "" : service.name());
        shown.put("enabled", service.enabled());
        return Envelope.linked(request, shown, "/services/" + service.id());
    }

    private Response list(Request request) {
        List<Filter> filters = Filter.of(request.query(), "type", "name");
        return listings.collection(
                request,
                "services",
                most -> transactions.read(tx -> services.list(tx, filters, most)),
                ServiceApi::show);
    }

    private Response show(Request request) {
        CatalogService service = transactions.read(tx -> services.require(tx, request.param("service_id")));
        return Envelope.member(200, "service", show(request, service));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "service");
        CatalogService service = new CatalogService(
                ids.hex(),
                fields.required("type"),
                fields.text("name"),
                fields.flag("enabled", true),
                fields.extra(KNOWN, Map.of()));
        transactions.run(tx -> {
            services.create(tx, service);
            revocations.changed(tx);
        });
        return Envelope.member(201, "service", show(request, service));
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "service");
        String id = request.param("service_id");
        fields.requireId(id);
        CatalogService changed = transactions.write(tx -> {
            CatalogService present = services.require(tx, id);
            String type = fields.text("type");
            CatalogService next = new CatalogService(
                    id,
                    type == null ? present.type() : type,
                    fields.text("name", present.name()),
                    fields.flag("enabled", present.enabled()),
                    fields.extra(KNOWN, present.extra()));
            services.update(tx, next);
            revocations.changed(tx);
            return next;
        });
        return Envelope.member(200, "service", show(request, changed));
    }

    private Response delete(Request request) {
        transactions.run(tx -> removals.service(tx, services.require(tx, request.param("service_id"))));
        return Response.empty(204);
    }
}

package io.nacre.keystone.endpoint;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
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
import io.nacre.keystone.region.Region;
import io.nacre.keystone.region.RegionStore;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.service.ServiceStore;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** API reference "Service catalog and endpoints", endpoints. */
public final class EndpointApi {
    private static final PolicyRule LIST = KeystonePolicy.cloud("list_endpoints", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_endpoint", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_endpoint", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_endpoint", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_endpoint", ADMIN);

    private static final String PROPERTIES = """
            "interface": {"type": "string", "enum": ["admin", "internal", "public"]},
            "region_id": {"type": "string"},
            "region": {"type": "string"},
            "service_id": {"type": "string"},
            "url": {"type": "string", "maxLength": 225, "pattern": "^[a-zA-Z0-9+.-]+:.+"},
            "enabled": {"type": "boolean"}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["endpoint"], "properties": {"endpoint":
              {"type": "object", "required": ["interface", "service_id", "url"], "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["endpoint"], "properties": {"endpoint":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Set<String> KNOWN =
            Set.of("id", "interface", "region_id", "region", "service_id", "url", "enabled", "links");

    private final Transactions transactions;
    private final Listings listings;
    private final EndpointStore endpoints;
    private final ServiceStore services;
    private final RegionStore regions;
    private final Revocations revocations;
    private final CatalogRemovals removals;
    private final Ids ids;

    public EndpointApi(
            Transactions transactions,
            Listings listings,
            EndpointStore endpoints,
            ServiceStore services,
            RegionStore regions,
            Revocations revocations,
            CatalogRemovals removals,
            Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.endpoints = endpoints;
        this.services = services;
        this.regions = regions;
        this.revocations = revocations;
        this.removals = removals;
        this.ids = ids;
    }

    public List<Route> routes() {
        String one = "/v3/endpoints/{endpoint_id}";
        return List.of(
                Route.get("/v3/endpoints").policy(LIST).to(this::list),
                Route.post("/v3/endpoints").policy(CREATE).body(CREATE_BODY).to(this::create),
                Route.get(one).policy(GET, this::existing).to(this::show),
                Route.patch(one)
                        .policy(UPDATE, this::existing)
                        .body(UPDATE_BODY)
                        .to(this::update),
                Route.delete(one).policy(DELETE, this::existing).to(this::delete));
    }

    /** Here what does not exist is 404 for everybody, as in the original. */
    private Map<String, @Nullable Object> existing(Request request) {
        transactions.read(tx -> endpoints.require(tx, request.param("endpoint_id")));
        return Map.of();
    }

    public static Map<String, @Nullable Object> show(Request request, Endpoint endpoint) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(endpoint.extra());
        shown.put("id", endpoint.id());
        shown.put("interface", endpoint.access());
        shown.put("region", endpoint.regionId());
        shown.put("region_id", endpoint.regionId());
        shown.put("service_id", endpoint.serviceId());
        shown.put("url", endpoint.url());
        shown.put("enabled", endpoint.enabled());
        return Envelope.linked(request, shown, "/endpoints/" + endpoint.id());
    }

    private Response list(Request request) {
        List<Filter> filters = Filter.of(request.query(), "interface", "service_id", "region_id");
        return listings.collection(
                request,
                "endpoints",
                most -> transactions.read(tx -> endpoints.list(tx, filters, most)),
                EndpointApi::show);
    }

    private Response show(Request request) {
        Endpoint endpoint = transactions.read(tx -> endpoints.require(tx, request.param("endpoint_id")));
        return Envelope.member(200, "endpoint", show(request, endpoint));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "endpoint");
        UrlTemplate.requireValid(fields.required("url"));
        Endpoint endpoint = transactions.write(tx -> {
            requireService(tx, fields.required("service_id"));
            Endpoint made = new Endpoint(
                    ids.hex(),
                    fields.required("service_id"),
                    fields.required("interface"),
                    region(tx, fields, null),
                    fields.required("url"),
                    fields.flag("enabled", true),
                    fields.extra(KNOWN, Map.of()));
            endpoints.create(tx, made);
            revocations.changed(tx);
            return made;
        });
        return Envelope.member(201, "endpoint", show(request, endpoint));
    }

    private static RuntimeException missing(String type) {
        return Fault.invalid(
                "Expecting to find endpoint " + type + "_id in " + type + " table. The server could not comply"
                        + " with the request since it is either malformed or otherwise incorrect. The client is assumed to be in"
                        + " error.");
    }

    private void requireService(Tx tx, String id) {
        if (services.find(tx, id).isEmpty()) {
            throw missing("service");
        }
    }

    /** {@code region_id} must exist; {@code region}, the older name, makes the region when there is none. */
    private @Nullable String region(Tx tx, Fields fields, @Nullable String present) {
        if (fields.has("region_id")) {
            String id = fields.text("region_id");
            if (id != null && regions.find(tx, id).isEmpty()) {
                throw missing("region");
            }
            return id;
        }
        String name = fields.text("region");
        if (name == null) {
            return present;
        }
        if (regions.find(tx, name).isEmpty()) {
            regions.create(tx, new Region(name, null, "", Map.of()));
        }
        return name;
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "endpoint");
        String id = request.param("endpoint_id");
        fields.requireId(id);
        String url = fields.text("url");
        if (url != null) {
            UrlTemplate.requireValid(url);
        }
        Endpoint changed = transactions.write(tx -> {
            Endpoint present = endpoints.require(tx, id);
            String serviceId = fields.text("service_id");
            String access = fields.text("interface");
            if (serviceId != null) {
                requireService(tx, serviceId);
            }
            Endpoint next = new Endpoint(
                    id,
                    serviceId == null ? present.serviceId() : serviceId,
                    access == null ? present.access() : access,
                    region(tx, fields, present.regionId()),
                    url == null ? present.url() : url,
                    fields.flag("enabled", present.enabled()),
                    fields.extra(KNOWN, present.extra()));
            endpoints.update(tx, next);
            revocations.changed(tx);
            return next;
        });
        return Envelope.member(200, "endpoint", show(request, changed));
    }

    private Response delete(Request request) {
        transactions.run(tx -> removals.endpoint(tx, endpoints.require(tx, request.param("endpoint_id"))));
        return Response.empty(204);
    }
}

package io.nacre.keystone.region;

import static io.nacre.keystone.KeystonePolicy.ADMIN;

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
import io.nacre.keystone.endpoint.EndpointStore;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Listings;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** API reference "Regions". */
public final class RegionApi {
    private static final PolicyRule LIST = KeystonePolicy.domain("list_regions", "");
    private static final PolicyRule GET = KeystonePolicy.domain("get_region", "");
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_region", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_region", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_region", ADMIN);

    private static final String BODY_OF = """
            {"type": "object", "required": ["region"], "properties": {"region":
              {"type": "object", "minProperties": %d, "properties": {
                "id": {"type": "string", "maxLength": 255},
                "description": {"type": ["string", "null"]},
                "parent_region_id": {"type": ["string", "null"], "maxLength": 255}}}}}
            """;
    private static final Schema BODY = Schema.of(BODY_OF.formatted(0));
    private static final Schema UPDATE_BODY = Schema.of(BODY_OF.formatted(1));
    private static final Set<String> KNOWN = Set.of("id", "description", "parent_region_id", "links");

    private final Transactions transactions;
    private final Listings listings;
    private final RegionStore regions;
    private final EndpointStore endpoints;
    private final CatalogRemovals removals;
    private final Ids ids;

    public RegionApi(
            Transactions transactions,
            Listings listings,
            RegionStore regions,
            EndpointStore endpoints,
            CatalogRemovals removals,
            Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.regions = regions;
        this.endpoints = endpoints;
        this.removals = removals;
        this.ids = ids;
    }

    public List<Route> routes() {
        String one = "/v3/regions/{region_id}";
        return List.of(
                Route.get("/v3/regions").policy(LIST).to(this::list),
                Route.post("/v3/regions").policy(CREATE).body(BODY).to(this::create),
                Route.get(one).policy(GET).to(this::show),
                Route.put(one).policy(CREATE).body(BODY).to(this::createNamed),
                Route.patch(one).policy(UPDATE).body(UPDATE_BODY).to(this::update),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private static Map<String, @Nullable Object> show(Request request, Region region) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(region.extra());
        shown.put("id", region.id());
        shown.put("description", region.description());
        shown.put("parent_region_id", region.parentId());
        return Envelope.linked(request, shown, "/regions/" + region.id());
    }

    private Response list(Request request) {
        List<Filter> filters = Filter.of(request.query(), "parent_region_id");
        return listings.collection(
                request, "regions", most -> transactions.read(tx -> regions.list(tx, filters, most)), RegionApi::show);
    }

    private Response show(Request request) {
        Region region = transactions.read(tx -> regions.require(tx, request.param("region_id")));
        return Envelope.member(200, "region", show(request, region));
    }

    private Response create(Request request) {
        String id = Fields.of(request, "region").text("id");
        return create(request, id == null || id.isEmpty() ? ids.hex() : id);
    }

    private Response createNamed(Request request) {
        String id = request.param("region_id");
        String sent = Fields.of(request, "region").text("id");
        if (sent != null && !sent.isEmpty() && !sent.equals(id)) {
            throw Fault.invalid("Conflicting region IDs specified: \"" + id + "\" != \"" + sent + "\"");
        }
        return create(request, id);
    }

    private Response create(Request request, String id) {
        Fields fields = Fields.of(request, "region");
        String description = fields.text("description");
        Region region = new Region(
                id,
                fields.text("parent_region_id"),
                description == null ? "" : description,
                fields.extra(KNOWN, Map.of()));
        transactions.run(tx -> {
            if (regions.find(tx, id).isPresent()) {
                throw Fault.conflict("Conflict occurred attempting to store region - Duplicate ID, " + id + "..");
            }
            requireParent(tx, region);
            regions.create(tx, region);
        });
        return Envelope.member(201, "region", show(request, region));
    }

    private void requireParent(Tx tx, Region region) {
        String parent = region.parentId();
        while (parent != null) {
            if (parent.equals(region.id())) {
                throw Fault.invalid(
                        "The specified parent region " + region.id() + " would create a circular region hierarchy.");
            }
            parent = regions.require(tx, parent).parentId();
        }
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "region");
        String id = request.param("region_id");
        fields.requireId(id);
        Region changed = transactions.write(tx -> {
            Region present = regions.require(tx, id);
            String description = fields.text("description", present.description());
            Region next = new Region(
                    id,
                    fields.text("parent_region_id", present.parentId()),
                    description == null ? "" : description,
                    fields.extra(KNOWN, present.extra()));
            requireParent(tx, next);
            regions.update(tx, next);
            return next;
        });
        return Envelope.member(200, "region", show(request, changed));
    }

    /** With the regions below it, unless an endpoint is in one of them. */
    private Response delete(Request request) {
        transactions.run(tx -> {
            Region region = regions.require(tx, request.param("region_id"));
            List<Region> doomed = new ArrayList<>(List.of(region));
            for (int i = 0; i < doomed.size(); i++) {
                doomed.addAll(regions.children(tx, doomed.get(i).id()));
            }
            if (endpoints.isAnyIn(tx, doomed.stream().map(Region::id).toList())) {
                throw Fault.forbidden("Unable to delete region " + region.id()
                        + " because it or its child regions have associated endpoints.");
            }
            doomed.forEach(each -> removals.region(tx, each));
        });
        return Response.empty(204);
    }
}

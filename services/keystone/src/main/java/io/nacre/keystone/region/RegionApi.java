package io.nacre.keystone.region;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import io.nacre.keystone.KeystoneView;
import io.nacre.keystone.endpoint.EndpointStore;
import io.nacre.policy.Personas;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Regions". */
public final class RegionApi {
    private static final PolicyRule GET =
            PolicyRule.anyScope("identity:get_region", Personas.ANY, "Show region details.");
    private static final PolicyRule LIST = PolicyRule.anyScope("identity:list_regions", Personas.ANY, "List regions.");
    private static final PolicyRule CREATE = admin("identity:create_region", "Create region.");
    private static final PolicyRule UPDATE = admin("identity:update_region", "Update region.");
    private static final PolicyRule DELETE = admin("identity:delete_region", "Delete region.");

    private static final Schema BODY = Schema.of("""
            {"type": "object", "required": ["region"], "properties": {"region": {"type": "object", "properties": {
              "id": {"type": "string", "minLength": 1, "maxLength": 255},
              "description": {"type": ["string", "null"]},
              "parent_region_id": {"type": ["string", "null"], "maxLength": 255}}}}}
            """);
    private static final Set<String> KNOWN = Set.of("id", "description", "parent_region_id", "links");
    private static final View<Region> VIEW = new View<Region>()
            .field("id", Region::id)
            .field("description", Region::description)
            .field("parent_region_id", Region::parentRegionId);
    private static final String ONE = "/v3/regions/{region_id}";

    private final Transactions transactions;
    private final RegionStore regions;
    private final EndpointStore endpoints;
    private final Ids ids;

    public RegionApi(Transactions transactions, RegionStore regions, EndpointStore endpoints, Ids ids) {
        this.transactions = transactions;
        this.regions = regions;
        this.endpoints = endpoints;
        this.ids = ids;
    }

    private static PolicyRule admin(String name, String description) {
        return PolicyRule.anyScope(name, Personas.ADMIN, description);
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/regions").policy(LIST).to(this::list),
                Route.post("/v3/regions").policy(CREATE).body(BODY).to(request -> create(request, null)),
                Route.get(ONE).policy(GET).to(this::show),
                Route.put(ONE).policy(CREATE).body(BODY).to(request -> create(request, request.param("region_id"))),
                Route.patch(ONE).policy(UPDATE).body(BODY).to(this::update),
                Route.delete(ONE).policy(DELETE).to(this::delete));
    }

    private Response list(Request request) {
        List<Region> found =
                transactions.read(tx -> regions.list(tx, request.query().get("parent_region_id")));
        return KeystoneView.list(
                request,
                "regions",
                found.stream().map(region -> view(request, region)).toList());
    }

    private Response show(Request request) {
        Region region = transactions.read(tx -> regions.require(tx, request.param("region_id")));
        return Response.json(200, "region", view(request, region));
    }

    private Response create(Request request, @Nullable String pathId) {
        JsonNode body = request.json("region");
        String bodyId = KeystoneView.text(body, "id", null);
        if (pathId != null && bodyId != null && !pathId.equals(bodyId)) {
            throw Fault.invalid("Conflicting region IDs specified: \"" + bodyId + "\" != \"" + pathId + "\"");
        }
        String id = pathId != null ? pathId : bodyId != null ? bodyId : ids.hex();
        Region region = new Region(
                id,
                description(body, ""),
                KeystoneView.text(body, "parent_region_id", null),
                KeystoneView.extra(body, KNOWN));
        transactions.run(tx -> {
            if (regions.find(tx, id).isPresent()) {
                throw Fault.conflict("Conflict occurred attempting to store region - Duplicate ID, " + id + ".");
            }
            requireParent(tx, region);
            regions.insert(tx, region);
        });
        return Response.json(201, "region", view(request, region));
    }

    private Response update(Request request) {
        JsonNode body = request.json("region");
        String id = request.param("region_id");
        if (!id.equals(KeystoneView.text(body, "id", id))) {
            throw Fault.invalid("Cannot change region ID");
        }
        Region updated = transactions.write(tx -> {
            Region before = regions.require(tx, id);
            Region after = new Region(
                    id,
                    description(body, before.description()),
                    KeystoneView.text(body, "parent_region_id", before.parentRegionId()),
                    KeystoneView.merged(before.extra(), KeystoneView.extra(body, KNOWN)));
            requireParent(tx, after);
            regions.update(tx, after);
            return after;
        });
        return Response.json(200, "region", view(request, updated));
    }

    /** The parent must be there, and no region may lie in itself. */
    private void requireParent(Tx tx, Region region) {
        List<String> seen = new ArrayList<>(List.of(region.id()));
        for (String at = region.parentRegionId();
                at != null;
                at = regions.require(tx, at).parentRegionId()) {
            if (seen.contains(at)) {
                throw Fault.invalid("Unable to create circular relationship between regions.");
            }
            seen.add(at);
        }
    }

    private Response delete(Request request) {
        String id = request.param("region_id");
        transactions.run(tx -> {
            regions.require(tx, id);
            if (!endpoints.list(tx, new EndpointStore.Filter(null, null, id)).isEmpty()) {
                throw Fault.forbidden("Unable to delete region " + id
                        + " because it or its child regions have associated endpoints.");
            }
            for (Region child : regions.list(tx, id)) {
                regions.update(tx, new Region(child.id(), child.description(), null, child.extra()));
            }
            regions.delete(tx, id);
        });
        return Response.empty(204);
    }

    private static String description(JsonNode body, String otherwise) {
        String text = KeystoneView.text(body, "description", otherwise);
        return text == null ? "" : text;
    }

    private static Map<String, @Nullable Object> view(Request request, Region region) {
        return KeystoneView.entity(
                request, "regions", region.id(), KeystoneView.withExtra(VIEW.show(region), region.extra()));
    }
}

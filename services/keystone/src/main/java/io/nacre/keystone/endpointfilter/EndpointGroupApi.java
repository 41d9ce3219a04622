package io.nacre.keystone.endpointfilter;

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
import org.jspecify.annotations.Nullable;

/** API reference "OS-EP-FILTER", endpoint groups. */
public final class EndpointGroupApi {
    private static final PolicyRule LIST = KeystonePolicy.cloud("list_endpoint_groups", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_endpoint_group", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_endpoint_group", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_endpoint_group", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_endpoint_group", ADMIN);

    private static final List<String> FILTERS = List.of("service_id", "region_id", "interface");
    private static final String PROPERTIES = """
            "id": {"type": "string"},
            "name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "\\\\S"},
            "description": {"type": ["string", "null"]},
            "filters": {"type": "object", "properties": {
              "service_id": {"type": "string"}, "region_id": {"type": ["string", "null"]},
              "interface": {"type": "string", "enum": ["admin", "internal", "public"]}}}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["endpoint_group"], "properties": {"endpoint_group":
              {"type": "object", "additionalProperties": false, "required": ["name", "filters"], "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["endpoint_group"], "properties": {"endpoint_group":
              {"type": "object", "additionalProperties": false, "minProperties": 1, "properties": {%s}}}}
            """.formatted(PROPERTIES));

    private final Transactions transactions;
    private final Listings listings;
    private final EndpointGroupStore groups;
    private final ProjectAssociationStore associations;
    private final Revocations revocations;
    private final Ids ids;

    public EndpointGroupApi(
            Transactions transactions,
            Listings listings,
            EndpointGroupStore groups,
            ProjectAssociationStore associations,
            Revocations revocations,
            Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.groups = groups;
        this.associations = associations;
        this.revocations = revocations;
        this.ids = ids;
    }

    public List<Route> routes() {
        String all = "/v3/OS-EP-FILTER/endpoint_groups";
        String one = all + "/{endpoint_group_id}";
        return List.of(
                Route.get(all).policy(LIST).to(this::list),
                Route.post(all).policy(CREATE).body(CREATE_BODY).to(this::create),
                Route.get(one).policy(GET).to(this::show),
                Route.patch(one).policy(UPDATE).body(UPDATE_BODY).to(this::update),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    static Map<String, @Nullable Object> show(Request request, EndpointGroup group) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", group.id());
        shown.put("name", group.name());
        shown.put("description", group.description());
        shown.put("filters", group.filters());
        return Envelope.linked(request, shown, "/OS-EP-FILTER/endpoint_groups/" + group.id());
    }

    private EndpointGroup group(Tx tx, Request request) {
        return groups.require(tx, request.param("endpoint_group_id"));
    }

    private Response list(Request request) {
        List<Filter> filters = Filter.of(request.query(), "name");
        return listings.collection(
                request,
                "endpoint_groups",
                most -> transactions.read(tx -> groups.list(tx, filters, most)),
                EndpointGroupApi::show);
    }

    private Response show(Request request) {
        return Envelope.member(200, "endpoint_group", show(request, transactions.read(tx -> group(tx, request))));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "endpoint_group");
        Map<String, @Nullable Object> filters = fields.map("filters", Map.of());
        if (filters.isEmpty()) {
            throw Fault.invalid("filters field is required and cannot be empty");
        }
        requireKnown(filters);
        EndpointGroup group =
                new EndpointGroup(ids.hex(), fields.required("name"), fields.text("description"), filters);
        transactions.run(tx -> groups.create(tx, group));
        return Envelope.member(201, "endpoint_group", show(request, group));
    }

    private static void requireKnown(Map<String, @Nullable Object> filters) {
        if (!FILTERS.containsAll(filters.keySet())) {
            throw Fault.invalid(
                    "Expecting to find " + String.join(" or ", FILTERS) + " in endpoint_group. The server could"
                            + " not comply with the request since it is either malformed or otherwise incorrect. The client is"
                            + " assumed to be in error.");
        }
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "endpoint_group");
        fields.requireId(request.param("endpoint_group_id"));
        EndpointGroup changed = transactions.write(tx -> {
            EndpointGroup present = group(tx, request);
            requireKnown(fields.map("filters", present.filters()));
            String name = fields.text("name");
            EndpointGroup next = new EndpointGroup(
                    present.id(),
                    name == null ? present.name() : name,
                    fields.text("description", present.description()),
                    fields.map("filters", present.filters()));
            groups.update(tx, next);
            revocations.changed(tx);
            return next;
        });
        return Envelope.member(200, "endpoint_group", show(request, changed));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            String id = group(tx, request).id();
            associations.deleteOf(tx, id);
            groups.delete(tx, id);
            revocations.changed(tx);
        });
        return Response.empty(204);
    }
}

package io.nacre.keystone.policydocument;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.endpointpolicy.PolicyAssociationStore;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Listings;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** API reference "Policies". */
public final class PolicyDocumentApi {
    private static final PolicyRule LIST = KeystonePolicy.cloud("list_policies", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_policy", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_policy", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_policy", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_policy", ADMIN);

    private static final String PROPERTIES = """
            "blob": {"type": "string"}, "type": {"type": "string", "maxLength": 255}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["policy"], "properties": {"policy":
              {"type": "object", "required": ["blob", "type"], "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["policy"], "properties": {"policy":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Set<String> KNOWN = Set.of("id", "type", "blob", "links");

    private final Transactions transactions;
    private final Listings listings;
    private final PolicyDocumentStore documents;
    private final PolicyAssociationStore associations;
    private final Ids ids;

    public PolicyDocumentApi(
            Transactions transactions,
            Listings listings,
            PolicyDocumentStore documents,
            PolicyAssociationStore associations,
            Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.documents = documents;
        this.associations = associations;
        this.ids = ids;
    }

    public List<Route> routes() {
        String one = "/v3/policies/{policy_id}";
        return List.of(
                Route.get("/v3/policies").policy(LIST).to(this::list),
                Route.post("/v3/policies").policy(CREATE).body(CREATE_BODY).to(this::create),
                Route.get(one).policy(GET).to(this::show),
                Route.patch(one).policy(UPDATE).body(UPDATE_BODY).to(this::update),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    public static Map<String, @Nullable Object> show(Request request, PolicyDocument document) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(document.extra());
        shown.put("id", document.id());
        shown.put("type", document.type());
        shown.put("blob", document.document());
        return Envelope.linked(request, shown, "/policies/" + document.id());
    }

    private Response list(Request request) {
        List<Filter> filters = Filter.of(request.query(), "type");
        return listings.collection(
                request,
                "policies",
                most -> transactions.read(tx -> documents.list(tx, filters, most)),
                PolicyDocumentApi::show);
    }

    private Response show(Request request) {
        PolicyDocument document = transactions.read(tx -> documents.require(tx, request.param("policy_id")));
        return Envelope.member(200, "policy", show(request, document));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "policy");
        PolicyDocument document = new PolicyDocument(
                ids.hex(), fields.required("type"), fields.required("blob"), fields.extra(KNOWN, Map.of()));
        transactions.run(tx -> documents.create(tx, document));
        return Envelope.member(201, "policy", show(request, document));
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "policy");
        String id = request.param("policy_id");
        fields.requireId(id);
        PolicyDocument changed = transactions.write(tx -> {
            PolicyDocument present = documents.require(tx, id);
            String type = fields.text("type");
            String blob = fields.text("blob");
            PolicyDocument next = new PolicyDocument(
                    id,
                    type == null ? present.type() : type,
                    blob == null ? present.document() : blob,
                    fields.extra(KNOWN, present.extra()));
            documents.update(tx, next);
            return next;
        });
        return Envelope.member(200, "policy", show(request, changed));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            String id = documents.require(tx, request.param("policy_id")).id();
            associations.deleteOfPolicy(tx, id);
            documents.delete(tx, id);
        });
        return Response.empty(204);
    }
}

package io.nacre.keystone.credential;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.auth.Authorization;
import io.nacre.keystone.auth.ValidTokens;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Listings;
import io.nacre.policy.PolicyRule;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** API reference "Credentials". */
public final class CredentialApi {
    private static final String OWN = " or user_id:%(target.credential.user_id)s";
    private static final PolicyRule LIST = KeystonePolicy.domain("list_credentials", ADMIN_OR_SYSTEM_READER + OWN);
    private static final PolicyRule GET = KeystonePolicy.domain("get_credential", ADMIN_OR_SYSTEM_READER + OWN);
    private static final PolicyRule CREATE = KeystonePolicy.domain("create_credential", ADMIN + OWN);
    private static final PolicyRule UPDATE = KeystonePolicy.domain("update_credential", ADMIN + OWN);
    private static final PolicyRule DELETE = KeystonePolicy.domain("delete_credential", ADMIN + OWN);

    private static final String PROPERTIES = """
            "blob": {"type": "string"}, "type": {"type": "string", "maxLength": 255},
            "project_id": {"type": "string", "maxLength": 64}, "user_id": {"type": "string", "maxLength": 64}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["credential"], "properties": {"credential":
              {"type": "object", "required": ["blob", "type", "user_id"], "properties": {%s},
               "if": {"properties": {"type": {"const": "ec2"}}}, "then": {"required": ["project_id"]}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["credential"], "properties": {"credential":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Set<String> KNOWN = Set.of("id", "user_id", "project_id", "type", "blob", "links");

    private final Transactions transactions;
    private final Listings listings;
    private final CredentialStore credentials;
    private final ValidTokens tokens;
    private final Ids ids;

    public CredentialApi(
            Transactions transactions, Listings listings, CredentialStore credentials, ValidTokens tokens, Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.credentials = credentials;
        this.tokens = tokens;
        this.ids = ids;
    }

    public List<Route> routes() {
        String one = "/v3/credentials/{credential_id}";
        return List.of(
                Route.get("/v3/credentials")
                        .policy(LIST, r -> target(r.caller().userId()))
                        .to(this::list),
                Route.post("/v3/credentials")
                        .policy(CREATE, r -> target(Fields.of(r, "credential").text("user_id")))
                        .body(CREATE_BODY)
                        .to(this::create),
                Route.get(one).policy(GET, this::target).to(this::show),
                Route.patch(one).policy(UPDATE, this::target).body(UPDATE_BODY).to(this::update),
                Route.delete(one).policy(DELETE, this::target).to(this::delete));
    }

    static Map<String, @Nullable Object> target(@Nullable String userId) {
        Map<String, @Nullable Object> target = new HashMap<>();
        target.put("target.credential.user_id", userId);
        return target;
    }

    private Map<String, @Nullable Object> target(Request request) {
        return transactions
                .read(tx -> credentials.find(tx, request.param("credential_id")))
                .map(found -> target(found.userId()))
                .orElse(Map.of());
    }

    private static Map<String, @Nullable Object> show(Request request, Credential credential) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(credential.extra());
        shown.put("id", credential.id());
        shown.put("user_id", credential.userId());
        shown.put("project_id", credential.projectId());
        shown.put("type", credential.type());
        shown.put("blob", credential.blob());
        return Envelope.linked(request, shown, "/credentials/" + credential.id());
    }

    /** Each is looked at with the rule for a single one, so that nobody sees those of others. */
    private Response list(Request request) {
        List<Filter> filters = Filter.of(request.query(), "user_id", "type");
        return listings.collection(
                request, "credentials", most -> visible(request, filters, most), CredentialApi::show);
    }

    private List<Credential> visible(Request request, List<Filter> filters, int most) {
        return transactions.read(tx -> credentials.list(tx, filters)).stream()
                .filter(credential -> request.allows(GET, target(credential.userId())))
                .limit(most)
                .toList();
    }

    private Response show(Request request) {
        Credential credential = transactions.read(tx -> credentials.require(tx, request.param("credential_id")));
        return Envelope.member(200, "credential", show(request, credential));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "credential");
        Credential plain = new Credential(
                ids.hex(),
                fields.required("user_id"),
                fields.text("project_id"),
                fields.required("type"),
                fields.required("blob"),
                fields.extra(KNOWN, Map.of()));
        Authorization token = tokens.require(request.token());
        Credential credential = plain.isEc2() ? Ec2Blob.bound(plain, token) : plain;
        transactions.run(tx -> credentials.create(tx, credential));
        return Envelope.member(201, "credential", show(request, credential));
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "credential");
        String id = request.param("credential_id");
        fields.requireId(id);
        Credential changed = transactions.write(tx -> {
            Credential present = credentials.require(tx, id);
            String userId = fields.text("user_id");
            String type = fields.text("type");
            String blob = fields.text("blob");
            Credential next = new Credential(
                    id,
                    userId == null ? present.userId() : userId,
                    fields.text("project_id", present.projectId()),
                    type == null ? present.type() : type,
                    blob == null ? present.blob() : blob,
                    fields.extra(KNOWN, present.extra()));
            request.enforce(UPDATE, target(next.userId()));
            if (next.isEc2() && next.projectId() == null) {
                throw Ec2Blob.missing("project_id");
            }
            if (present.isEc2()) {
                Ec2Blob.requireSameBounds(present, next);
                if (!Objects.equals(present.projectId(), next.projectId())
                        && !Ec2Blob.of(present).isUnbound()) {
                    throw Fault.invalid("The project of a credential that was made by delegation cannot be updated.");
                }
            }
            credentials.update(tx, next);
            return next;
        });
        return Envelope.member(200, "credential", show(request, changed));
    }

    private Response delete(Request request) {
        transactions.run(tx -> credentials.delete(
                tx, credentials.require(tx, request.param("credential_id")).id()));
        return Response.empty(204);
    }
}

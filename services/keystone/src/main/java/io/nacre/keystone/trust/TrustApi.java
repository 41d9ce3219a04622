package io.nacre.keystone.trust;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Fault;
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
import io.nacre.keystone.entity.Times;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleApi;
import io.nacre.keystone.role.RoleStore;
import io.nacre.policy.PolicyRule;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** API reference "OS-TRUST". */
public final class TrustApi {
    private static final String PARTIES = ADMIN_OR_SYSTEM_READER
            + " or user_id:%(target.trust.trustor_user_id)s or user_id:%(target.trust.trustee_user_id)s";
    private static final PolicyRule CREATE =
            KeystonePolicy.project("create_trust", "user_id:%(trust.trustor_user_id)s");
    private static final PolicyRule GET = KeystonePolicy.cloud("get_trust", PARTIES);
    private static final PolicyRule DELETE =
            KeystonePolicy.cloud("delete_trust", ADMIN + " or user_id:%(target.trust.trustor_user_id)s");
    private static final PolicyRule LIST_ROLES = KeystonePolicy.cloud("list_roles_for_trust", PARTIES);
    private static final PolicyRule GET_ROLE = KeystonePolicy.cloud("get_role_for_trust", PARTIES);
    private static final PolicyRule LIST = KeystonePolicy.cloud("list_trusts", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule LIST_FOR_TRUSTOR = KeystonePolicy.cloud(
            "list_trusts_for_trustor", ADMIN_OR_SYSTEM_READER + " or user_id:%(target.trust.trustor_user_id)s");
    private static final PolicyRule LIST_FOR_TRUSTEE = KeystonePolicy.cloud(
            "list_trusts_for_trustee", ADMIN_OR_SYSTEM_READER + " or user_id:%(target.trust.trustee_user_id)s");

    private static final Schema BODY = Schema.of("""
            {"type": "object", "required": ["trust"], "properties": {"trust": {"type": "object",
              "required": ["trustor_user_id", "trustee_user_id", "impersonation"], "properties": {
                "trustor_user_id": {"type": "string", "minLength": 1, "maxLength": 64},
                "trustee_user_id": {"type": "string", "minLength": 1, "maxLength": 64},
                "impersonation": {"type": "boolean"},
                "project_id": {"type": ["string", "null"], "minLength": 1, "maxLength": 64},
                "remaining_uses": {"type": ["integer", "null"], "minimum": 1},
                "expires_at": {"type": ["string", "null"]},
                "allow_redelegation": {"type": ["boolean", "null"]},
                "redelegation_count": {"type": ["integer", "null"], "minimum": 0},
                "roles": {"type": "array", "items": {"type": "object", "minProperties": 1, "maxProperties": 1,
                  "additionalProperties": false, "properties": {
                    "id": {"type": "string", "minLength": 1, "maxLength": 64},
                    "name": {"type": "string", "minLength": 1, "maxLength": 255}}}}}}}}
            """);

    private final Transactions transactions;
    private final TrustStore trusts;
    private final RoleStore roles;
    private final Delegation delegation;
    private final ValidTokens tokens;
    private final Revocations revocations;

    public TrustApi(
            Transactions transactions,
            TrustStore trusts,
            RoleStore roles,
            Delegation delegation,
            ValidTokens tokens,
            Revocations revocations) {
        this.transactions = transactions;
        this.trusts = trusts;
        this.roles = roles;
        this.delegation = delegation;
        this.tokens = tokens;
        this.revocations = revocations;
    }

    public List<Route> routes() {
        String all = "/v3/OS-TRUST/trusts";
        String one = all + "/{trust_id}";
        return List.of(
                Route.get(all)
                        .policy(List.of(LIST, LIST_FOR_TRUSTOR, LIST_FOR_TRUSTEE), TrustApi::listRule)
                        .to(this::list),
                Route.post(all).policy(CREATE, TrustApi::newTarget).body(BODY).to(this::create),
                Route.get(one).policy(GET, this::target).to(this::show),
                Route.delete(one).policy(DELETE, this::target).to(this::delete),
                Route.get(one + "/roles").policy(LIST_ROLES, this::target).to(this::listRoles),
                Route.get(one + "/roles/{role_id}")
                        .policy(GET_ROLE, this::target)
                        .to(this::showRole));
    }

    private static Route.Check listRule(Request request) {
        String trustor = request.query().get("trustor_user_id");
        String trustee = request.query().get("trustee_user_id");
        if (trustor != null) {
            return new Route.Check(LIST_FOR_TRUSTOR, Map.of("target.trust.trustor_user_id", trustor));
        }
        return trustee == null
                ? new Route.Check(LIST, Map.of())
                : new Route.Check(LIST_FOR_TRUSTEE, Map.of("target.trust.trustee_user_id", trustee));
    }

    private static Map<String, @Nullable Object> newTarget(Request request) {
        String trustor = Fields.of(request, "trust").text("trustor_user_id");
        return trustor == null ? Map.of() : Map.of("trust.trustor_user_id", trustor);
    }

    /** Here a trust that does not exist is 404 for everybody, as in the original. */
    private Map<String, @Nullable Object> target(Request request) {
        Trust trust = transactions.read(tx -> trusts.require(tx, request.param("trust_id")));
        return Map.of(
                "target.trust.trustor_user_id", trust.trustorId(), "target.trust.trustee_user_id", trust.trusteeId());
    }

    private Map<String, @Nullable Object> show(Request request, Trust trust) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(trust.extra());
        shown.put("id", trust.id());
        shown.put("trustor_user_id", trust.trustorId());
        shown.put("trustee_user_id", trust.trusteeId());
        shown.put("project_id", trust.projectId());
        shown.put("impersonation", trust.impersonation());
        shown.put("expires_at", Times.iso(trust.expiresAt()));
        shown.put("remaining_uses", trust.remainingUses());
        shown.put("redelegated_trust_id", trust.redelegatedTrustId());
        shown.put("redelegation_count", trust.redelegationCount());
        shown.put("deleted_at", null);
        return Envelope.linked(request, shown, "/OS-TRUST/trusts/" + trust.id());
    }

    private Map<String, @Nullable Object> showWithRoles(Request request, Trust trust) {
        Map<String, @Nullable Object> shown = show(request, trust);
        shown.put("roles", rolesOf(request, trust));
        Map<String, @Nullable Object> links = new HashMap<>();
        links.put("self", Envelope.url(request, "/OS-TRUST/trusts/" + trust.id() + "/roles"));
        links.put("next", null);
        links.put("previous", null);
        shown.put("roles_links", links);
        return shown;
    }

    private List<Map<String, @Nullable Object>> rolesOf(Request request, Trust trust) {
        Map<String, Role> all = transactions.read(roles::graph).roles();
        return trust.roleIds().stream()
                .map(all::get)
                .filter(Objects::nonNull)
                .map(role -> RoleApi.show(request, role))
                .toList();
    }

    private Response list(Request request) {
        String trustor = request.query().get("trustor_user_id");
        String trustee = request.query().get("trustee_user_id");
        List<Trust> found = transactions.read(tx -> trusts.list(tx, trustor, trustor == null ? trustee : null));
        return Envelope.collection(request, "trusts", found, this::show);
    }

    private Authorization ownToken(Request request) {
        return tokens.require(request.token());
    }

    private Response create(Request request) {
        Trust trust = delegation.create(ownToken(request), request.json("trust"));
        return Envelope.member(201, "trust", showWithRoles(request, trust));
    }

    private Response show(Request request) {
        Trust trust = transactions.read(tx -> trusts.require(tx, request.param("trust_id")));
        return Envelope.member(200, "trust", showWithRoles(request, trust));
    }

    private Response delete(Request request) {
        Delegation.requireUnrestricted(ownToken(request));
        transactions.run(tx -> {
            trusts.delete(tx, trusts.require(tx, request.param("trust_id")).id());
            revocations.changed(tx);
        });
        return Response.empty(204);
    }

    private Response listRoles(Request request) {
        Trust trust = transactions.read(tx -> trusts.require(tx, request.param("trust_id")));
        return Envelope.collection(request, "roles", rolesOf(request, trust));
    }

    private Response showRole(Request request) {
        String roleId = request.param("role_id");
        Trust trust = transactions.read(tx -> trusts.require(tx, request.param("trust_id")));
        if (!trust.roleIds().contains(roleId)) {
            throw Fault.notFound("Could not find role: " + roleId + ".");
        }
        Role role = transactions.read(tx -> roles.require(tx, roleId));
        return Envelope.member(200, "role", RoleApi.show(request, role));
    }
}

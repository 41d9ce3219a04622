package io.nacre.keystone.role;

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
import io.nacre.policy.Personas;
import io.nacre.policy.PolicyRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** API reference "Roles", the roles themselves. */
public final class RoleApi {
    private static final String READER =
            "role:admin or (role:reader and system_scope:all) or (role:manager and not domain_id:None)";
    private static final PolicyRule GET = PolicyRule.anyScope("identity:get_role", READER, "Show role details.");
    private static final PolicyRule LIST = PolicyRule.anyScope("identity:list_roles", READER, "List roles.");
    private static final PolicyRule CREATE =
            PolicyRule.anyScope("identity:create_role", Personas.ADMIN, "Create role.");
    private static final PolicyRule UPDATE =
            PolicyRule.anyScope("identity:update_role", Personas.ADMIN, "Update role.");
    private static final PolicyRule DELETE =
            PolicyRule.anyScope("identity:delete_role", Personas.ADMIN, "Delete role.");

    private static final String PROPERTIES = """
            "name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "\\\\S"},
            "description": {"type": ["string", "null"]},
            "domain_id": {"type": ["string", "null"], "maxLength": 64},
            "options": {"type": "object", "additionalProperties": false,
                        "properties": {"immutable": {"type": ["boolean", "null"]}}}""";
    private static final Schema NEW = Schema.of("""
            {"type": "object", "required": ["role"], "properties": {"role":
              {"type": "object", "required": ["name"], "properties": {%s}}}}""".formatted(PROPERTIES));
    private static final Schema CHANGE = Schema.of("""
            {"type": "object", "required": ["role"], "properties": {"role":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}""".formatted(PROPERTIES));
    private static final Set<String> KNOWN = Set.of("id", "name", "description", "domain_id", "options", "links");
    private static final View<Role> VIEW = new View<Role>()
            .field("id", Role::id)
            .field("name", Role::name)
            .field("domain_id", Role::domainId)
            .field("description", Role::description)
            .field("options", Role::options);
    private static final String ONE = "/v3/roles/{role_id}";

    private final Transactions transactions;
    private final RoleStore roles;
    private final BiConsumer<Tx, String> forgetAssignments;
    private final Ids ids;

    /** @param forgetAssignments ends every assignment of a role that goes, and the tokens that lean on it */
    public RoleApi(Transactions transactions, RoleStore roles, BiConsumer<Tx, String> forgetAssignments, Ids ids) {
        this.transactions = transactions;
        this.roles = roles;
        this.forgetAssignments = forgetAssignments;
        this.ids = ids;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/roles").policy(LIST).to(this::list),
                Route.post("/v3/roles").policy(CREATE).body(NEW).to(this::create),
                Route.get(ONE).policy(GET).to(this::show),
                Route.patch(ONE).policy(UPDATE).body(CHANGE).to(this::update),
                Route.delete(ONE).policy(DELETE).to(this::delete));
    }

    private Response list(Request request) {
        String contained = request.query().get("name__contains");
        List<Role> found = transactions.read(tx ->
                roles.list(tx, request.query().get("domain_id"), request.query().get("name")));
        return KeystoneView.list(
                request,
                "roles",
                found.stream()
                        .filter(role -> contained == null || role.name().contains(contained))
                        .map(role -> view(request, role))
                        .toList());
    }

    private Response show(Request request) {
        Role role = transactions.read(tx -> roles.require(tx, request.param("role_id")));
        return Response.json(200, "role", view(request, role));
    }

    private Response create(Request request) {
        JsonNode body = request.json("role");
        Role role = new Role(
                ids.hex(),
                body.get("name").asString(),
                KeystoneView.text(body, "domain_id", null),
                KeystoneView.text(body, "description", null),
                options(body, Json.object()),
                KeystoneView.extra(body, KNOWN));
        transactions.run(tx -> roles.insert(tx, role));
        return Response.json(201, "role", view(request, role));
    }

    private Response update(Request request) {
        JsonNode body = request.json("role");
        Role updated = transactions.write(tx -> {
            Role before = roles.require(tx, request.param("role_id"));
            if (!Objects.equals(before.domainId(), KeystoneView.text(body, "domain_id", before.domainId()))) {
                throw Fault.invalid("The domain of a role cannot be changed.");
            }
            Role after = new Role(
                    before.id(),
                    Objects.requireNonNull(KeystoneView.text(body, "name", before.name())),
                    before.domainId(),
                    KeystoneView.text(body, "description", before.description()),
                    options(body, before.options()),
                    KeystoneView.merged(before.extra(), KeystoneView.extra(body, KNOWN)));
            if (before.isImmutable() && after.isImmutable()) {
                throw immutable(before);
            }
            roles.update(tx, after);
            return after;
        });
        return Response.json(200, "role", view(request, updated));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Role role = roles.require(tx, request.param("role_id"));
            if (role.isImmutable()) {
                throw immutable(role);
            }
            forgetAssignments.accept(tx, role.id());
            roles.delete(tx, role.id());
        });
        return Response.empty(204);
    }

    private static RuntimeException immutable(Role role) {
        return Fault.forbidden("Cannot change immutable role " + role.id() + ": its option immutable is set.");
    }

    private static ObjectNode options(JsonNode body, ObjectNode before) {
        return body.get("options") instanceof ObjectNode given ? KeystoneView.merged(before, given) : before;
    }

    /** How a role stands on the wire; also in the answers of implications. */
    static Map<String, @Nullable Object> view(Request request, Role role) {
        return KeystoneView.entity(request, "roles", role.id(), KeystoneView.withExtra(VIEW.show(role), role.extra()));
    }
}

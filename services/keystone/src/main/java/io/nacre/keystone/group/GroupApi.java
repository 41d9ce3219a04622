package io.nacre.keystone.group;

import io.nacre.base.Caller;
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
import io.nacre.policy.PolicyRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Groups", the groups themselves; their members stand with the users. */
public final class GroupApi {
    private static final String READER = "role:admin or (role:reader and system_scope:all)"
            + " or (role:reader and domain_id:%(target.group.domain_id)s)";
    private static final String MANAGER = "role:admin or (role:manager and domain_id:%(target.group.domain_id)s)";
    private static final PolicyRule GET = PolicyRule.anyScope("identity:get_group", READER, "Show group details.");
    private static final PolicyRule LIST = PolicyRule.anyScope("identity:list_groups", READER, "List groups.");
    private static final PolicyRule CREATE = PolicyRule.anyScope("identity:create_group", MANAGER, "Create group.");
    private static final PolicyRule UPDATE = PolicyRule.anyScope("identity:update_group", MANAGER, "Update group.");
    private static final PolicyRule DELETE = PolicyRule.anyScope("identity:delete_group", MANAGER, "Delete group.");
    /** What the routes ask first; the rule with the group's own domain is asked when the group is known. */
    private static final PolicyRule ANYONE = PolicyRule.anyScope("identity:groups:any", "@", "Every token.");

    private static final String PROPERTIES = """
            "name": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "\\\\S"},
            "description": {"type": ["string", "null"]},
            "domain_id": {"type": "string", "minLength": 1, "maxLength": 64}""";
    private static final Schema NEW = Schema.of("""
            {"type": "object", "required": ["group"], "properties": {"group":
              {"type": "object", "required": ["name"], "properties": {%s}}}}""".formatted(PROPERTIES));
    private static final Schema CHANGE = Schema.of("""
            {"type": "object", "required": ["group"], "properties": {"group":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}""".formatted(PROPERTIES));
    private static final Set<String> KNOWN = Set.of("id", "name", "description", "domain_id", "links");
    private static final View<Group> VIEW = new View<Group>()
            .field("id", Group::id)
            .field("name", Group::name)
            .field("description", Group::description)
            .field("domain_id", Group::domainId);
    private static final String ONE = "/v3/groups/{group_id}";

    private final Transactions transactions;
    private final GroupStore groups;
    private final BiConsumer<Tx, String> requireDomain;
    private final BiConsumer<Tx, String> forgetAssignments;
    private final Ids ids;

    /**
     * @param requireDomain faults when there is no such domain
     * @param forgetAssignments ends every assignment of a group that goes, and the tokens that lean on it
     */
    public GroupApi(
            Transactions transactions,
            GroupStore groups,
            BiConsumer<Tx, String> requireDomain,
            BiConsumer<Tx, String> forgetAssignments,
            Ids ids) {
        this.transactions = transactions;
        this.groups = groups;
        this.requireDomain = requireDomain;
        this.forgetAssignments = forgetAssignments;
        this.ids = ids;
    }

    /** Rules that are asked in handlers and must be known to the policy all the same. */
    public static List<PolicyRule> rules() {
        return List.of(GET, LIST, CREATE, UPDATE, DELETE);
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/groups").policy(ANYONE).to(this::list),
                Route.post("/v3/groups").policy(ANYONE).body(NEW).to(this::create),
                Route.get(ONE).policy(ANYONE).to(this::show),
                Route.patch(ONE).policy(ANYONE).body(CHANGE).to(this::update),
                Route.delete(ONE).policy(ANYONE).to(this::delete));
    }

    private Response list(Request request) {
        String domainId = request.query().get("domain_id");
        Caller.Person own = request.caller().scope().domain();
        String visible = own == null ? domainId : own.id();
        request.enforce(LIST, Map.of("target.group.domain_id", visible == null ? "" : visible));
        String contained = request.query().get("name__contains");
        List<Group> found =
                transactions.read(tx -> groups.list(tx, visible, request.query().get("name")));
        return KeystoneView.list(
                request,
                "groups",
                found.stream()
                        .filter(group -> contained == null || group.name().contains(contained))
                        .map(group -> view(request, group))
                        .toList());
    }

    private Response show(Request request) {
        Group group = transactions.read(tx -> groups.require(tx, request.param("group_id")));
        request.enforce(GET, target(group.domainId()));
        return Response.json(200, "group", view(request, group));
    }

    private Response create(Request request) {
        JsonNode body = request.json("group");
        Group group = new Group(
                ids.hex(),
                domain(request, body),
                body.get("name").asString(),
                description(body, ""),
                KeystoneView.extra(body, KNOWN));
        request.enforce(CREATE, target(group.domainId()));
        transactions.run(tx -> {
            requireDomain.accept(tx, group.domainId());
            groups.insert(tx, group);
        });
        return Response.json(201, "group", view(request, group));
    }

    /** The domain that is named, else the one the token is scoped to, else that of its project. */
    private static String domain(Request request, JsonNode body) {
        String named = KeystoneView.text(body, "domain_id", null);
        if (named != null) {
            return named;
        }
        Caller.Scope scope = request.caller().scope();
        if (scope.domain() != null) {
            return scope.domain().id();
        }
        if (scope.project() != null) {
            return scope.project().domainId();
        }
        throw Fault.invalid("A domain_id is required, for the token is not scoped to a domain or project.");
    }

    private Response update(Request request) {
        JsonNode body = request.json("group");
        Group updated = transactions.write(tx -> {
            Group before = groups.require(tx, request.param("group_id"));
            request.enforce(UPDATE, target(before.domainId()));
            if (!before.domainId().equals(KeystoneView.text(body, "domain_id", before.domainId()))) {
                throw Fault.invalid("Cannot change Domain ID");
            }
            Group after = new Group(
                    before.id(),
                    before.domainId(),
                    Objects.requireNonNull(KeystoneView.text(body, "name", before.name())),
                    description(body, before.description()),
                    KeystoneView.merged(before.extra(), KeystoneView.extra(body, KNOWN)));
            groups.update(tx, after);
            return after;
        });
        return Response.json(200, "group", view(request, updated));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Group group = groups.require(tx, request.param("group_id"));
            request.enforce(DELETE, target(group.domainId()));
            forgetAssignments.accept(tx, group.id());
            groups.delete(tx, group.id());
        });
        return Response.empty(204);
    }

    private static Map<String, Object> target(String domainId) {
        return Map.of("target.group.domain_id", domainId);
    }

    private static String description(JsonNode body, String otherwise) {
        String text = KeystoneView.text(body, "description", otherwise);
        return text == null ? "" : text;
    }

    /** How a group stands on the wire; also in the listing of a user's groups. */
    public static Map<String, @Nullable Object> view(Request request, Group group) {
        return KeystoneView.entity(
                request, "groups", group.id(), KeystoneView.withExtra(VIEW.show(group), group.extra()));
    }
}

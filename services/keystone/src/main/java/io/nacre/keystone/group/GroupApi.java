package io.nacre.keystone.group;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.orDomainReader;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.Removals;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Listings;
import io.nacre.keystone.entity.Scopes;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.policy.PolicyRule;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** API reference "Groups", but for their members. */
public final class GroupApi {
    private static final PolicyRule LIST =
            KeystonePolicy.domain("list_groups", orDomainReader("target.group.domain_id"));
    private static final PolicyRule GET = KeystonePolicy.domain("get_group", orDomainReader("target.group.domain_id"));
    private static final PolicyRule CREATE = KeystonePolicy.domain("create_group", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.domain("update_group", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.domain("delete_group", ADMIN);

    private static final String PROPERTIES = """
            "name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "[\\\\S]+"},
            "description": {"type": ["string", "null"]},
            "domain_id": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9-]+$"}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["group"], "properties": {"group":
              {"type": "object", "required": ["name"], "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["group"], "properties": {"group":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final int LONGEST_NAME = 64;
    private static final Set<String> KNOWN = Set.of("id", "name", "domain_id", "description", "links");

    private final Transactions transactions;
    private final Function<@Nullable String, Listings> listings;
    private final GroupStore groups;
    private final ProjectStore projects;
    private final Removals removals;
    private final Ids ids;

    public GroupApi(
            Transactions transactions,
            Function<@Nullable String, Listings> listings,
            GroupStore groups,
            ProjectStore projects,
            Removals removals,
            Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.groups = groups;
        this.projects = projects;
        this.removals = removals;
        this.ids = ids;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/groups")
                        .policy(LIST, r -> Scopes.target(r.caller(), "target.group.domain_id"))
                        .to(this::list),
                Route.post("/v3/groups")
                        .policy(CREATE, GroupApi::newTarget)
                        .body(CREATE_BODY)
                        .to(this::create),
                Route.get("/v3/groups/{group_id}").policy(GET, this::target).to(this::show),
                Route.patch("/v3/groups/{group_id}")
                        .policy(UPDATE, this::target)
                        .body(UPDATE_BODY)
                        .to(this::update),
                Route.delete("/v3/groups/{group_id}")
                        .policy(DELETE, this::required)
                        .to(this::delete));
    }

    public static Map<String, @Nullable Object> show(Request request, Group group) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(group.extra());
        shown.put("id", group.id());
        shown.put("name", group.name());
        shown.put("domain_id", group.domainId());
        shown.put("description", group.description());
        return Envelope.linked(request, shown, "/groups/" + group.id());
    }

    static Map<String, @Nullable Object> target(Group group) {
        Map<String, @Nullable Object> target = new HashMap<>();
        target.put("target.group.id", group.id());
        target.put("target.group.domain_id", group.domainId());
        return target;
    }

    private Map<String, @Nullable Object> target(Request request) {
        return transactions
                .read(tx -> groups.find(tx, request.param("group_id")))
                .map(GroupApi::target)
                .orElse(Map.of());
    }

    /** Whoever removes a group that is not there learns that, as in the original. */
    private Map<String, @Nullable Object> required(Request request) {
        Group group = transactions.read(tx -> groups.require(tx, request.param("group_id")));
        return target(group);
    }

    /** Faults with INVALID for a name that only users may have, in the words that the original has for its column. */
    private static String name(String sent) {
        String name = sent.strip();
        if (name.length() > LONGEST_NAME) {
            throw Fault.invalid("String length exceeded. The length of string '" + name
                    + "' exceeds the limit of column name(CHAR(" + LONGEST_NAME + ")).");
        }
        return name;
    }

    private static Map<String, @Nullable Object> newTarget(Request request) {
        return Map.of("target.group.domain_id", domainOf(request, Fields.of(request, "group")));
    }

    private static String domainOf(Request request, Fields fields) {
        String domainId = fields.text("domain_id");
        return domainId == null ? Scopes.homeDomain(request.caller()) : domainId;
    }

    private Response list(Request request) {
        List<Filter> filters =
                Scopes.visible(request.caller(), Filter.of(request.query(), "domain_id", "name"), "domain_id");
        return listings.apply(Scopes.listed(request.caller(), request.query().get("domain_id")))
                .collection(
                        request,
                        "groups",
                        most -> transactions.read(tx -> groups.list(tx, filters, most)),
                        GroupApi::show);
    }

    private Response show(Request request) {
        Group group = transactions.read(tx -> groups.require(tx, request.param("group_id")));
        return Envelope.member(200, "group", show(request, group));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "group");
        Group group = new Group(
                ids.hex(),
                name(fields.required("name")),
                domainOf(request, fields),
                fields.text("description", ""),
                fields.extra(KNOWN, Map.of()));
        transactions.run(tx -> {
            projects.requireDomain(tx, group.domainId());
            groups.create(tx, group);
        });
        return Envelope.member(201, "group", show(request, group));
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "group");
        String id = request.param("group_id");
        fields.requireId(id);
        Group changed = transactions.write(tx -> {
            Group present = groups.require(tx, id);
            if (!present.domainId().equals(fields.text("domain_id", present.domainId()))) {
                throw Fault.invalid("Cannot change Domain ID");
            }
            String name = fields.text("name");
            Group next = new Group(
                    id,
                    name == null ? present.name() : name(name),
                    present.domainId(),
                    fields.text("description", present.description()),
                    fields.extra(KNOWN, present.extra()));
            groups.update(tx, next);
            return next;
        });
        return Envelope.member(200, "group", show(request, changed));
    }

    private Response delete(Request request) {
        transactions.run(tx -> removals.group(tx, groups.require(tx, request.param("group_id"))));
        return Response.empty(204);
    }
}

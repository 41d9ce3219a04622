package io.nacre.keystone.project;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.orDomainReader;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
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
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/** API reference "Projects". */
public final class ProjectApi {
    static final String OWN = " or project_id:%(target.project.id)s";
    private static final PolicyRule LIST = KeystonePolicy.domain("list_projects", orDomainReader("target.domain_id"));
    private static final PolicyRule GET =
            KeystonePolicy.domain("get_project", orDomainReader("target.project.domain_id") + OWN);
    private static final PolicyRule CREATE = KeystonePolicy.domain("create_project", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.domain("update_project", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.domain("delete_project", ADMIN);

    private static final String PROPERTIES = """
            "name": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "[\\\\S]+"},
            "description": {"type": ["string", "null"]},
            "domain_id": {"type": ["string", "null"], "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9-]+$"},
            "parent_id": {"type": ["string", "null"], "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9-]+$"},
            "enabled": {"type": "boolean"},
            "is_domain": {"type": "boolean"},
            "tags": {"type": "array", "maxItems": 80, "uniqueItems": true,
                     "items": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[^,/]*$"}},
            "options": {"type": "object", "additionalProperties": false,
                        "properties": {"immutable": {"type": ["boolean", "null"]}}}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["project"], "properties": {"project":
              {"type": "object", "required": ["name"], "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["project"], "properties": {"project":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Set<String> KNOWN = Set.of(
            "id", "name", "description", "domain_id", "parent_id", "enabled", "is_domain", "tags", "options", "links");

    private final Transactions transactions;
    private final Listings listings;
    private final ProjectStore projects;
    private final ProjectTree tree;
    private final Removals removals;
    private final Ids ids;

    public ProjectApi(
            Transactions transactions,
            Listings listings,
            ProjectStore projects,
            ProjectTree tree,
            Removals removals,
            Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.projects = projects;
        this.tree = tree;
        this.removals = removals;
        this.ids = ids;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/projects")
                        .policy(LIST, r -> Scopes.target(r.caller(), "target.domain_id"))
                        .to(this::list),
                Route.post("/v3/projects")
                        .policy(CREATE, this::newTarget)
                        .body(CREATE_BODY)
                        .to(this::create),
                Route.get("/v3/projects/{project_id}").policy(GET, this::target).to(this::show),
                Route.patch("/v3/projects/{project_id}")
                        .policy(UPDATE, this::target)
                        .body(UPDATE_BODY)
                        .to(this::update),
                Route.delete("/v3/projects/{project_id}")
                        .policy(DELETE, this::target)
                        .to(this::delete));
    }

    /** The project that the path names; empty when there is none. */
    private Map<String, @Nullable Object> target(Request request) {
        return transactions
                .read(tx -> projects.find(tx, request.param("project_id")))
                .map(ProjectView::target)
                .orElse(Map.of());
    }

    /** A new domain is in no domain, so that no rule takes it for something in the caller's. */
    private Map<String, @Nullable Object> newTarget(Request request) {
        Fields fields = Fields.of(request, "project");
        return BooleanNode.TRUE.equals(fields.node("is_domain"))
                ? Map.of()
                : Map.of("target.project.domain_id", domainOf(request, fields));
    }

    private Response list(Request request) {
        List<Filter> filters = Scopes.visible(
                request.caller(),
                Filter.of(request.query(), "domain_id", "enabled", "name", "parent_id", "is_domain"),
                "domain_id");
        if (!request.query().has("is_domain")) {
            filters.add(Filter.equal("is_domain", "false"));
        }
        TagFilter tags = TagFilter.of(request.query());
        return listings.collection(
                request,
                "projects",
                most -> transactions.read(tx -> projects.list(tx, filters, tags, most)),
                ProjectView::show);
    }

    private Response show(Request request) {
        return transactions.read(tx -> {
            Project project = projects.require(tx, request.param("project_id"));
            Map<String, @Nullable Object> shown = ProjectView.show(request, project);
            tree.expand(tx, request, project, shown);
            return Envelope.member(200, "project", shown);
        });
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "project");
        boolean isDomain = fields.flag("is_domain", false);
        String domainId = isDomain ? fields.text("domain_id") : domainOf(request, fields);
        String parentId = fields.text("parent_id");
        Project project = new Project(
                ids.hex(),
                fields.required("name").strip(),
                isDomain ? null : domainId,
                parentId == null ? domainId : parentId,
                isDomain,
                fields.flag("enabled", true),
                fields.text("description", ""),
                tags(fields, List.of()),
                fields.map("options", Map.of()),
                fields.extra(KNOWN, Map.of()));
        transactions.run(tx -> {
            tree.requirePlace(tx, project);
            projects.create(tx, project);
        });
        return Envelope.member(201, "project", ProjectView.show(request, project));
    }

    private static String domainOf(Request request, Fields fields) {
        String domainId = fields.text("domain_id");
        return domainId == null ? Scopes.homeDomain(request.caller()) : domainId;
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "project");
        fields.requireId(request.param("project_id"));
        Project changed = transactions.write(tx -> update(tx, request.param("project_id"), fields));
        return Envelope.member(200, "project", Envelope.twice(ProjectView.show(request, changed), changed.extra()));
    }

    /** Also for domains, which change in the same way. */
    public Project update(Tx tx, String id, Fields fields) {
        Project present = projects.require(tx, id);
        if (!fields.onlyUnlocks()) {
            present.requireMutable("update");
        }
        String name = fields.text("name");
        Project changed = new Project(
                id,
                name == null ? present.name() : name.strip(),
                present.domainId(),
                present.parentId(),
                present.isDomain(),
                fields.flag("enabled", present.enabled()),
                fields.text("description", present.description()),
                tags(fields, present.tags()),
                options(fields, present.options()),
                fields.extra(KNOWN, present.extra()));
        requireSamePlace(fields, present);
        tree.requireEnabling(tx, present, changed);
        projects.update(tx, changed);
        removals.projectChanged(tx, present, changed);
        return changed;
    }

    private static void requireSamePlace(Fields fields, Project present) {
        if (fields.has("domain_id") && !Objects.equals(present.domainId(), fields.text("domain_id"))) {
            throw Fault.invalid("Cannot change Domain ID");
        }
        if (fields.has("parent_id") && !Objects.equals(present.parentId(), fields.text("parent_id"))) {
            throw Fault.forbidden("Update of `parent_id` is not allowed.");
        }
        if (fields.flag("is_domain", present.isDomain()) != present.isDomain()) {
            throw Fault.invalid("Update of `is_domain` is not allowed.");
        }
    }

    /** An option that is set to null is taken away. */
    private static Map<String, @Nullable Object> options(Fields fields, Map<String, @Nullable Object> present) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>(present);
        options.putAll(fields.map("options", Map.of()));
        options.values().removeIf(Objects::isNull);
        return options;
    }

    public static List<String> tags(Fields fields, List<String> present) {
        JsonNode tags = fields.node("tags");
        return tags == null
                ? present
                : StreamSupport.stream(tags.spliterator(), false)
                        .map(JsonNode::asString)
                        .sorted()
                        .toList();
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Project project = projects.require(tx, request.param("project_id"));
            project.requireMutable("delete");
            if (project.isDomain()) {
                removals.domain(tx, project);
            } else {
                if (!projects.children(tx, project.id()).isEmpty()) {
                    throw Fault.forbidden(
                            "Cannot delete the project " + project.id() + " since it is not a leaf in the hierarchy."
                                    + " Use the cascade option if you want to delete a whole subtree.");
                }
                removals.project(tx, project);
            }
        });
        return Response.empty(204);
    }
}

package io.nacre.keystone.domain;

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
import io.nacre.keystone.Removals;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Listings;
import io.nacre.keystone.entity.Scopes;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectApi;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.project.ProjectView;
import io.nacre.policy.PolicyRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** API reference "Domains". */
public final class DomainApi {
    private static final PolicyRule LIST = KeystonePolicy.domain(
            "list_domains", ADMIN_OR_SYSTEM_READER + " or (role:reader and domain_id:%(target.domain.id)s)");
    private static final PolicyRule GET = KeystonePolicy.domain(
            "get_domain",
            ADMIN_OR_SYSTEM_READER
                    + " or token.domain.id:%(target.domain.id)s or token.project.domain.id:%(target.domain.id)s");
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_domain", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_domain", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_domain", ADMIN);

    private static final String PROPERTIES = """
            "name": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "[\\\\S]+"},
            "description": {"type": ["string", "null"]},
            "enabled": {"type": "boolean"},
            "tags": {"type": "array", "maxItems": 80, "uniqueItems": true,
                     "items": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[^,/]*$"}},
            "options": {"type": "object", "additionalProperties": false,
                        "properties": {"immutable": {"type": ["boolean", "null"]}}}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["domain"], "properties": {"domain":
              {"type": "object", "required": ["name"], "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["domain"], "properties": {"domain":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Set<String> KNOWN =
            Set.of("id", "name", "description", "enabled", "tags", "options", "links", "explicit_domain_id");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final Transactions transactions;
    private final Listings listings;
    private final ProjectStore projects;
    private final ProjectApi updates;
    private final Removals removals;
    private final Ids ids;

    public DomainApi(
            Transactions transactions,
            Listings listings,
            ProjectStore projects,
            ProjectApi updates,
            Removals removals,
            Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.projects = projects;
        this.updates = updates;
        this.removals = removals;
        this.ids = ids;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/domains")
                        .policy(LIST, r -> Scopes.target(r.caller(), "target.domain.id"))
                        .to(this::list),
                Route.post("/v3/domains").policy(CREATE).body(CREATE_BODY).to(this::create),
                Route.get("/v3/domains/{domain_id}")
                        .policy(GET, r -> Map.of("target.domain.id", r.param("domain_id")))
                        .to(this::show),
                Route.patch("/v3/domains/{domain_id}")
                        .policy(UPDATE, this::existing)
                        .body(UPDATE_BODY)
                        .to(this::update),
                Route.delete("/v3/domains/{domain_id}")
                        .policy(DELETE, this::existing)
                        .to(this::delete));
    }

    /** Here what does not exist is 404 for everybody, as in the original. */
    private Map<String, @Nullable Object> existing(Request request) {
        transactions.read(tx -> projects.requireDomain(tx, request.param("domain_id")));
        return Map.of();
    }

    private Response list(Request request) {
        List<Filter> filters = Scopes.visible(request.caller(), Filter.of(request.query(), "name", "enabled"), "id");
        filters.add(Filter.equal("is_domain", "true"));
        return listings.collection(
                request,
                "domains",
                most -> transactions.read(tx -> projects.list(tx, filters, most)),
                ProjectView::showDomain);
    }

    private Response show(Request request) {
        Project domain = transactions.read(tx -> projects.requireDomain(tx, request.param("domain_id")));
        return Envelope.member(200, "domain", ProjectView.showDomain(request, domain));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "domain");
        String explicit = fields.text("explicit_domain_id");
        if (explicit != null && !ID.matcher(explicit).matches()) {
            throw Fault.invalid("Domain ID does not conform to required UUID format.");
        }
        Project domain = new Project(
                explicit == null ? ids.hex() : explicit,
                fields.required("name").strip(),
                null,
                null,
                true,
                fields.flag("enabled", true),
                fields.text("description", ""),
                ProjectApi.tags(fields, List.of()),
                fields.map("options", Map.of()),
                fields.extra(KNOWN, Map.of()));
        transactions.run(tx -> {
            if (projects.find(tx, domain.id()).isPresent()) {
                throw Fault.conflict("Conflict occurred attempting to store domain - Duplicate ID, " + explicit + ".");
            }
            projects.create(tx, domain);
        });
        return Envelope.member(201, "domain", ProjectView.showDomain(request, domain));
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "domain");
        fields.requireId(request.param("domain_id"));
        Project changed = transactions.write(tx -> {
            projects.requireDomain(tx, request.param("domain_id"));
            return updates.update(tx, request.param("domain_id"), fields);
        });
        return Envelope.member(200, "domain", ProjectView.showDomain(request, changed));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Project domain = projects.requireDomain(tx, request.param("domain_id"));
            domain.requireMutable("delete");
            removals.domain(tx, domain);
        });
        return Response.empty(204);
    }
}

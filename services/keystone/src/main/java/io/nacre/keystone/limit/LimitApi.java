package io.nacre.keystone.limit;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Caller.Person;
import io.nacre.base.Caller.Scope;
import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Listings;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API reference "Unified limits", limits. */
public final class LimitApi {
    private static final PolicyRule MODEL = KeystonePolicy.domain("get_limit_model", "");
    private static final PolicyRule LIST = KeystonePolicy.domain("list_limits", "");
    private static final PolicyRule GET = KeystonePolicy.domain(
            "get_limit",
            ADMIN_OR_SYSTEM_READER
                    + " or (domain_id:%(target.limit.domain.id)s or domain_id:%(target.limit.project.domain_id)s)"
                    + " or (project_id:%(target.limit.project_id)s and not None:%(target.limit.project_id)s)");
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_limits", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_limit", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_limit", ADMIN);

    private final Transactions transactions;
    private final Listings listings;
    private final RegisteredLimitStore registered;
    private final LimitStore limits;
    private final ProjectStore projects;
    private final Existence existence;
    private final LimitModel model;
    private final TwoLevels levels;
    private final Ids ids;

    public LimitApi(
            Transactions transactions,
            Listings listings,
            RegisteredLimitStore registered,
            LimitStore limits,
            ProjectStore projects,
            Existence existence,
            LimitModel model,
            Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.registered = registered;
        this.limits = limits;
        this.projects = projects;
        this.existence = existence;
        this.model = model;
        this.levels = new TwoLevels(registered, limits, projects);
        this.ids = ids;
    }

    public List<Route> routes() {
        String one = "/v3/limits/{limit_id}";
        return List.of(
                Route.get("/v3/limits/model").policy(MODEL).to(request -> model()),
                Route.get("/v3/limits").policy(LIST).to(this::list),
                Route.post("/v3/limits")
                        .policy(CREATE)
                        .body(LimitSchemas.CREATE)
                        .to(this::create),
                Route.get(one).policy(GET, this::target).to(this::show),
                Route.patch(one).policy(UPDATE).body(LimitSchemas.UPDATE).to(this::update),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    /** Whose limit it is; empty when there is none. */
    private Map<String, @Nullable Object> target(Request request) {
        return transactions.read(tx -> {
            Map<String, @Nullable Object> target = new LinkedHashMap<>();
            limits.find(tx, request.param("limit_id")).ifPresent(limit -> {
                if (limit.domainId() != null) {
                    target.put("target.limit.domain.id", limit.domainId());
                }
                if (limit.projectId() != null) {
                    target.put("target.limit.project_id", limit.projectId());
                    target.put(
                            "target.limit.project.domain_id",
                            projects.require(tx, limit.projectId()).ownDomain());
                }
            });
            return target;
        });
    }

    private Response model() {
        return Response.json(200, "model", Map.of("name", model.shownName(), "description", model.description()));
    }

    private static Map<String, @Nullable Object> show(Request request, Limit limit) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", limit.id());
        shown.put("project_id", limit.projectId());
        shown.put("domain_id", limit.domainId());
        shown.put("service_id", limit.resource().serviceId());
        shown.put("region_id", limit.resource().regionId());
        shown.put("resource_name", limit.resource().name());
        shown.put("resource_limit", limit.value());
        shown.put("description", limit.description());
        return Envelope.linked(request, shown, "/limits/" + limit.id());
    }

    private Response list(Request request) {
        List<Filter> filters =
                Filter.of(request.query(), "service_id", "region_id", "resource_name", "project_id", "domain_id");
        return listings.collection(
                request,
                "limits",
                most -> transactions.read(tx -> visible(tx, request.caller().scope(), filters, most)),
                LimitApi::show);
    }

    /** A token of the system sees all, one of a domain what is in the domain, one of a project what is the project's. */
    private List<Limit> visible(Tx tx, Scope scope, List<Filter> filters, int most) {
        Person project = scope.project();
        Person domain = scope.domain();
        if (scope.system()) {
            return limits.list(tx, filters, most);
        }
        if (project != null) {
            List<Filter> own = new ArrayList<>(filters);
            own.add(Filter.equal("project_id", project.id()));
            return limits.list(tx, own, most);
        }
        return domain == null
                ? List.of()
                : limits.listInDomain(tx, domain.id(), projects.inDomain(domain.id()), filters, most);
    }

    private Response show(Request request) {
        Limit limit = transactions.read(tx -> limits.require(tx, request.param("limit_id")));
        return Envelope.member(200, "limit", show(request, limit));
    }

    /** All of them or none. */
    private Response create(Request request) {
        List<Limit> wanted = Fields.each(request, "limits").stream()
                .map(fields -> new Limit(
                        ids.hex(),
                        new Resource(
                                fields.required("service_id"),
                                fields.text("region_id"),
                                fields.required("resource_name")),
                        fields.text("project_id"),
                        fields.text("domain_id"),
                        fields.integer("resource_limit", 0),
                        fields.text("description")))
                .toList();
        transactions.run(tx -> {
            wanted.forEach(limit -> existence.require(tx, limit));
            requireModel(tx, wanted);
            for (Limit limit : wanted) {
                if (registered.find(tx, limit.resource()).isEmpty()) {
                    throw Fault.forbidden("Unable to create a limit that has no corresponding registered limit.");
                }
                limits.create(tx, limit);
            }
        });
        return Response.json(
                201,
                "limits",
                wanted.stream().map(limit -> show(request, limit)).toList());
    }

    private void requireModel(Tx tx, List<Limit> wanted) {
        if (model == LimitModel.STRICT_TWO_LEVEL) {
            levels.require(tx, wanted);
        }
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "limit");
        Limit changed = transactions.write(tx -> {
            Limit present = limits.require(tx, request.param("limit_id"));
            Limit next = new Limit(
                    present.id(),
                    present.resource(),
                    present.projectId(),
                    present.domainId(),
                    fields.integer("resource_limit", present.value()),
                    fields.text("description", present.description()));
            requireModel(tx, List.of(next));
            limits.update(tx, next);
            return next;
        });
        return Envelope.member(200, "limit", show(request, changed));
    }

    private Response delete(Request request) {
        transactions.run(tx ->
                limits.delete(tx, limits.require(tx, request.param("limit_id")).id()));
        return Response.empty(204);
    }
}

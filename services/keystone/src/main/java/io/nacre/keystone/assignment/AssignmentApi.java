package io.nacre.keystone.assignment;

import static io.nacre.keystone.KeystonePolicy.orDomainReader;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Query;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.assignment.EffectiveGrants.Line;
import io.nacre.keystone.assignment.EffectiveGrants.Wanted;
import io.nacre.keystone.assignment.Grant.Target;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Scopes;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.project.ProjectView;
import io.nacre.keystone.role.RoleStore;
import io.nacre.keystone.user.UserStore;
import io.nacre.policy.PolicyRule;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** API reference "Role assignments", and what projects a user has. */
public final class AssignmentApi {
    private static final PolicyRule LIST =
            KeystonePolicy.domain("list_role_assignments", orDomainReader("target.domain_id"));
    private static final PolicyRule LIST_TREE =
            KeystonePolicy.domain("list_role_assignments_for_tree", orDomainReader("target.domain_id"));

    private static final String PROJECT = "scope.project.id";
    private static final String DOMAIN = "scope.domain.id";
    private static final String SYSTEM = "scope.system";
    private static final String INHERITED = "scope.OS-INHERIT:inherited_to";

    private final Transactions transactions;
    private final EffectiveGrants grants;
    private final ProjectStore projects;
    private final AssignmentView view;

    public AssignmentApi(
            Transactions transactions,
            AssignmentStore grants,
            GroupStore groups,
            ProjectStore projects,
            RoleStore roles,
            UserStore users) {
        this.transactions = transactions;
        this.grants = new EffectiveGrants(grants, groups, projects, roles);
        this.projects = projects;
        this.view = new AssignmentView(users, groups, projects, roles);
    }

    public List<Route> routes() {
        return List.of(Route.get("/v3/role_assignments")
                .policy(List.of(LIST, LIST_TREE), this::rule)
                .to(this::list));
    }

    /** With the token's domain; for a tree, with the project at its top, without which it is 404 for everybody. */
    private Route.Check rule(Request request) {
        if (!isTree(request)) {
            return new Route.Check(LIST, Scopes.target(request.caller(), "target.domain_id"));
        }
        Map<String, @Nullable Object> target = new HashMap<>();
        String projectId = value(request.query(), PROJECT);
        if (projectId != null) {
            Project project = transactions.read(tx -> projects.require(tx, projectId));
            target.putAll(ProjectView.target(project));
            target.put("target.domain_id", project.domainId());
        }
        return new Route.Check(LIST_TREE, target);
    }

    private static boolean isTree(Request request) {
        return Envelope.flag(request, "include_subtree");
    }

    private Response list(Request request) {
        if (isTree(request) && !given(request.query(), PROJECT)) {
            throw Fault.invalid("scope.project.id must be specified if include_subtree is also specified");
        }
        boolean effective = Envelope.flag(request, "effective");
        boolean names = Envelope.flag(request, "include_names");
        requireSense(request.query(), effective);
        List<Map<String, Object>> shown = transactions.read(tx -> {
            Wanted wanted = wanted(tx, request);
            List<Line> lines = effective ? grants.effective(tx, wanted) : grants.direct(tx, wanted);
            Set<String> visible = visibleProjects(tx, request.caller());
            return view.show(
                    tx,
                    request,
                    lines.stream()
                            .filter(line -> sees(request.caller(), visible, line.grant()))
                            .toList(),
                    names);
        });
        return Response.json(200, Envelope.container(request, "role_assignments", shown));
    }

    private static void requireSense(Query query, boolean effective) {
        requireOne(query, DOMAIN, PROJECT, "Specify a domain or project, not both");
        requireOne(query, DOMAIN, SYSTEM, "Specify system or domain, not both");
        requireOne(query, PROJECT, SYSTEM, "Specify system or project, not both");
        requireOne(query, "user.id", "group.id", "Specify a user or group, not both");
        if (effective && given(query, "group.id")) {
            throw Fault.invalid("Combining effective and group filter will always result in an empty list.");
        }
        if (effective && "projects".equals(query.get(INHERITED)) && given(query, DOMAIN)) {
            throw Fault.invalid(
                    "Combining effective, domain and inherited filters will always result in an empty list.");
        }
    }

    private static void requireOne(Query query, String one, String other, String message) {
        if (given(query, one) && given(query, other)) {
            throw Fault.invalid(message);
        }
    }

    private static boolean given(Query query, String name) {
        String value = query.get(name);
        return value != null && !value.isEmpty();
    }

    private static @Nullable String value(Query query, String name) {
        return given(query, name) ? query.get(name) : null;
    }

    private Wanted wanted(Tx tx, Request request) {
        Query query = request.query();
        String projectId = value(query, PROJECT);
        Set<String> projectIds = null;
        if (projectId != null) {
            projectIds = new LinkedHashSet<>(List.of(projectId));
            if (isTree(request)) {
                for (Project project : projects.subtree(tx, projectId)) {
                    projectIds.add(project.id());
                }
            }
        }
        return new Wanted(
                value(query, "role.id"),
                value(query, "user.id"),
                value(query, "group.id"),
                "all".equals(query.get(SYSTEM)),
                value(query, DOMAIN),
                projectIds,
                query.has(INHERITED) ? (Boolean) "projects".equals(query.get(INHERITED)) : null);
    }

    private Set<String> visibleProjects(Tx tx, Caller caller) {
        Caller.Person domain = caller.scope().domain();
        Set<String> visible = new LinkedHashSet<>();
        if (domain != null) {
            projects.subtree(tx, domain.id()).forEach(project -> visible.add(project.id()));
        }
        return visible;
    }

    /** A token of a domain sees the assignments in the domain. */
    private static boolean sees(Caller caller, Set<String> projects, Grant grant) {
        Caller.Person domain = caller.scope().domain();
        return domain == null
                || (grant.target() == Target.DOMAIN && grant.targetId().equals(domain.id()))
                || (grant.target() == Target.PROJECT && projects.contains(grant.targetId()));
    }
}

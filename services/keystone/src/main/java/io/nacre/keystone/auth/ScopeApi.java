package io.nacre.keystone.auth;

import static io.nacre.keystone.KeystonePolicy.orDomainReader;

import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.assignment.EffectiveRoles;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.project.ProjectView;
import io.nacre.keystone.token.Token;
import io.nacre.keystone.user.UserStore;
import io.nacre.keystone.user.UserView;
import io.nacre.policy.PolicyRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a user can get a token for: API reference "Get available project scopes" and its neighbours, and a user's projects. */
public final class ScopeApi {
    private static final PolicyRule PROJECTS = KeystonePolicy.any("get_auth_projects");
    private static final PolicyRule DOMAINS = KeystonePolicy.any("get_auth_domains");
    private static final PolicyRule SYSTEM = KeystonePolicy.any("get_auth_system");
    private static final PolicyRule USER_PROJECTS = KeystonePolicy.domain(
            "list_user_projects", orDomainReader("target.user.domain_id") + " or user_id:%(target.user.id)s");

    private final Transactions transactions;
    private final EffectiveRoles roles;
    private final ProjectStore projects;
    private final UserStore users;
    private final ValidTokens tokens;

    public ScopeApi(
            Transactions transactions,
            EffectiveRoles roles,
            ProjectStore projects,
            UserStore users,
            ValidTokens tokens) {
        this.transactions = transactions;
        this.roles = roles;
        this.projects = projects;
        this.users = users;
        this.tokens = tokens;
    }

    /** Of the caller, in the groups that their token tells included. */
    private EffectiveRoles own(Request request) {
        Token.Federation federation = tokens.require(request.token()).token().federation();
        return federation == null ? roles : roles.in(federation.groupIds());
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/auth/projects").policy(PROJECTS).to(this::ownProjects),
                Route.get("/v3/OS-FEDERATION/projects").policy(PROJECTS).to(this::ownProjects),
                Route.get("/v3/auth/domains").policy(DOMAINS).to(this::domains),
                Route.get("/v3/OS-FEDERATION/domains").policy(DOMAINS).to(this::domains),
                Route.get("/v3/auth/system").policy(SYSTEM).to(this::system),
                Route.get("/v3/users/{user_id}/projects")
                        .policy(USER_PROJECTS, this::target)
                        .to(this::projectsOfUser));
    }

    private Map<String, @Nullable Object> target(Request request) {
        return transactions
                .read(tx -> users.find(tx, request.param("user_id")))
                .map(UserView::target)
                .orElse(Map.of());
    }

    private Response ownProjects(Request request) {
        return projects(request, request.caller().requireUser(), own(request));
    }

    private Response projectsOfUser(Request request) {
        String userId = request.param("user_id");
        transactions.read(tx -> users.require(tx, userId));
        return projects(request, userId, roles);
    }

    private Response projects(Request request, String userId, EffectiveRoles roles) {
        List<Filter> filters = Filter.of(request.query(), "domain_id", "enabled", "name");
        List<Project> found = transactions.read(tx -> projects.list(tx, roles.projectsOf(tx, userId), filters));
        return Envelope.collection(
                request,
                "projects",
                found.stream()
                        .filter(project -> !project.isDomain())
                        .map(project -> ProjectView.show(request, project))
                        .toList());
    }

    private Response domains(Request request) {
        String userId = request.caller().requireUser();
        EffectiveRoles own = own(request);
        List<Project> found = transactions.read(tx -> projects.list(tx, own.domainsOf(tx, userId), List.of()));
        return Envelope.collection(
                request,
                "domains",
                found.stream()
                        .map(domain -> ProjectView.showDomain(request, domain))
                        .toList());
    }

    private Response system(Request request) {
        String userId = request.caller().requireUser();
        EffectiveRoles own = own(request);
        boolean any = transactions.read(tx -> !own.onSystem(tx, userId).isEmpty());
        return Response.json(
                200,
                Map.of(
                        "system",
                        any ? List.of(Map.of("all", true)) : List.of(),
                        "links",
                        Map.of("self", Envelope.url(request, "/auth/system"))));
    }
}

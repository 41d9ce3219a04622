package io.nacre.keystone.endpointfilter;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.endpoint.Endpoint;
import io.nacre.keystone.endpoint.EndpointApi;
import io.nacre.keystone.endpoint.EndpointStore;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.project.ProjectView;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.policy.PolicyRule;
import java.util.List;

/** API reference "OS-EP-FILTER", associations of endpoints and projects. */
public final class EndpointFilterApi {
    private static final PolicyRule LIST_PROJECTS =
            KeystonePolicy.cloud("list_projects_for_endpoint", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule LIST_ENDPOINTS =
            KeystonePolicy.cloud("list_endpoints_for_project", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CHECK = KeystonePolicy.cloud("check_endpoint_in_project", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule ADD = KeystonePolicy.cloud("add_endpoint_to_project", ADMIN);
    private static final PolicyRule REMOVE = KeystonePolicy.cloud("remove_endpoint_from_project", ADMIN);

    private final Transactions transactions;
    private final EndpointFilters filters;
    private final ProjectAssociationStore associations;
    private final EndpointStore endpoints;
    private final ProjectStore projects;
    private final Revocations revocations;

    public EndpointFilterApi(
            Transactions transactions,
            EndpointFilters filters,
            ProjectAssociationStore associations,
            EndpointStore endpoints,
            ProjectStore projects,
            Revocations revocations) {
        this.transactions = transactions;
        this.filters = filters;
        this.associations = associations;
        this.endpoints = endpoints;
        this.projects = projects;
        this.revocations = revocations;
    }

    public List<Route> routes() {
        String project = "/v3/OS-EP-FILTER/projects/{project_id}/endpoints";
        String one = project + "/{endpoint_id}";
        return List.of(
                Route.get("/v3/OS-EP-FILTER/endpoints/{endpoint_id}/projects")
                        .policy(LIST_PROJECTS)
                        .to(this::projects),
                Route.get(project).policy(LIST_ENDPOINTS).to(this::endpoints),
                Route.get(one).policy(CHECK).to(this::check),
                Route.put(one).policy(ADD).to(this::add),
                Route.delete(one).policy(REMOVE).to(this::remove));
    }

    private Response projects(Request request) {
        List<Project> found = transactions.read(
                tx -> projects.list(tx, associations.projectsOf(tx, endpoint(tx, request)), List.of()));
        return Envelope.collection(request, "projects", found, ProjectView::show);
    }

    private Response endpoints(Request request) {
        List<Endpoint> found = transactions.read(tx -> filters.of(tx, project(tx, request)));
        return Envelope.collection(request, "endpoints", found, EndpointApi::show);
    }

    private Response check(Request request) {
        transactions.read(tx -> {
            String project = project(tx, request);
            associations.require(tx, endpoint(tx, request), project);
            return project;
        });
        return Response.empty(204);
    }

    private Response add(Request request) {
        transactions.run(tx -> {
            associations.create(tx, endpoint(tx, request), project(tx, request));
            revocations.changed(tx);
        });
        return Response.empty(204);
    }

    private Response remove(Request request) {
        transactions.run(tx -> {
            associations.delete(tx, request.param("endpoint_id"), request.param("project_id"));
            revocations.changed(tx);
        });
        return Response.empty(204);
    }

    private String endpoint(Tx tx, Request request) {
        return endpoints.require(tx, request.param("endpoint_id")).id();
    }

    private String project(Tx tx, Request request) {
        return projects.require(tx, request.param("project_id")).id();
    }
}

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
    private final ProjectAssociationApi associations;
    private final EndpointStore endpoints;

    public EndpointFilterApi(
            Transactions transactions,
            EndpointFilters filters,
            ProjectAssociationApi associations,
            EndpointStore endpoints) {
        this.transactions = transactions;
        this.filters = filters;
        this.associations = associations;
        this.endpoints = endpoints;
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
        return associations.list(request, tx -> endpoint(tx, request));
    }

    private Response endpoints(Request request) {
        List<Endpoint> found = transactions.read(tx -> filters.of(tx, associations.project(tx, request)));
        return Envelope.collection(request, "endpoints", found, EndpointApi::show);
    }

    private Response check(Request request) {
        transactions.read(tx -> {
            String project = associations.project(tx, request);
            associations.require(tx, endpoint(tx, request), project);
            return project;
        });
        return Response.empty(204);
    }

    private Response add(Request request) {
        return associations.add(request, tx -> endpoint(tx, request));
    }

    /** Also of an endpoint or project that is no more. */
    private Response remove(Request request) {
        return associations.remove(tx -> request.param("endpoint_id"), tx -> request.param("project_id"));
    }

    private String endpoint(Tx tx, Request request) {
        return endpoints.require(tx, request.param("endpoint_id")).id();
    }
}

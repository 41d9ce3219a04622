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
import java.util.Map;

/** API reference "OS-EP-FILTER", what is in endpoint groups and which projects they are for. */
public final class GroupFilterApi {
    private static final PolicyRule LIST_GROUPS =
            KeystonePolicy.cloud("list_endpoint_groups_for_project", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule LIST_PROJECTS =
            KeystonePolicy.cloud("list_projects_associated_with_endpoint_group", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule LIST_ENDPOINTS =
            KeystonePolicy.cloud("list_endpoints_associated_with_endpoint_group", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_endpoint_group_in_project", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule ADD = KeystonePolicy.cloud("add_endpoint_group_to_project", ADMIN);
    private static final PolicyRule REMOVE = KeystonePolicy.cloud("remove_endpoint_group_from_project", ADMIN);

    private final Transactions transactions;
    private final EndpointFilters filters;
    private final EndpointGroupStore groups;
    private final ProjectAssociationApi associations;
    private final EndpointStore endpoints;

    public GroupFilterApi(
            Transactions transactions,
            EndpointFilters filters,
            EndpointGroupStore groups,
            ProjectAssociationApi associations,
            EndpointStore endpoints) {
        this.transactions = transactions;
        this.filters = filters;
        this.groups = groups;
        this.associations = associations;
        this.endpoints = endpoints;
    }

    public List<Route> routes() {
        String group = "/v3/OS-EP-FILTER/endpoint_groups/{endpoint_group_id}";
        String one = group + "/projects/{project_id}";
        return List.of(
                Route.get("/v3/OS-EP-FILTER/projects/{project_id}/endpoint_groups")
                        .policy(LIST_GROUPS)
                        .to(this::groups),
                Route.get(group + "/projects").policy(LIST_PROJECTS).to(this::projects),
                Route.get(group + "/endpoints").policy(LIST_ENDPOINTS).to(this::endpoints),
                Route.get(one).policy(GET).to(this::show),
                Route.put(one).policy(ADD).to(this::add),
                Route.delete(one).policy(REMOVE).to(this::remove));
    }

    private Response groups(Request request) {
        List<EndpointGroup> found = transactions.read(tx -> filters.groups(tx, associations.project(tx, request)));
        return Envelope.collection(request, "endpoint_groups", found, EndpointGroupApi::show);
    }

    private Response projects(Request request) {
        return associations.list(request, tx -> group(tx, request).id());
    }

    private Response endpoints(Request request) {
        List<Endpoint> found = transactions.read(tx -> {
            EndpointGroup group = group(tx, request);
            return endpoints.list(tx, List.of()).stream().filter(group::holds).toList();
        });
        return Envelope.collection(request, "endpoints", found, EndpointApi::show);
    }

    private Response show(Request request) {
        Map<String, String> association = transactions.read(tx -> {
            String project = associations.project(tx, request);
            String group = group(tx, request).id();
            associations.require(tx, group, project);
            return Map.of("endpoint_group_id", group, "project_id", project);
        });
        String path = "/OS-EP-FILTER/endpoint_groups/" + association.get("endpoint_group_id") + "/projects/"
                + association.get("project_id");
        return Envelope.member(200, "project_endpoint_group", Envelope.linked(request, association, path));
    }

    private Response add(Request request) {
        return associations.add(request, tx -> group(tx, request).id());
    }

    private Response remove(Request request) {
        return associations.remove(tx -> group(tx, request).id(), tx -> associations.project(tx, request));
    }

    private EndpointGroup group(Tx tx, Request request) {
        return groups.require(tx, request.param("endpoint_group_id"));
    }
}

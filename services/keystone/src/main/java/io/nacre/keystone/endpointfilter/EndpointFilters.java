package io.nacre.keystone.endpointfilter;

import io.nacre.base.Tx;
import io.nacre.keystone.endpoint.Endpoint;
import io.nacre.keystone.endpoint.EndpointStore;
import java.util.List;
import java.util.Set;

/** Which endpoints are for which project. */
public final class EndpointFilters {
    private final EndpointStore endpoints;
    private final EndpointGroupStore groups;
    private final ProjectAssociationStore endpointProjects;
    private final ProjectAssociationStore groupProjects;
    private final boolean allIfNone;

    public EndpointFilters(
            EndpointStore endpoints,
            EndpointGroupStore groups,
            ProjectAssociationStore endpointProjects,
            ProjectAssociationStore groupProjects,
            EndpointFilterConfig config) {
        this.endpoints = endpoints;
        this.groups = groups;
        this.endpointProjects = endpointProjects;
        this.groupProjects = groupProjects;
        this.allIfNone = config.returnAllEndpointsIfNoFilter();
    }

    /** Whether a catalog that nothing is filtered for shows all endpoints instead of none. */
    public boolean allIfNone() {
        return allIfNone;
    }

    /** Those that the project is associated with, disabled ones included. */
    public List<Endpoint> of(Tx tx, String projectId) {
        Set<String> named = Set.copyOf(endpointProjects.subjectsOf(tx, projectId));
        List<EndpointGroup> around = groups(tx, projectId);
        if (named.isEmpty() && around.isEmpty()) {
            return List.of();
        }
        return endpoints.list(tx, List.of()).stream()
                .filter(endpoint ->
                        named.contains(endpoint.id()) || around.stream().anyMatch(group -> group.holds(endpoint)))
                .toList();
    }

    List<EndpointGroup> groups(Tx tx, String projectId) {
        return groups.list(tx, groupProjects.subjectsOf(tx, projectId));
    }
}

package io.nacre.keystone;

import io.nacre.http.Route;
import io.nacre.keystone.endpoint.EndpointApi;
import io.nacre.keystone.endpointfilter.EndpointFilterApi;
import io.nacre.keystone.endpointfilter.EndpointGroupApi;
import io.nacre.keystone.endpointfilter.GroupFilterApi;
import io.nacre.keystone.endpointfilter.ProjectAssociationApi;
import io.nacre.keystone.endpointfilter.ProjectAssociationStore;
import io.nacre.keystone.endpointpolicy.EndpointPolicyApi;
import io.nacre.keystone.limit.Existence;
import io.nacre.keystone.limit.LimitApi;
import io.nacre.keystone.limit.RegisteredLimitApi;
import io.nacre.keystone.policydocument.PolicyDocumentApi;
import io.nacre.keystone.region.RegionApi;
import io.nacre.keystone.service.ServiceApi;
import java.util.List;
import java.util.stream.Stream;

/** What there is to reach, and what is said of it: regions, services, endpoints and who sees them, policies, limits. */
final class CatalogRoutes {
    private CatalogRoutes() {}

    static Stream<Route> of(Parts of) {
        Stores in = of.stores;
        Existence existence = new Existence(in.services, in.regions, in.projects);
        return Stream.of(
                        endpointFilters(of),
                        new RegionApi(
                                        of.transactions,
                                        of.listings,
                                        in.regions,
                                        in.endpoints,
                                        of.catalogRemovals,
                                        of.ids)
                                .routes(),
                        new ServiceApi(
                                        of.transactions,
                                        of.listings,
                                        in.services,
                                        of.catalogRemovals,
                                        of.revocations,
                                        of.ids)
                                .routes(),
                        new EndpointApi(
                                        of.transactions,
                                        of.listings,
                                        in.endpoints,
                                        in.services,
                                        in.regions,
                                        of.revocations,
                                        of.catalogRemovals,
                                        of.ids)
                                .routes(),
                        new PolicyDocumentApi(of.transactions, of.listings, in.documents, in.policyAssociations, of.ids)
                                .routes(),
                        new EndpointPolicyApi(
                                        of.transactions,
                                        in.policyAssociations,
                                        in.documents,
                                        in.endpoints,
                                        in.services,
                                        in.regions)
                                .routes(),
                        new RegisteredLimitApi(
                                        of.transactions, of.listings, in.registeredLimits, in.limits, existence, of.ids)
                                .routes(),
                        new LimitApi(
                                        of.transactions,
                                        of.listings,
                                        in.registeredLimits,
                                        in.limits,
                                        in.projects,
                                        existence,
                                        of.config.limitModel(),
                                        of.ids)
                                .routes())
                .flatMap(List::stream);
    }

    private static List<Route> endpointFilters(Parts of) {
        Stores in = of.stores;
        return Stream.of(
                        new EndpointFilterApi(
                                        of.transactions,
                                        of.endpointFilters,
                                        associations(of, in.endpointProjects),
                                        in.endpoints)
                                .routes(),
                        new EndpointGroupApi(
                                        of.transactions,
                                        of.listings,
                                        in.endpointGroups,
                                        in.groupProjects,
                                        of.revocations,
                                        of.ids)
                                .routes(),
                        new GroupFilterApi(
                                        of.transactions,
                                        of.endpointFilters,
                                        in.endpointGroups,
                                        associations(of, in.groupProjects),
                                        in.endpoints)
                                .routes())
                .flatMap(List::stream)
                .toList();
    }

    private static ProjectAssociationApi associations(Parts of, ProjectAssociationStore associations) {
        return new ProjectAssociationApi(of.transactions, associations, of.stores.projects, of.revocations);
    }
}

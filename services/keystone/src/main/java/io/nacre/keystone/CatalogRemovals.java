package io.nacre.keystone;

import io.nacre.base.Tx;
import io.nacre.keystone.endpoint.Endpoint;
import io.nacre.keystone.endpoint.EndpointStore;
import io.nacre.keystone.endpointpolicy.PolicyAssociationStore;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.region.Region;
import io.nacre.keystone.region.RegionStore;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.service.CatalogService;
import io.nacre.keystone.service.ServiceStore;
import java.util.List;

/** What goes when an endpoint, a service or a region is removed; all in the caller's transaction. */
public final class CatalogRemovals {
    private final EndpointStore endpoints;
    private final ServiceStore services;
    private final RegionStore regions;
    private final PolicyAssociationStore policies;
    private final Revocations revocations;

    public CatalogRemovals(
            EndpointStore endpoints,
            ServiceStore services,
            RegionStore regions,
            PolicyAssociationStore policies,
            Revocations revocations) {
        this.endpoints = endpoints;
        this.services = services;
        this.regions = regions;
        this.policies = policies;
        this.revocations = revocations;
    }

    public void endpoint(Tx tx, Endpoint endpoint) {
        policies.deleteOfEndpoint(tx, endpoint.id());
        endpoints.delete(tx, endpoint.id());
        revocations.changed(tx);
    }

    /** With its endpoints. */
    public void service(Tx tx, CatalogService service) {
        endpoints
                .list(tx, List.of(Filter.equal("service_id", service.id())))
                .forEach(endpoint -> endpoint(tx, endpoint));
        policies.deleteOfService(tx, service.id());
        services.delete(tx, service.id());
        revocations.changed(tx);
    }

    public void region(Tx tx, Region region) {
        policies.deleteOfRegion(tx, region.id());
        regions.delete(tx, region.id());
        revocations.changed(tx);
    }
}

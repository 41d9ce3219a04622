package io.nacre.keystone;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.keystone.endpoint.Endpoint;
import io.nacre.keystone.endpoint.EndpointStore;
import io.nacre.keystone.endpointpolicy.PolicyAssociationStore;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.limit.RegisteredLimitStore;
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
    private final RegisteredLimitStore limits;
    private final Revocations revocations;

    public CatalogRemovals(
            EndpointStore endpoints,
            ServiceStore services,
            RegionStore regions,
            PolicyAssociationStore policies,
            RegisteredLimitStore limits,
            Revocations revocations) {
        this.endpoints = endpoints;
        this.services = services;
        this.regions = regions;
        this.policies = policies;
        this.limits = limits;
        this.revocations = revocations;
    }

    public void endpoint(Tx tx, Endpoint endpoint) {
        policies.deleteOfEndpoint(tx, endpoint.id());
        endpoints.delete(tx, endpoint.id());
        revocations.changed(tx);
    }

    /** With its endpoints, unless its resources are limited. */
    public void service(Tx tx, CatalogService service) {
        if (limits.isAnyOfService(tx, service.id())) {
            throw Fault.conflict("Unable to delete service " + service.id() + " because it has registered limits.");
        }
        endpoints
                .list(tx, List.of(Filter.equal("service_id", service.id())))
                .forEach(endpoint -> endpoint(tx, endpoint));
        policies.deleteOfService(tx, service.id());
        services.delete(tx, service.id());
        revocations.changed(tx);
    }

    /** Unless resources in it are limited. */
    public void region(Tx tx, Region region) {
        if (limits.isAnyInRegion(tx, region.id())) {
            throw Fault.conflict("Unable to delete region " + region.id() + " because it has registered limits.");
        }
        policies.deleteOfRegion(tx, region.id());
        regions.delete(tx, region.id());
        revocations.changed(tx);
    }
}

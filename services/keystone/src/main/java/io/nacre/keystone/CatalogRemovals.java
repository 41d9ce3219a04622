package io.nacre.keystone;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.keystone.endpoint.Endpoint;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.region.Region;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.service.CatalogService;
import java.util.List;

/** What goes when an endpoint, a service or a region is removed; all in the caller's transaction. */
public final class CatalogRemovals {
    private final Stores stores;
    private final Revocations revocations;

    CatalogRemovals(Stores stores, Revocations revocations) {
        this.stores = stores;
        this.revocations = revocations;
    }

    public void endpoint(Tx tx, Endpoint endpoint) {
        stores.policyAssociations.deleteOfEndpoint(tx, endpoint.id());
        stores.endpointProjects.deleteOf(tx, endpoint.id());
        stores.endpoints.delete(tx, endpoint.id());
        revocations.changed(tx);
    }

    /** With its endpoints, unless its resources are limited. */
    public void service(Tx tx, CatalogService service) {
        if (stores.registeredLimits.isAnyOfService(tx, service.id())) {
            throw Fault.conflict("Unable to delete service " + service.id() + " because it has registered limits.");
        }
        stores.endpoints
                .list(tx, List.of(Filter.equal("service_id", service.id())))
                .forEach(endpoint -> endpoint(tx, endpoint));
        stores.policyAssociations.deleteOfService(tx, service.id());
        stores.services.delete(tx, service.id());
        revocations.changed(tx);
    }

    /** Unless resources in it are limited. */
    public void region(Tx tx, Region region) {
        if (stores.registeredLimits.isAnyInRegion(tx, region.id())) {
            throw Fault.conflict("Unable to delete region " + region.id() + " because it has registered limits.");
        }
        stores.policyAssociations.deleteOfRegion(tx, region.id());
        stores.regions.delete(tx, region.id());
        revocations.changed(tx);
    }
}

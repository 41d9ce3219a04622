package io.nacre.keystone.limit;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.region.RegionStore;
import io.nacre.keystone.service.ServiceStore;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** What a limit names must be there. */
public final class Existence {
    private final ServiceStore services;
    private final RegionStore regions;
    private final ProjectStore projects;

    public Existence(ServiceStore services, RegionStore regions, ProjectStore projects) {
        this.services = services;
        this.regions = regions;
        this.projects = projects;
    }

    void require(Tx tx, RegisteredLimit limit) {
        require(tx, limit.resource(), "registered_limit");
    }

    void require(Tx tx, Limit limit) {
        require(tx, limit.resource(), "limit");
        require(tx, limit.projectId(), (at, id) -> projects.find(at, id).isPresent(), "project_id", "limit");
        require(
                tx,
                limit.domainId(),
                (at, id) ->
                        projects.find(at, id).filter(found -> found.isDomain()).isPresent(),
                "domain_id",
                "limit");
    }

    private void require(Tx tx, Resource resource, String kind) {
        require(tx, resource.serviceId(), (at, id) -> services.find(at, id).isPresent(), "service_id", kind);
        require(tx, resource.regionId(), (at, id) -> regions.find(at, id).isPresent(), "region_id", kind);
    }

    private static void require(
            Tx tx, @Nullable String id, BiPredicate<Tx, String> exists, String attribute, String kind) {
        if (id != null && !exists.test(tx, id)) {
            throw Fault.invalid("Expecting to find " + attribute + " in " + kind
                    + ". The server could not comply with the request since it is either malformed or otherwise"
                    + " incorrect. The client is assumed to be in error.");
        }
    }
}

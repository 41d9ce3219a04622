package io.nacre.keystone.limit;

import io.nacre.base.Tx;
import io.nacre.keystone.service.CatalogService;
import io.nacre.keystone.service.ServiceStore;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The limits that hold for a project, for the service that keeps to them. */
public final class ProjectLimits {
    private final ServiceStore services;
    private final RegisteredLimitStore registered;
    private final LimitStore limits;

    public ProjectLimits(ServiceStore services, RegisteredLimitStore registered, LimitStore limits) {
        this.services = services;
        this.registered = registered;
        this.limits = limits;
    }

    /** By the name of the resource; see {@link io.nacre.contracts.peer.Identity#limits}. */
    public Map<String, Long> of(Tx tx, String type, String region, String projectId) {
        Map<String, Long> found = new LinkedHashMap<>();
        for (CatalogService service : services.list(tx, List.of())) {
            if (service.type().equals(type)) {
                lay(
                        found,
                        registered.ofService(tx, service.id()),
                        RegisteredLimit::resource,
                        RegisteredLimit::value,
                        region);
                lay(found, limits.ofProject(tx, service.id(), projectId), Limit::resource, Limit::value, region);
            }
        }
        return found;
    }

    /** What holds in the region last, so that it counts. */
    private static <T> void lay(
            Map<String, Long> found,
            List<T> some,
            Function<T, Resource> resource,
            ToLongFunction<T> value,
            String region) {
        some.stream()
                .filter(one -> resource.apply(one).regionId() == null
                        || region.equals(resource.apply(one).regionId()))
                .sorted(Comparator.comparing(one -> resource.apply(one).regionId() != null))
                .forEach(one -> found.put(resource.apply(one).name(), value.applyAsLong(one)));
    }
}

package io.nacre.keystone.endpointfilter;

import io.nacre.keystone.endpoint.Endpoint;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints that have something in common.
 *
 * @param filters what an endpoint must have to belong to it, by the name of the attribute: {@code service_id}, {@code
 *     region_id}, {@code interface}; every endpoint belongs to a group without any
 */
record EndpointGroup(String id, String name, @Nullable String description, Map<String, @Nullable Object> filters) {

    boolean holds(Endpoint endpoint) {
        return filters.entrySet().stream()
                .allMatch(filter -> Objects.equals(filter.getValue(), attribute(endpoint, filter.getKey())));
    }

    private static @Nullable String attribute(Endpoint endpoint, String name) {
        return switch (name) {
            case "service_id" -> endpoint.serviceId();
            case "region_id" -> endpoint.regionId();
            case "interface" -> endpoint.access();
            default -> throw new IllegalStateException("no filter: " + name);
        };
    }
}

package io.nacre.keystone.endpointpolicy;

import io.nacre.keystone.endpoint.Endpoint;
import java.util.Set;

/**
 * What a policy is for: an endpoint, a service, or a service in a region and the regions below it.
 *
 * @param endpointId empty when it is for a service
 * @param serviceId empty when it is for an endpoint
 * @param regionId empty when it is for an endpoint, or for a service wherever it is
 */
record Subject(String endpointId, String serviceId, String regionId) {
    static Subject endpoint(String id) {
        return new Subject(id, "", "");
    }

    static Subject service(String id) {
        return new Subject("", id, "");
    }

    static Subject serviceIn(String id, String regionId) {
        return new Subject("", id, regionId);
    }

    /** @param regions the endpoint's own region and those above it */
    boolean covers(Endpoint endpoint, Set<String> regions) {
        return endpointId.isEmpty()
                ? serviceId.equals(endpoint.serviceId()) && (regionId.isEmpty() || regions.contains(regionId))
                : endpointId.equals(endpoint.id());
    }
}

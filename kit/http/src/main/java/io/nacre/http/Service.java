package io.nacre.http;

import io.nacre.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One API, as it stands on its port.
 *
 * @param name the service's name in logs, such as nova
 * @param requestIdHeader a second name under which the service tells the request id; null for none
 * @param microversions null for an API without them
 * @param anyMediaType whether a body is read as JSON whatever type it is said to be of
 */
public record Service(
        String name,
        List<Route> routes,
        Policy policy,
        ErrorFormat errors,
        @Nullable Microversions microversions,
        @Nullable String requestIdHeader,
        boolean anyMediaType) {

    public Service(
            String name,
            List<Route> routes,
            Policy policy,
            ErrorFormat errors,
            @Nullable Microversions microversions,
            @Nullable String requestIdHeader) {
        this(name, routes, policy, errors, microversions, requestIdHeader, false);
    }

    /** The same with other errors. */
    public Service with(ErrorFormat other) {
        return new Service(name, routes, policy, other, microversions, requestIdHeader, anyMediaType);
    }
}

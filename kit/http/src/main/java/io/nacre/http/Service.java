package io.nacre.http;

import io.nacre.policy.Policy;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One API, as it stands on its port.
 *
 * @param name the service's name in logs, such as nova
 * @param requestIdHeader a second name under which the service tells the request id; null for none
 * @param microversions null for an API without them
 * @param anyMediaType whether a body is read as JSON whatever type it is said to be of
 * @param paths how its paths are read
 */
public record Service(
        String name,
        List<Route> routes,
        Policy policy,
        ErrorFormat errors,
        @Nullable Microversions microversions,
        @Nullable String requestIdHeader,
        boolean anyMediaType,
        Paths paths) {

    /**
     * How paths are read.
     *
     * @param exact whether a slash at the end counts, so that there is nothing at {@code /things/}
     * @param alias the path as the routes have it, for whatever is sent in other ways
     */
    public record Paths(boolean exact, UnaryOperator<String> alias) {
        static final Paths USUAL = new Paths(false, UnaryOperator.identity());
    }

    public Service(
            String name,
            List<Route> routes,
            Policy policy,
            ErrorFormat errors,
            @Nullable Microversions microversions,
            @Nullable String requestIdHeader) {
        this(name, routes, policy, errors, microversions, requestIdHeader, false, Paths.USUAL);
    }

    /** The same with other errors. */
    public Service with(ErrorFormat other) {
        return new Service(name, routes, policy, other, microversions, requestIdHeader, anyMediaType, paths);
    }
}

package io.nacre.http;

import java.util.List;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Lets pages from configured origins call the API (the Fetch standard, section 3.2). */
final class Cors {
    private static final String HEADERS =
            "Content-Type, Authorization, X-Auth-Token, X-Subject-Token, X-OpenStack-Request-ID,"
                    + " OpenStack-API-Version, X-OpenStack-Nova-API-Version";

    private final List<String> origins;

    Cors(List<String> origins) {
        this.origins = origins;
    }

    void allow(Request wire, Response response) {
        String origin = allowed(wire);
        if (origin != null) {
            response.header("Access-Control-Allow-Origin", origin);
            response.header("Access-Control-Allow-Headers", HEADERS);
            response.header("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
            response.header(
                    "Access-Control-Expose-Headers", "X-Subject-Token, X-Openstack-Request-Id, OpenStack-API-Version");
            response.header("Access-Control-Max-Age", "3600");
        }
    }

    private @Nullable String allowed(Request wire) {
        String origin = wire.getHeaders().get("Origin");
        return origin != null && (origins.contains(origin) || origins.contains("*")) ? origin : null;
    }
}

package io.nacre.keystone.version;

import io.nacre.base.Fault;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import java.util.List;

/** What came with PKI tokens and went with them; the original still tells so. API reference "OS-SIMPLE-CERT". */
public final class GoneApi {
    public List<Route> routes() {
        return List.of(
                Route.get("/v3/OS-SIMPLE-CERT/ca").open().to(GoneApi::certificates),
                Route.get("/v3/OS-SIMPLE-CERT/certificates").open().to(GoneApi::certificates),
                Route.get("/v3/auth/tokens/OS-PKI/revoked").open().to(GoneApi::revoked));
    }

    private static Response certificates(Request request) {
        throw Fault.of(
                Fault.Kind.GONE,
                "Gone",
                "This API is no longer available due to the removal of support for PKI tokens.");
    }

    private static Response revoked(Request request) {
        throw Fault.forbidden("You are not authorized to perform the requested action.");
    }
}

package io.nacre.keystone;

import io.nacre.base.Fault;
import io.nacre.http.ErrorFormat;
import io.nacre.http.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Keystone's faults: {@code {"error": {"code", "title", "message"}}}, and where to log in with every 401. */
final class KeystoneErrors implements ErrorFormat {
    private final Supplier<String> identityUrl;

    /** @param identityUrl the public URL of this service, told to whom it does not know */
    KeystoneErrors(Supplier<String> identityUrl) {
        this.identityUrl = identityUrl;
    }

    @Override
    public Response render(Failure failure) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", failure.status());
        error.put("title", failure.reason());
        error.put("message", failure.fault().message());
        Object identity = failure.fault().details().get("identity");
        if (identity != null) {
            error.put("identity", identity);
        }
        Response response = Response.json(failure.status(), "error", error);
        if (failure.fault().kind() == Fault.Kind.UNAUTHENTICATED) {
            response.header("WWW-Authenticate", "Keystone uri=\"" + identityUrl.get() + "\"");
        }
        return response;
    }
}

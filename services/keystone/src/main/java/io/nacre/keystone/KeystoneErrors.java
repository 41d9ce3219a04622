package io.nacre.keystone;

import io.nacre.base.Fault;
import io.nacre.http.ErrorFormat;
import io.nacre.http.Response;
import io.nacre.http.Violation;
import io.nacre.keystone.oauth2.OAuth2Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keystone's faults: {@code {"error": {"code", "title", "message"}}}, at OAuth's token endpoint {@code {"error",
 * "error_description"}}; and where to log in with every 401.
 */
final class KeystoneErrors implements ErrorFormat {
    private final Supplier<String> identityUrl;

    /** @param identityUrl the public URL of this service, told to whom it does not know */
    KeystoneErrors(Supplier<String> identityUrl) {
        this.identityUrl = identityUrl;
    }

    @Override
    public Response render(Failure failure) {
        Response response = failure.fault().details().get(OAuth2Refusal.DETAIL) instanceof String error
                ? Response.json(
                        failure.status(),
                        Map.of(
                                "error",
                                error,
                                "error_description",
                                failure.fault().message()))
                : plain(failure);
        if (failure.fault().kind() == Fault.Kind.UNAUTHENTICATED) {
            response.header("WWW-Authenticate", "Keystone uri=\"" + identityUrl.get() + "\"");
        }
        return response;
    }

    /** The object that all of a body is in goes without saying. */
    @Override
    public String words(Violation violation) {
        List<String> path = violation.path();
        return path.size() < 2
                ? violation.message()
                : "Invalid input for field '" + String.join("/", path.subList(1, path.size())) + "': "
                        + violation.message();
    }

    private static Response plain(Failure failure) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", failure.status());
        error.put("title", failure.reason());
        // What went wrong here is the log's to tell.
        error.put(
                "message",
                failure.fault().kind() == Fault.Kind.INTERNAL
                        ? "An unexpected error prevented the server from fulfilling your request."
                        : failure.fault().message());
        Object identity = failure.fault().details().get("identity");
        if (identity != null) {
            error.put("identity", identity);
        }
        return Response.json(failure.status(), "error", error);
    }
}

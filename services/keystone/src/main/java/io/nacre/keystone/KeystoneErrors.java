package io.nacre.keystone;

import io.nacre.base.Fault;
import io.nacre.base.Json;
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
    private static final String MALFORMED =
            "Expecting to find %s. The server could not comply with the request since it is"
                    + " either malformed or otherwise incorrect. The client is assumed to be in error.";

    private static final String NO_JSON = MALFORMED.formatted("valid JSON in request body");

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
                : failure.status() == 405
                        ? Response.json(405, Map.of("message", "The method is not allowed for the requested URL."))
                        : plain(failure);
        response.header("Vary", "X-Auth-Token");
        if (failure.fault().kind() == Fault.Kind.UNAUTHENTICATED) {
            response.header("WWW-Authenticate", "Keystone uri=\"" + identityUrl.get() + "\"");
        }
        return response;
    }

    /** The object that all of a body is in goes without saying. */
    @Override
    public String words(Violation violation) {
        List<String> path = violation.path();
        if (path.isEmpty() && violation.message().endsWith(" is not of type 'object'")) {
            return NO_JSON;
        }
        return path.size() < 2
                ? violation.message()
                : "Invalid input for field '" + String.join("/", path.subList(1, path.size())) + "': "
                        + violation.message();
    }

    /** The original knows no media type that is not supported, only one that is not JSON. */
    @Override
    public int statusOf(Fault fault) {
        return fault.kind() == Fault.Kind.UNSUPPORTED_MEDIA_TYPE ? 400 : ErrorFormat.status(fault.kind());
    }

    private static String message(Fault fault) {
        if (fault.kind() == Fault.Kind.INTERNAL) {
            // What went wrong here is the log's to tell.
            return "An unexpected error prevented the server from fulfilling your request.";
        }
        if (fault.kind() == Fault.Kind.UNSUPPORTED_MEDIA_TYPE) {
            return MALFORMED.formatted("application/json in Content-Type header");
        }
        return Json.MALFORMED.equals(fault.details().get(Json.BODY)) ? NO_JSON : fault.message();
    }

    private static Response plain(Failure failure) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", failure.status());
        error.put("title", failure.reason());
        error.put("message", message(failure.fault()));
        Object identity = failure.fault().details().get("identity");
        if (identity != null) {
            error.put("identity", identity);
        }
        return Response.json(failure.status(), "error", error);
    }
}

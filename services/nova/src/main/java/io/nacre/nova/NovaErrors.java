package io.nacre.nova;

import io.nacre.base.Fault;
import io.nacre.http.ErrorFormat;
import io.nacre.http.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/** Nova's faults: one object under a name that the status decides; a refused token is worded by keystone's middleware. */
public final class NovaErrors implements ErrorFormat {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(400, "badRequest"),
            Map.entry(401, "unauthorized"),
            Map.entry(403, "forbidden"),
            Map.entry(404, "itemNotFound"),
            Map.entry(405, "badMethod"),
            Map.entry(409, "conflictingRequest"),
            Map.entry(413, "overLimit"),
            Map.entry(415, "badMediaType"),
            Map.entry(429, "overLimit"),
            Map.entry(501, "notImplemented"),
            Map.entry(503, "serviceUnavailable"));

    private final String identityUrl;

    /** @param identityUrl where a client without a token is sent */
    public NovaErrors(String identityUrl) {
        this.identityUrl = identityUrl;
    }

    @Override
    public Response render(Failure failure) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", failure.status());
        if (failure.status() == 401) {
            error.put("title", failure.reason());
            error.put("message", failure.fault().message());
            return Response.json(401, "error", error)
                    .header("WWW-Authenticate", "Keystone uri=\"" + identityUrl + "\"");
        }
        error.put("message", failure.fault().message());
        return Response.json(failure.status(), NAMES.getOrDefault(failure.status(), "computeFault"), error);
    }

    /** A method that a path does not have is not found, as nova's router has paths and methods in one table. */
    @Override
    public int statusOf(Fault fault) {
        return fault.kind() == Fault.Kind.METHOD_NOT_ALLOWED ? 404 : ErrorFormat.status(fault.kind());
    }
}

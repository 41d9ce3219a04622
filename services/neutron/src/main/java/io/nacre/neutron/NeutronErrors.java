package io.nacre.neutron;

import io.nacre.base.Fault;
import io.nacre.http.ErrorFormat;
import io.nacre.http.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/** Neutron's faults: type, message and detail under {@code NeutronError}. */
final class NeutronErrors implements ErrorFormat {
    private static final Map<String, String> TYPES = Map.of(
            "BadRequest", "HTTPBadRequest",
            "NotFound", "HTTPNotFound",
            "Forbidden", "PolicyNotAuthorized",
            "Conflict", "HTTPConflict",
            "MethodNotAllowed", "HTTPMethodNotAllowed",
            "UnsupportedMediaType", "HTTPUnsupportedMediaType",
            "InternalServerError", "HTTPInternalServerError",
            "ServiceUnavailable", "HTTPServiceUnavailable");

    @Override
    public Response render(Failure failure) {
        Fault fault = failure.fault();
        if (failure.status() == 401) {
            // The token middleware answers before neutron does, in keystone's words.
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("code", 401);
            error.put("title", "Unauthorized");
            error.put("message", fault.message());
            return Response.json(401, "error", error);
        }
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("type", TYPES.getOrDefault(fault.code(), fault.code()));
        error.put("message", fault.message());
        error.put("detail", "");
        return Response.json(failure.status(), "NeutronError", error);
    }

    /** An exceeded quota is a conflict here, not a prohibition. */
    @Override
    public int statusOf(Fault fault) {
        return fault.kind() == Fault.Kind.QUOTA_EXCEEDED ? 409 : ErrorFormat.super.statusOf(fault);
    }
}

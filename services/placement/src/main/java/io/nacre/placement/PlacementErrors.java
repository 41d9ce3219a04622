package io.nacre.placement;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.http.ErrorFormat;
import io.nacre.http.Response;
import io.nacre.http.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Placement's faults: the API SIG's {@code errors} list, with a stable code since 1.23. */
public final class PlacementErrors implements ErrorFormat {
    public static final String CONCURRENT_UPDATE = "placement.concurrent_update";
    public static final String INVENTORY_IN_USE = "placement.inventory.inuse";
    public static final String PROVIDER_IN_USE = "placement.resource_provider.inuse";
    public static final String CANNOT_DELETE_PARENT = "placement.resource_provider.cannot_delete_parent";
    public static final String DUPLICATE_NAME = "placement.duplicate_name";
    public static final String PROVIDER_NOT_FOUND = "placement.resource_provider.not_found";
    public static final String DUPLICATE_KEY = "placement.query.duplicate_key";
    public static final String MISSING_VALUE = "placement.query.missing_value";
    public static final String BAD_VALUE = "placement.query.bad_value";

    private static final String UNDEFINED = "placement.undefined_code";
    private static final int CODE_SINCE = 23;

    /** A conflict that a client may tell from others by its code. */
    public static FaultException conflict(String code, String message) {
        return Fault.of(Fault.Kind.CONFLICT, code, message);
    }

    @Override
    public String words(Violation violation) {
        return "JSON does not validate: " + violation.placed();
    }

    @Override
    public Response render(Failure failure) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("status", failure.status());
        error.put("title", failure.reason());
        error.put("detail", "\n\n" + failure.fault().message() + "\n\n  ");
        if (failure.minor() >= CODE_SINCE) {
            String code = failure.fault().code();
            error.put("code", code.startsWith("placement.") ? code : UNDEFINED);
        }
        error.put("request_id", failure.requestId());
        if (failure.status() == 406) {
            error.putAll(failure.fault().details());
        }
        return Response.json(failure.status(), "errors", List.of(error));
    }
}

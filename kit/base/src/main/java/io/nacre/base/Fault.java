package io.nacre.base;

import java.util.Map;

/**
 * Something a caller has to be told. The kind decides the status on the wire, the code is the stable name a
 * client may test for (placement's {@code code}, neutron's {@code type}), the message is for people.
 *
 * @param details further fields of the service's error body, such as the name of the offending field
 */
public record Fault(Kind kind, String code, String message, Map<String, Object> details) {

    /** The closed list of ways in which a request or a step fails. */
    public enum Kind {
        INVALID,
        UNAUTHENTICATED,
        FORBIDDEN,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        REQUEST_TIMEOUT,
        CONFLICT,
        GONE,
        PRECONDITION_FAILED,
        TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
        RANGE_NOT_SATISFIABLE,
        QUOTA_EXCEEDED,
        MULTIPLE_CHOICES,
        INTERNAL,
        NOT_IMPLEMENTED,
        UPSTREAM,
        UNAVAILABLE,
        TIMEOUT
    }

    public static FaultException invalid(String message) {
        return of(Kind.INVALID, "BadRequest", message);
    }

    public static FaultException unauthenticated(String message) {
        return of(Kind.UNAUTHENTICATED, "Unauthorized", message);
    }

    public static FaultException forbidden(String message) {
        return of(Kind.FORBIDDEN, "Forbidden", message);
    }

    public static FaultException notFound(String message) {
        return of(Kind.NOT_FOUND, "NotFound", message);
    }

    public static FaultException conflict(String message) {
        return of(Kind.CONFLICT, "Conflict", message);
    }

    public static FaultException quotaExceeded(String message) {
        return of(Kind.QUOTA_EXCEEDED, "OverQuota", message);
    }

    public static FaultException unavailable(String message) {
        return of(Kind.UNAVAILABLE, "ServiceUnavailable", message);
    }

    public static FaultException internal(String message) {
        return of(Kind.INTERNAL, "InternalServerError", message);
    }

    /** A fault with a code of its own, as services with stable codes need it. */
    public static FaultException of(Kind kind, String code, String message) {
        return new FaultException(new Fault(kind, code, message, Map.of()));
    }
}

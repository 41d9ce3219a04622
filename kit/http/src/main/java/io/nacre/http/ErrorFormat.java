package io.nacre.http;

import io.nacre.base.Fault;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a service words its faults. */
@FunctionalInterface
public interface ErrorFormat {
    Response render(Failure failure);

    /** What is said of a body that does not have the form that its {@link Schema} asks for; here, in nova's words. */
    default String words(Violation violation) {
        return violation.path().isEmpty()
                ? violation.message()
                : "Invalid input for field/attribute " + violation.field() + ". Value: " + violation.value() + ". "
                        + violation.message();
    }

    /**
     * What went wrong, for a format to put into words.
     *
     * @param minor the minor version that was negotiated; 0 before negotiation
     */
    record Failure(
            int status,
            Fault fault,
            String requestId,
            @Nullable String accept,
            int minor) {

        /** The standard phrase of the status, such as Not Found. */
        public String reason() {
            return REASONS.getOrDefault(status, "Error");
        }
    }

    Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(300, "Multiple Choices"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(406, "Not Acceptable"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(410, "Gone"),
            Map.entry(412, "Precondition Failed"),
            Map.entry(413, "Request Entity Too Large"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(416, "Requested Range Not Satisfiable"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"));

    /** The status that tells a kind of fault, where the service does not see it differently. */
    static int status(Fault.Kind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case NOT_ACCEPTABLE -> 406;
            case REQUEST_TIMEOUT -> 408;
            case CONFLICT -> 409;
            case GONE -> 410;
            case PRECONDITION_FAILED -> 412;
            case TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case RANGE_NOT_SATISFIABLE -> 416;
            case QUOTA_EXCEEDED -> 403;
            case MULTIPLE_CHOICES -> 300;
            case INTERNAL -> 500;
            case NOT_IMPLEMENTED -> 501;
            case UPSTREAM -> 502;
            case UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
        };
    }

    /** The status for a kind of fault in this service. */
    default int statusOf(Fault fault) {
        return status(fault.kind());
    }
}

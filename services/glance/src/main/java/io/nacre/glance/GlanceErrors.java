package io.nacre.glance;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.http.ErrorFormat;
import io.nacre.http.Response;
import io.nacre.http.Violation;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Glance's faults, in the words of WebOb's exceptions, which the original lets through: JSON for whoever asks for it,
 * else HTML, else plain text. Whoever says nothing gets HTML too, not plain text as from WebOb: the SDK uploads with
 * an empty Accept and shows the message of HTML only.
 */
public final class GlanceErrors implements ErrorFormat {
    /** The detail of a fault, and the header, that says which forms a patch may have (RFC 5789, section 3.1). */
    public static final String PATCHES = "Accept-Patch";

    private static final String UNAUTHORIZED = "This server could not verify that you are authorized to access the"
            + " document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser"
            + " does not understand how to supply the credentials required.";

    /** A body of a type that the operation does not take. */
    public static FaultException mediaType(String type, Map<String, Object> details) {
        return new FaultException(new Fault(
                Fault.Kind.UNSUPPORTED_MEDIA_TYPE,
                "UnsupportedMediaType",
                "The request media type " + type + " is not supported by this server.",
                details));
    }

    @Override
    public Response render(Failure failure) {
        Response response = words(
                failure,
                failure.status() == 401 ? UNAUTHORIZED : failure.fault().message());
        if (failure.fault().details().get(PATCHES) instanceof String patches) {
            response.header(PATCHES, patches);
        }
        return response;
    }

    private static Response words(Failure failure, String message) {
        String status = failure.status() + " " + failure.reason();
        return switch (form(failure.accept())) {
            case "html" -> text(failure.status(), "text/html", html(status, message));
            case "json" -> {
                Map<String, Object> body = new LinkedHashMap<>();
                body.put("message", message + "<br /><br />\n\n\n");
                body.put("code", status);
                body.put("title", failure.reason());
                yield Response.json(failure.status(), body);
            }
            default -> text(failure.status(), "text/plain", status + "\n\n" + message + "\n\n   ");
        };
    }

    @Override
    public String words(Violation violation) {
        return "Provided object does not match schema '" + violation.schema() + "': " + violation.placed();
    }

    /** Glance tells of a quota as of data that is too large. */
    @Override
    public int statusOf(Fault fault) {
        return fault.kind() == Fault.Kind.QUOTA_EXCEEDED ? 413 : ErrorFormat.status(fault.kind());
    }

    private static String form(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return "html";
        }
        String wanted = accept.toLowerCase(Locale.ROOT);
        int json = wanted.indexOf("application/json");
        int html = wanted.indexOf("text/html");
        if (json >= 0 && (html < 0 || json < html)) {
            return "json";
        }
        return html >= 0 || wanted.contains("*/*") || wanted.contains("text/*") ? "html" : "plain";
    }

    private static Response text(int status, String type, String body) {
        return Response.bytes(status, type + "; charset=UTF-8", body.getBytes(StandardCharsets.UTF_8));
    }

    private static String html(String status, String message) {
        String safe = message.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#x27;");
        return "<html>\n <head>\n  <title>" + status + "</title>\n </head>\n <body>\n  <h1>" + status + "</h1>\n  "
                + safe + "<br /><br />\n\n\n </body>\n</html>";
    }
}

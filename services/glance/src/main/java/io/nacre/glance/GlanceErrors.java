package io.nacre.glance;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import io.nacre.http.ErrorFormat;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Violation;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Glance's faults, in the words of WebOb's exceptions, which the original lets through: JSON for whoever asks for it,
 * else HTML, else plain text. Whoever says nothing gets HTML too, not plain text as from WebOb: the SDK uploads with
 * an empty Accept and shows the message of HTML only.
 */
public final class GlanceErrors implements ErrorFormat {
    /** The detail of a fault, and the header, that says which forms a patch may have (RFC 5789, section 3.1). */
    public static final String PATCHES = "Accept-Patch";

    /** Said of a body that is neither an object nor a list. */
    public static final String NO_CONTAINER = "Unexpected body type. Expected list/dict.";

    private static final String UNAUTHORIZED = "This server could not verify that you are authorized to access the"
            + " document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser"
            + " does not understand how to supply the credentials required.";

    /** The detail of a fault whose message stands below this one. */
    private static final String EXPLANATION = "explanation";

    private static final String HTML = "text/html";
    private static final String JSON = "application/json";
    private static final Pattern QUALITY = Pattern.compile("\\s*q\\s*=\\s*([01](?:\\.\\d{0,3})?)\\s*");

    /** A body of a type that the operation does not take. */
    public static FaultException mediaType(Request request, Map<String, Object> details) {
        String sent = request.header("Content-Type");
        String type = sent == null ? "text/plain" : sent;
        return new FaultException(new Fault(
                Fault.Kind.UNSUPPORTED_MEDIA_TYPE,
                "UnsupportedMediaType",
                "The request media type " + type + " is not supported by this server.",
                details));
    }

    /** A fault in WebOb's own words for its kind, with what is the matter below them. */
    public static FaultException detailed(Fault.Kind kind, String detail) {
        String explanation = switch (kind) {
            case FORBIDDEN -> "Access was denied to this resource.";
            case CONFLICT -> "There was a conflict when trying to complete your request.";
            case RANGE_NOT_SATISFIABLE -> "The Range requested is not available.";
            default -> throw new IllegalArgumentException(kind.name());
        };
        return new FaultException(new Fault(kind, kind.name(), detail, Map.of(EXPLANATION, explanation)));
    }

    @Override
    public Response render(Failure failure) {
        String message = failure.status() == 401 ? UNAUTHORIZED : message(failure.fault());
        String detail = "";
        if (failure.fault().details().get(EXPLANATION) instanceof String explanation) {
            detail = message;
            message = explanation;
        }
        Response response = words(failure, message, detail);
        if (failure.fault().details().get(PATCHES) instanceof String patches) {
            response.header(PATCHES, patches);
        }
        return response;
    }

    private static String message(Fault fault) {
        Object body = fault.details().get(Json.BODY);
        return Json.MISSING.equals(body)
                ? "Body expected in request."
                : Json.MALFORMED.equals(body) ? "Malformed JSON in request body." : fault.message();
    }

    private static Response words(Failure failure, String message, String detail) {
        String reason = failure.status() == 416 ? "Request Range Not Satisfiable" : failure.reason();
        String status = failure.status() + " " + reason;
        UnaryOperator<String> plain = UnaryOperator.identity();
        return switch (form(failure.accept())) {
            case HTML ->
                text(failure.status(), HTML, html(status, body(failure, message, detail, GlanceErrors::escaped)));
            case JSON -> {
                Map<String, Object> body = new LinkedHashMap<>();
                body.put("message", body(failure, message, detail, plain));
                body.put("code", status);
                body.put("title", reason);
                yield Response.json(failure.status(), body);
            }
            default -> {
                String body = body(failure, message, detail, plain);
                yield text(
                        failure.status(),
                        "text/plain",
                        status + "\n\n" + body.replace('\n', ' ').replace("<br />", "\n"));
            }
        };
    }

    private static String body(Failure failure, String message, String detail, UnaryOperator<String> escape) {
        String below = "<br /><br />\n";
        return switch (failure.status()) {
            case 405 -> escape.apply(message) + (message.startsWith("The method ") ? " " + below : "");
            case 415 -> escape.apply(message) + "\n" + below;
            default -> escape.apply(message) + below + escape.apply(detail) + "\n\n";
        };
    }

    @Override
    public String words(Violation violation) {
        if (violation.path().isEmpty() && !violation.value().matches("(?s)[\\[{].*")) {
            return NO_CONTAINER;
        }
        return "Provided object does not match schema '" + violation.schema() + "': " + violation.placed();
    }

    /** Glance tells of a quota as of data that is too large. */
    @Override
    public int statusOf(Fault fault) {
        return fault.kind() == Fault.Kind.QUOTA_EXCEEDED ? 413 : ErrorFormat.status(fault.kind());
    }

    /** HTML wins where both are as welcome, as it is what WebOb offers first. */
    private static String form(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return HTML;
        }
        double html = welcome(accept, HTML);
        double json = welcome(accept, JSON);
        return html > 0 && html >= json ? HTML : json > 0 ? JSON : "text/plain";
    }

    /** The quality that the header gives to a type in the closest range (RFC 9110, section 12.5.1); 0 for refused. */
    private static double welcome(String accept, String type) {
        List<String> ranges = List.of("*/*", type.substring(0, type.indexOf('/')) + "/*", type);
        int closest = -1;
        double quality = 0;
        for (String one : accept.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = one.split(";");
            int place = ranges.indexOf(parts[0].strip());
            if (place > closest) {
                closest = place;
                quality = quality(parts);
            }
        }
        return quality;
    }

    private static double quality(String[] parts) {
        for (String part : parts) {
            Matcher matcher = QUALITY.matcher(part);
            if (matcher.matches()) {
                return Double.parseDouble(matcher.group(1));
            }
        }
        return 1;
    }

    private static Response text(int status, String type, String body) {
        return Response.bytes(status, type + "; charset=UTF-8", body.getBytes(StandardCharsets.UTF_8));
    }

    private static String html(String status, String body) {
        return "<html>\n <head>\n  <title>" + status + "</title>\n </head>\n <body>\n  <h1>" + status + "</h1>\n  "
                + body + "\n </body>\n</html>";
    }

    private static String escaped(String text) {
        String safe = text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#x27;");
        StringBuilder ascii = new StringBuilder(safe.length());
        safe.codePoints().forEach(point -> {
            if (point < 128) {
                ascii.append((char) point);
            } else {
                ascii.append("&#").append(point).append(';');
            }
        });
        return ascii.toString();
    }
}

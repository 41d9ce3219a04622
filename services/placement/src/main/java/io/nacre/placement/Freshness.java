package io.nacre.placement;

import io.nacre.http.Request;
import io.nacre.http.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Since 1.15 an answer says when its resource last changed and that it must not be cached. */
public final class Freshness {
    private static final int SINCE = 15;

    private Freshness() {}

    public static Response of(Request request, Response response, Instant changedAt) {
        if (request.minor() >= SINCE) {
            response.header(
                    "Last-Modified", DateTimeFormatter.RFC_1123_DATE_TIME.format(changedAt.atOffset(ZoneOffset.UTC)));
            response.header("Cache-Control", "no-cache");
        }
        return response;
    }
}

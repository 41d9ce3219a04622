package io.nacre.nova;

import io.nacre.http.Request;
import java.util.List;
import java.util.Map;

/** Links of the Compute API: {@code self} in this version, {@code bookmark} in none. */
public final class Links {
    private Links() {}

    public static List<Map<String, String>> of(Request request, String collection, String id) {
        return List.of(
                Map.of("rel", "self", "href", self(request, collection, id)),
                Map.of("rel", "bookmark", "href", bookmark(request, collection, id)));
    }

    public static String self(Request request, String collection, String id) {
        return request.baseUrl() + NovaVersions.PREFIX + "/" + collection + "/" + id;
    }

    public static String bookmark(Request request, String collection, String id) {
        return request.baseUrl() + "/" + collection + "/" + id;
    }

    /** The member that leads to the next page. */
    public static List<Map<String, String>> next(String url) {
        return List.of(Map.of("rel", "next", "href", url));
    }
}

package io.nacre.keystone.entity;

import io.nacre.http.Request;
import io.nacre.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** How resources are wrapped: a member with its self link, a collection with the links of the whole. */
public final class Envelope {
    private static final String VERSION = "/v3";

    private Envelope() {}

    /** An absolute URL below the API's version. */
    public static String url(Request request, String path) {
        return request.baseUrl() + VERSION + path;
    }

    /** The attributes with the link to the resource itself. */
    public static Map<String, @Nullable Object> linked(
            Request request, Map<String, ? extends @Nullable Object> attributes, String path) {
        Map<String, @Nullable Object> linked = new LinkedHashMap<>(attributes);
        linked.put("links", Map.of("self", url(request, path)));
        return linked;
    }

    /** What clients added to a user or project, for a second time, as the answer to its change has it. */
    public static Map<String, @Nullable Object> twice(
            Map<String, @Nullable Object> shown, Map<String, @Nullable Object> extra) {
        shown.put("extra", extra);
        return shown;
    }

    public static Response member(int status, String name, Map<String, ? extends @Nullable Object> linked) {
        return Response.json(status, name, linked);
    }

    public static Response collection(Request request, String name, List<? extends Map<String, ?>> linked) {
        return Response.json(200, container(request, name, linked));
    }

    /** A collection of these, each shown as a member is. */
    public static <T> Response collection(
            Request request,
            String name,
            List<T> found,
            BiFunction<Request, ? super T, ? extends Map<String, ? extends @Nullable Object>> show) {
        return Response.json(
                200,
                container(
                        request,
                        name,
                        found.stream().map(one -> show.apply(request, one)).toList()));
    }

    /** A collection whose caller adds more members to it. */
    public static Map<String, @Nullable Object> container(Request request, String name, Object content) {
        Map<String, @Nullable Object> container = new LinkedHashMap<>();
        container.put(name, content);
        Map<String, @Nullable Object> links = new LinkedHashMap<>();
        links.put("next", null);
        links.put("self", request.url(Map.of()));
        links.put("previous", null);
        container.put("links", links);
        return container;
    }

    /** Whether a flag stands in the query: there, and not as 0. */
    public static boolean flag(Request request, String name) {
        return request.query().has(name) && !"0".equals(request.query().get(name));
    }
}

package io.nacre.nova;

import io.nacre.http.Microversions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What versions there are, and the documents that tell (API reference "API versions"). */
public final class NovaVersions {
    public static final String PREFIX = "/v2.1";
    private static final int MINIMUM = 1;
    private static final int MAXIMUM = 96;
    private static final String MEDIA_TYPE = "application/vnd.openstack.compute+json;version=2.1";

    private NovaVersions() {}

    public static Microversions microversions() {
        return new Microversions("compute", "X-OpenStack-Nova-API-Version", 2, MINIMUM, MAXIMUM);
    }

    static List<Route> routes() {
        return List.of(
                Route.get("/").open().to(NovaVersions::all),
                Route.get("/v2").open().to(request -> one(request, legacy(request))),
                Route.get(PREFIX).open().to(request -> one(request, current(request))));
    }

    private static Response all(Request request) {
        return Response.json(200, "versions", List.of(legacy(request), current(request)));
    }

    private static Response one(Request request, Map<String, Object> version) {
        Map<String, Object> shown = new LinkedHashMap<>(version);
        String type = MEDIA_TYPE.replace("2.1", version.get("id").equals("v2.0") ? "2" : "2.1");
        shown.put("media-types", List.of(Map.of("base", "application/json", "type", type)));
        shown.put(
                "links",
                List.of(
                        ((List<?>) version.get("links")).getFirst(),
                        Map.of("rel", "describedby", "type", "text/html", "href", "http://docs.openstack.org/")));
        return Response.json(200, "version", shown);
    }

    private static Map<String, Object> legacy(Request request) {
        return version(request, "v2.0", "SUPPORTED", "/v2/", "2011-01-21T11:33:21Z", false);
    }

    private static Map<String, Object> current(Request request) {
        return version(request, "v2.1", "CURRENT", PREFIX + "/", "2013-07-23T11:33:21Z", true);
    }

    private static Map<String, Object> version(
            Request request, String id, String status, String path, String updated, boolean versioned) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", id);
        shown.put("status", status);
        shown.put("version", versioned ? "2." + MAXIMUM : "");
        shown.put("min_version", versioned ? "2." + MINIMUM : "");
        shown.put("updated", updated);
        shown.put("links", List.of(Map.of("rel", "self", "href", request.baseUrl() + path)));
        return shown;
    }
}

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

    private NovaVersions() {}

    public static Microversions microversions() {
        return new Microversions("compute", "X-OpenStack-Nova-API-Version", 2, MINIMUM, MAXIMUM);
    }

    static List<Route> routes() {
        return List.of(
                Route.get("/")
                        .open()
                        .to(request ->
                                Response.json(200, "versions", List.of(brief(request, false), brief(request, true)))),
                Route.get("/v2").open().to(request -> Response.json(200, "version", full(request, false))),
                Route.get(PREFIX).open().to(request -> Response.json(200, "version", full(request, true))));
    }

    private static Map<String, Object> full(Request request, boolean current) {
        Map<String, Object> shown = brief(request, current);
        shown.put(
                "links",
                List.of(
                        self(request, current),
                        Map.of("rel", "describedby", "type", "text/html", "href", "http://docs.openstack.org/")));
        String type = "application/vnd.openstack.compute+json;version=" + (current ? "2.1" : "2");
        shown.put("media-types", List.of(Map.of("base", "application/json", "type", type)));
        return shown;
    }

    /** @param current the API with microversions, or the one before it that is served for old clients */
    private static Map<String, Object> brief(Request request, boolean current) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", current ? "v2.1" : "v2.0");
        shown.put("status", current ? "CURRENT" : "SUPPORTED");
        shown.put("version", current ? "2." + MAXIMUM : "");
        shown.put("min_version", current ? "2." + MINIMUM : "");
        shown.put("updated", current ? "2013-07-23T11:33:21Z" : "2011-01-21T11:33:21Z");
        shown.put("links", List.of(self(request, current)));
        return shown;
    }

    private static Map<String, String> self(Request request, boolean current) {
        return Map.of("rel", "self", "href", request.baseUrl() + (current ? PREFIX : "/v2") + "/");
    }
}

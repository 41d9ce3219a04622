package io.nacre.keystone.version;

import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /} offers the versions with 300, {@code GET /v3} tells of the one with 200. A client that likes it better
 * gets the home document from both.
 */
public final class VersionApi {
    /** The last minor version of v3 and its date; there is no negotiation of minor versions. */
    private static final String ID = "v3.14";

    private static final String UPDATED = "2020-04-07T00:00:00Z";

    private final JsonHome home = new JsonHome();

    public List<Route> routes() {
        return List.of(
                Route.get("/").open().to(request -> isForHome(request) ? home("/v3") : list(request)),
                Route.get("/v3").open().to(request -> isForHome(request) ? home("") : show(request)));
    }

    private static boolean isForHome(Request request) {
        return JsonHome.isPreferred(request.header("Accept"));
    }

    private Response home(String root) {
        return Response.json(200, home.document(root)).contentType(JsonHome.MEDIA);
    }

    private static Map<String, Object> version(Request request) {
        return Map.of(
                "id",
                ID,
                "status",
                "stable",
                "updated",
                UPDATED,
                "links",
                List.of(Map.of("rel", "self", "href", request.baseUrl() + "/v3/")),
                "media-types",
                List.of(Map.of("base", "application/json", "type", "application/vnd.openstack.identity-v3+json")));
    }

    private static Response list(Request request) {
        return Response.json(300, Map.of("versions", Map.of("values", List.of(version(request)))))
                .header("Location", request.baseUrl() + "/v3/");
    }

    private static Response show(Request request) {
        return Response.json(200, "version", version(request));
    }
}

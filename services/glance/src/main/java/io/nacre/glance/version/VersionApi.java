package io.nacre.glance.version;

import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** API reference "API versions". The list is that of a site with several stores. */
public final class VersionApi {
    private static final String CURRENT = "2.17";
    private static final List<String> SUPPORTED = List.of(
            "2.16", "2.15", "2.14", "2.13", "2.12", "2.11", "2.10", "2.9", "2.8", "2.7", "2.6", "2.5", "2.4", "2.3",
            "2.2", "2.1", "2.0");
    private static final Set<String> KNOWN =
            SUPPORTED.stream().map(version -> "v" + version).collect(Collectors.toSet());
    /** They brought the API of the image cache; clients ask for them before they use it. */
    private static final Set<String> OF_THE_CACHE = Set.of("2.14", "2.16");

    private static final Pattern VERSIONED = Pattern.compile("/+(?<version>[^/]*)(?<rest>.*)");

    /** Every minor version is the same API, and whoever asks for a version that is not there is told which are. */
    public static final Service.Paths PATHS = new Service.Paths(true, VersionApi::alias);

    private final boolean cache;

    /** @param cache whether there is an image cache */
    public VersionApi(boolean cache) {
        this.cache = cache;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/").open().to(request -> versions(request, 300)),
                Route.get("/versions").open().to(request -> versions(request, 200)),
                Route.get("/v2").open().to(VersionApi::root));
    }

    private static Response root(Request request) {
        return Response.empty(302).header("Location", request.baseUrl() + "/v2/");
    }

    private static String alias(String path) {
        Matcher matcher = VERSIONED.matcher(path);
        if (!matcher.matches()) {
            return "/";
        }
        String version = matcher.group("version");
        if (version.equals("versions")) {
            return "/versions";
        }
        if (version.equals("healthcheck")) {
            return path;
        }
        boolean known = version.equals("v2") || version.equals("v" + CURRENT) || KNOWN.contains(version);
        return known ? "/v2" + matcher.group("rest").replaceFirst("^/+", "/") : "/";
    }

    private Response versions(Request request, int status) {
        List<Map<String, Object>> all = new ArrayList<>();
        all.add(version(request, CURRENT, "CURRENT"));
        SUPPORTED.stream()
                .filter(version -> cache || !OF_THE_CACHE.contains(version))
                .forEach(version -> all.add(version(request, version, "SUPPORTED")));
        return Response.json(status, "versions", all);
    }

    private static Map<String, Object> version(Request request, String version, String status) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", "v" + version);
        shown.put("status", status);
        shown.put("links", List.of(Map.of("rel", "self", "href", request.baseUrl() + "/v2/")));
        return shown;
    }
}

package io.nacre.neutron.extension;

import io.nacre.base.Packaged;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.resource.ResourceApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** API reference "API versions", "Extensions" and "Service providers". */
public final class ExtensionApi {
    private final Map<String, Map<String, Object>> extensions = new LinkedHashMap<>();
    private final List<String> collections;

    /** @param collections paths of the resources below /v2.0 */
    public ExtensionApi(List<String> collections) {
        this.collections = collections;
        for (String line :
                Packaged.text(ExtensionApi.class, "extensions.txt").lines().toList()) {
            String[] parts = line.split("\\|", 4);
            Map<String, Object> extension = new LinkedHashMap<>();
            extension.put("alias", parts[0]);
            extension.put("name", parts[1]);
            extension.put("updated", parts[2]);
            extension.put("description", parts[3]);
            extension.put("links", List.of());
            extensions.put(parts[0], extension);
        }
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/").open().to(ExtensionApi::versions),
                Route.get("/v2.0").open().to(this::resources),
                Route.get("/v2.0/extensions").policy(ResourceApi.ANYBODY).to(this::list),
                Route.get("/v2.0/extensions/{alias}")
                        .policy(ResourceApi.ANYBODY)
                        .to(this::show),
                Route.get("/v2.0/service-providers").policy(ResourceApi.ANYBODY).to(ExtensionApi::providers));
    }

    private static Response versions(Request request) {
        Map<String, Object> version = new LinkedHashMap<>();
        version.put("id", "v2.0");
        version.put("status", "CURRENT");
        version.put("links", List.of(Map.of("rel", "self", "href", request.baseUrl() + "/v2.0/")));
        return Response.json(200, "versions", List.of(version));
    }

    private Response resources(Request request) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (String path : collections) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("links", List.of(Map.of("rel", "self", "href", request.baseUrl() + "/v2.0/" + path)));
            one.put("name", path.endsWith("ies") ? path.replaceFirst("ies$", "y") : path.replaceFirst("s$", ""));
            one.put("collection", path);
            shown.add(one);
        }
        return Response.json(200, "resources", shown);
    }

    private Response list(Request request) {
        return Response.json(200, "extensions", List.copyOf(extensions.values()));
    }

    private Response show(Request request) {
        Map<String, Object> extension = extensions.get(request.param("alias"));
        if (extension == null) {
            throw NeutronFault.notFound(
                    "HTTPNotFound", "Extension with alias " + request.param("alias") + " does not exist");
        }
        return Response.json(200, "extension", extension);
    }

    private static Response providers(Request request) {
        Map<String, Object> router = new LinkedHashMap<>();
        router.put("service_type", "L3_ROUTER_NAT");
        router.put("name", "single_node");
        router.put("default", true);
        return Response.json(200, "service_providers", List.of(router));
    }
}

package io.nacre.keystone.catalog;

import io.nacre.base.Tx;
import io.nacre.keystone.endpoint.Endpoint;
import io.nacre.keystone.endpoint.EndpointStore;
import io.nacre.keystone.endpoint.UrlTemplate;
import io.nacre.keystone.endpointfilter.EndpointFilters;
import io.nacre.keystone.service.CatalogService;
import io.nacre.keystone.service.ServiceStore;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the catalog for a user and a project. */
public final class Catalog {
    private final ServiceStore services;
    private final EndpointStore endpoints;
    private final EndpointFilters filters;

    public Catalog(ServiceStore services, EndpointStore endpoints, EndpointFilters filters) {
        this.services = services;
        this.endpoints = endpoints;
        this.filters = filters;
    }

    /**
     * All services and endpoints that are enabled; of a project that has endpoints of its own, these alone, with their
     * services.
     *
     * @param projectId null for a token of another scope: endpoints that need a project are left out
     */
    public List<Map<String, @Nullable Object>> of(Tx tx, String userId, @Nullable String projectId) {
        Map<String, String> places = new HashMap<>(Map.of("user_id", userId));
        if (projectId != null) {
            places.put("project_id", projectId);
            places.put("tenant_id", projectId);
        }
        List<Endpoint> own = projectId == null ? List.of() : filters.of(tx, projectId);
        if (own.isEmpty() && !filters.allIfNone()) {
            return List.of();
        }
        boolean filtered = !own.isEmpty();
        Map<String, List<Endpoint>> byService = (filtered ? own : endpoints.list(tx, List.of()))
                .stream().filter(Endpoint::enabled).collect(Collectors.groupingBy(Endpoint::serviceId));
        return services.list(tx, List.of()).stream()
                .filter(CatalogService::enabled)
                .map(service -> show(service, byService.getOrDefault(service.id(), List.of()), places))
                .filter(service -> !filtered || !List.of().equals(service.get("endpoints")))
                .toList();
    }

    /** Of the first such endpoint, as {@link #of} shows it. */
    public Optional<String> url(
            Tx tx, String userId, @Nullable String projectId, String type, String region, String access) {
        return of(tx, userId, projectId).stream()
                .filter(service -> type.equals(service.get("type")))
                .flatMap(service -> ((List<?>) Objects.requireNonNull(service.get("endpoints"))).stream())
                .map(endpoint -> (Map<?, ?>) endpoint)
                .filter(endpoint -> access.equals(endpoint.get("interface"))
                        && region.equalsIgnoreCase(String.valueOf(endpoint.get("region"))))
                .map(endpoint -> String.valueOf(endpoint.get("url")))
                .findFirst();
    }

    private static Map<String, @Nullable Object> show(
            CatalogService service, List<Endpoint> endpoints, Map<String, String> places) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put(
                "endpoints",
                endpoints.stream()
                        .map(endpoint -> show(endpoint, places))
                        .filter(Objects::nonNull)
                        .toList());
        shown.put("id", service.id());
        shown.put("type", service.type());
        shown.put("name", service.name() == null ? "" : service.name());
        return shown;
    }

    private static @Nullable Map<String, @Nullable Object> show(Endpoint endpoint, Map<String, String> places) {
        return UrlTemplate.fill(endpoint.url(), places)
                .map(url -> {
                    Map<String, @Nullable Object> shown = new LinkedHashMap<>(endpoint.extra());
                    shown.put("id", endpoint.id());
                    shown.put("interface", endpoint.access());
                    shown.put("region_id", endpoint.regionId());
                    shown.put("url", url);
                    shown.put("region", endpoint.regionId());
                    return shown;
                })
                .orElse(null);
    }
}

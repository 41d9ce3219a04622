package io.nacre.nova.availabilityzone;

import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Wire;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.service.NovaService;
import io.nacre.nova.service.Services;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** API reference "Availability zones". */
public final class ZoneApi {
    private static final PolicyRule LIST = NovaPolicy.any("os-availability-zone:list");
    private static final PolicyRule DETAIL = NovaPolicy.admin("os-availability-zone:detail");

    private final Transactions transactions;
    private final Services services;

    public ZoneApi(Transactions transactions, Services services) {
        this.transactions = transactions;
        this.services = services;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/os-availability-zone").policy(LIST).to(this::list),
                Route.get("/os-availability-zone/detail").policy(DETAIL).to(this::detail));
    }

    /** A zone is available while one of its compute services may take servers. */
    private Response list(Request request) {
        return Response.json(
                200,
                "availabilityZoneInfo",
                zones(false).entrySet().stream()
                        .map(entry -> zone(entry.getKey(), entry.getValue(), null))
                        .toList());
    }

    private Response detail(Request request) {
        return Response.json(
                200,
                "availabilityZoneInfo",
                zones(true).entrySet().stream()
                        .map(entry -> zone(entry.getKey(), entry.getValue(), hosts(entry.getValue())))
                        .toList());
    }

    private Map<String, List<NovaService>> zones(boolean internalToo) {
        Map<String, List<NovaService>> zones = new TreeMap<>();
        zones.put(HostStore.DEFAULT_ZONE, new ArrayList<>());
        for (NovaService service : transactions.read(services::list)) {
            if (internalToo || !service.zone().equals(Services.INTERNAL_ZONE)) {
                zones.computeIfAbsent(service.zone(), zone -> new ArrayList<>()).add(service);
            }
        }
        return zones;
    }

    private static Map<String, @Nullable Object> zone(
            String name, List<NovaService> services, @Nullable Map<String, Object> hosts) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("zoneName", name);
        shown.put("zoneState", Map.of("available", services.stream().anyMatch(service -> !service.disabled())));
        shown.put("hosts", hosts);
        return shown;
    }

    private static Map<String, Object> hosts(List<NovaService> services) {
        Map<String, Map<String, Object>> hosts = new TreeMap<>();
        for (NovaService service : services) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("available", service.up());
            one.put("active", !service.disabled());
            one.put("updated_at", Wire.micros(service.updatedAt()));
            hosts.computeIfAbsent(service.host(), host -> new TreeMap<>()).put(service.binary(), one);
        }
        return new LinkedHashMap<>(hosts);
    }
}

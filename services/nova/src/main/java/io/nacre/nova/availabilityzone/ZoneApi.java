package io.nacre.nova.availabilityzone;

import io.nacre.base.Transactions;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Wire;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.host.Zones;
import io.nacre.nova.service.InternalServices;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** API reference "Availability zones". A zone is available when one of its hosts is in service. */
public final class ZoneApi {
    private static final PolicyRule LIST = NovaPolicy.any("os-availability-zone:list");
    private static final PolicyRule DETAIL = NovaPolicy.admin("os-availability-zone:detail");

    private final Transactions transactions;
    private final HostStore hosts;
    private final Zones zones;
    private final InternalServices internal;
    private final InstantSource clock;

    public ZoneApi(
            Transactions transactions, HostStore hosts, Zones zones, InternalServices internal, InstantSource clock) {
        this.transactions = transactions;
        this.hosts = hosts;
        this.zones = zones;
        this.internal = internal;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/os-availability-zone").policy(LIST).to(request -> list(false)),
                Route.get("/os-availability-zone/detail").policy(DETAIL).to(request -> list(true)));
    }

    private Response list(boolean detail) {
        Instant now = clock.instant();
        Map<String, List<ComputeHost>> byZone = transactions.read(tx -> {
            List<ComputeHost> all = hosts.all(tx);
            Map<String, String> of =
                    zones.of(tx, all.stream().map(ComputeHost::host).toList());
            Map<String, List<ComputeHost>> grouped = new TreeMap<>();
            all.forEach(host -> grouped.computeIfAbsent(
                            of.getOrDefault(host.host(), HostStore.DEFAULT_ZONE), zone -> new ArrayList<>())
                    .add(host));
            return grouped;
        });
        List<Map<String, @Nullable Object>> shown = new ArrayList<>();
        if (detail) {
            shown.add(zone("internal", true, internal(now)));
        }
        byZone.forEach((name, members) -> {
            boolean available = members.stream().anyMatch(host -> !host.disabled());
            shown.add(zone(name, available, detail ? members(members, now) : null));
        });
        return Response.json(200, "availabilityZoneInfo", shown);
    }

    private static Map<String, @Nullable Object> zone(
            String name, boolean available, @Nullable Map<String, Object> members) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("zoneName", name);
        body.put("zoneState", Map.of("available", available));
        body.put("hosts", members);
        return body;
    }

    private static Map<String, Object> members(List<ComputeHost> members, Instant now) {
        Map<String, Object> body = new TreeMap<>();
        members.forEach(host ->
                body.put(host.host(), Map.of("nova-compute", state(host.isUp(now), !host.disabled(), host.seenAt()))));
        return body;
    }

    private Map<String, Object> internal(Instant now) {
        Map<String, Object> services = new TreeMap<>();
        internal.all().forEach(service -> services.put(service.binary(), state(true, true, now)));
        return Map.of(internal.host(), services);
    }

    private static Map<String, @Nullable Object> state(boolean up, boolean enabled, Instant seenAt) {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("available", up);
        state.put("active", enabled);
        state.put("updated_at", Wire.micros(seenAt));
        return state;
    }
}

package io.nacre.nova.availabilityzone;

import io.nacre.base.Transactions;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Wire;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.host.Liveness;
import io.nacre.nova.host.Zones;
import io.nacre.nova.service.InternalServiceStore;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
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

    /** The zone of the controllers. */
    public static final String INTERNAL = "internal";

    private final Transactions transactions;
    private final HostStore hosts;
    private final Zones zones;
    private final InternalServiceStore internal;
    private final Liveness liveness;

    public ZoneApi(
            Transactions transactions, HostStore hosts, Zones zones, InternalServiceStore internal, Liveness liveness) {
        this.transactions = transactions;
        this.hosts = hosts;
        this.zones = zones;
        this.internal = internal;
        this.liveness = liveness;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/os-availability-zone").policy(LIST).to(request -> list(false)),
                Route.get("/os-availability-zone/detail").policy(DETAIL).to(request -> list(true)));
    }

    private Response list(boolean detail) {
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
            shown.add(zone(INTERNAL, true, internal()));
        }
        byZone.forEach((name, members) -> {
            boolean available = members.stream().anyMatch(host -> !host.disabled());
            shown.add(zone(name, available, detail ? members(members) : null));
        });
        return Response.json(200, "availabilityZoneInfo", shown);
    }

    private static Map<String, @Nullable Object> zone(
            String name, boolean available, @Nullable Map<String, ?> members) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("zoneName", name);
        body.put("zoneState", Map.of("available", available));
        body.put("hosts", members);
        return body;
    }

    private Map<String, Object> members(List<ComputeHost> members) {
        Map<String, Object> body = new TreeMap<>();
        members.forEach(host -> body.put(
                host.host(), Map.of("nova-compute", state(liveness.isUp(host), !host.disabled(), host.seenAt()))));
        return body;
    }

    private Map<String, Map<String, Object>> internal() {
        Map<String, Map<String, Object>> byHost = new TreeMap<>();
        transactions
                .read(internal::all)
                .forEach(service -> byHost.computeIfAbsent(service.host(), host -> new TreeMap<>())
                        .put(service.binary(), state(service.isUp(liveness), true, service.seenAt())));
        return byHost;
    }

    private static Map<String, @Nullable Object> state(boolean up, boolean enabled, Instant seenAt) {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("available", up);
        state.put("active", enabled);
        state.put("updated_at", Wire.micros(seenAt));
        return state;
    }
}

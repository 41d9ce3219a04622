package io.nacre.nova.service;

import io.nacre.base.Tx;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.host.Zones;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Lists the services; used by the API of services and by the one of availability zones. */
public final class Services {
    /** The zone that controllers are said to be in. */
    public static final String INTERNAL_ZONE = "internal";

    private static final List<String> OF_CONTROLLER = List.of("nova-scheduler", "nova-conductor");

    private final HostStore hosts;
    private final Zones zones;
    private final String controller;
    private final InstantSource clock;

    /** @param controller name of this controller's host: who answers is up */
    public Services(HostStore hosts, Zones zones, String controller, InstantSource clock) {
        this.hosts = hosts;
        this.zones = zones;
        this.controller = controller;
        this.clock = clock;
    }

    public List<NovaService> list(Tx tx) {
        Instant now = clock.instant();
        List<NovaService> services = new ArrayList<>();
        for (String binary : OF_CONTROLLER) {
            String name = binary + "@" + controller;
            services.add(new NovaService(
                    UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                            .toString(),
                    1_000_000L + services.size(),
                    binary,
                    controller,
                    INTERNAL_ZONE,
                    false,
                    null,
                    false,
                    true,
                    now));
        }
        List<ComputeHost> all = hosts.all(tx);
        Map<String, String> zoneOf =
                zones.of(tx, all.stream().map(ComputeHost::host).toList());
        for (ComputeHost host : all) {
            services.add(new NovaService(
                    host.serviceId(),
                    host.number(),
                    NovaService.COMPUTE,
                    host.host(),
                    zoneOf.getOrDefault(host.host(), HostStore.DEFAULT_ZONE),
                    host.disabled(),
                    host.disabledReason(),
                    host.forcedDown(),
                    host.isUp(now),
                    host.seenAt()));
        }
        return services;
    }
}

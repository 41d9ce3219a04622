package io.nacre.neutron.router;

import io.nacre.neutron.port.Port.FixedIp;
import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.Standard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A router.
 *
 * @param gateway null without an external network
 * @param host where it lives; empty until there is something to connect and a host that can
 */
public record Router(
        Standard standard,
        String name,
        boolean adminUp,
        @Nullable Gateway gateway,
        boolean snat,
        List<Route> routes,
        List<String> zoneHints,
        String host)
        implements Resource {
    public static final String INTERFACE = "network:router_interface";
    public static final String GATEWAY = "network:router_gateway";

    /** @param fixedIps the router's own addresses on the external network */
    public record Gateway(String networkId, String portId, List<FixedIp> fixedIps) {}

    public record Route(String destination, String nexthop) {}

    Router with(Standard standard) {
        return new Router(standard, name, adminUp, gateway, snat, routes, zoneHints, host);
    }

    Router with(@Nullable Gateway gateway) {
        return new Router(standard, name, adminUp, gateway, snat, routes, zoneHints, host);
    }

    Router with(List<Route> routes) {
        return new Router(standard, name, adminUp, gateway, snat, routes, zoneHints, host);
    }

    Router withHost(String host) {
        return new Router(standard, name, adminUp, gateway, snat, routes, zoneHints, host);
    }
}

package io.nacre.network.linux;

import io.nacre.base.FaultException;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import io.nacre.network.DeviceNames;
import io.nacre.network.Numbered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the host to what the journal says, after a restart of the agent or of the host. Everything is done in as few
 * batches as there are kinds of things. What cannot be made is told to the log and left out; its fault must not cost
 * the others, nor the agent its start.
 */
final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    private final Host host;
    private final Bridges bridges;
    private final PortDevices devices;
    private final PortFilters filters;
    private final DhcpServices dhcp;
    private final Routers routers;
    private final Map<String, NetworkSpec> networks = new HashMap<>();
    private final Map<String, Integer> zones = new HashMap<>();

    Adoption(Host host, Bridges bridges, PortDevices devices, PortFilters filters, DhcpServices dhcp, Routers routers) {
        this.host = host;
        this.bridges = bridges;
        this.devices = devices;
        this.filters = filters;
        this.dhcp = dhcp;
        this.routers = routers;
    }

    void run(List<Numbered<NetworkSpec>> knownNetworks, List<Numbered<PortSpec>> ports, List<RouterSpec> known) {
        Map<String, Link> links = Link.all(host.tools(), host.namespace());
        bridges.physicalNetworks(links);
        for (Numbered<NetworkSpec> network : knownNetworks) {
            attempt("network " + network.spec().id(), () -> {
                bridges.apply(network.spec(), links);
                zones.put(bridges.name(network.spec()), network.number());
                networks.put(network.spec().id(), network.spec());
            });
        }
        List<Numbered<PortSpec>> placed = ports.stream()
                .filter(port -> networks.containsKey(port.spec().networkId()))
                .toList();
        close(placed, links);
        // Filters come before devices: a frame never passes unchecked.
        filters(placed);
        devices(placed, links);
        services();
        for (RouterSpec router : known) {
            attempt("router " + router.id(), () -> routers.apply(router, networks));
        }
    }

    /** Holds down the devices of ports that nobody knows, for they will have no filter. */
    private void close(List<Numbered<PortSpec>> placed, Map<String, Link> links) {
        Set<String> known = new HashSet<>();
        placed.forEach(port -> known.add(port.spec().id()));
        List<String> lines = new ArrayList<>();
        for (Link link : links.values()) {
            String port = link.aliasAfter(PortDevices.ALIAS);
            if (port != null && !known.contains(port) && link.up()) {
                LOG.warn("port {} is here but unknown, it is closed until it is declared", port);
                lines.add("link set dev " + link.name() + " down");
            }
        }
        host.tools().ip(host.namespace(), lines);
    }

    private void filters(List<Numbered<PortSpec>> placed) {
        if (attempt("all filters at once", () -> filters.rebuild(zones, placed))) {
            return;
        }
        filters.rebuild(zones, List.of());
        for (Numbered<PortSpec> port : placed) {
            attempt("filter of port " + port.spec().id(), () -> filters.apply(port));
        }
    }

    private void devices(List<Numbered<PortSpec>> placed, Map<String, Link> links) {
        List<String> all = new ArrayList<>();
        for (Numbered<PortSpec> port : placed) {
            all.addAll(lines(port.spec(), links));
        }
        if (attempt("all ports at once", () -> host.tools().ip(host.namespace(), all))) {
            return;
        }
        for (Numbered<PortSpec> port : placed) {
            Map<String, Link> now = Link.all(host.tools(), host.namespace());
            attempt("port " + port.spec().id(), () -> host.tools().ip(host.namespace(), lines(port.spec(), now)));
        }
    }

    private List<String> lines(PortSpec port, Map<String, Link> links) {
        if (port.security() != null && !filters.expects(port.id())) {
            String device = DeviceNames.port(port.id());
            return links.containsKey(device) ? List.of("link set dev " + device + " down") : List.of();
        }
        NetworkSpec network = Objects.requireNonNull(networks.get(port.networkId()));
        return devices.lines(port, bridges.name(network), links.get(DeviceNames.port(port.id())));
    }

    private void services() {
        Set<String> served = new HashSet<>();
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            for (NetworkSpec network : networks.values()) {
                if (network.dhcp() != null) {
                    served.add(network.id());
                    each.execute(() -> attempt("DHCP of network " + network.id(), () -> dhcp.apply(network)));
                }
            }
        }
        dhcp.retain(served);
    }

    private static boolean attempt(String what, Runnable body) {
        try {
            body.run();
            return true;
        } catch (FaultException e) {
            LOG.error("{} could not be brought back: {}", what, e.getMessage());
            return false;
        } catch (RuntimeException e) {
            LOG.error("{} could not be brought back", what, e);
            return false;
        }
    }
}

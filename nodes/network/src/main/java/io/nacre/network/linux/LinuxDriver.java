package io.nacre.network.linux;

import io.nacre.contracts.node.MetadataSource;
import io.nacre.contracts.node.NetworkNode.DataPlaneReport;
import io.nacre.contracts.node.NetworkNode.Inventory;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.Plugged;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.Ref;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import io.nacre.network.DataPlaneDriver;
import io.nacre.network.DeviceNames;
import io.nacre.network.NetworkConfig;
import io.nacre.network.Numbered;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bridges, tunnels and filters of the kernel, in a namespace of the agent's own. */
public final class LinuxDriver implements DataPlaneDriver {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxDriver.class);

    private final Host host;
    private final Bridges bridges;
    private final PortDevices devices;
    private final PortFilters portFilters;
    private final DhcpServices dhcp;
    private final Routers routers;
    private volatile @Nullable Supervisor supervisor;

    /** Makes the namespace when it is missing; the rest follows when the agent tells what it knows. */
    public LinuxDriver(NetworkConfig config, Path state, String hostName, MetadataSource metadata) {
        Tools tools = new Tools();
        FilterAccess filters = FilterAccess.probe(tools);
        Requirements.check(tools, filters, config);
        String namespace = config.namespace() == null ? DeviceNames.namespace(state) : config.namespace();
        Path run = Path.of("/run", DeviceNames.runFolder(state, hostName));
        host = new Host(config, namespace, run, tools, new Namespaces(tools));
        ensureNamespace();
        bridges = new Bridges(host);
        devices = new PortDevices(host);
        portFilters = new PortFilters(filters.open(namespace));
        dhcp = new DhcpServices(host, bridges, metadata);
        routers = new Routers(host, bridges, filters, metadata);
        LOG.info("data plane of {} in namespace {}, filters by {}", hostName, namespace, filters);
    }

    private void ensureNamespace() {
        if (host.namespaces().ensure(host.namespace())) {
            host.tools().ip(host.namespace(), List.of("link set dev lo up"));
        }
        Requirements.checkBridgeFilter(host.tools(), host.namespace());
        Namespaces.sysctl(
                host.namespace(),
                List.of(
                        "bridge/bridge-nf-call-iptables=1",
                        "bridge/bridge-nf-call-ip6tables=1",
                        "bridge/bridge-nf-call-arptables=0",
                        // Guests meet no stack on a bridge: it has no address, not even one it made itself.
                        "ipv6/conf/default/disable_ipv6=1",
                        "ipv6/conf/all/forwarding=0",
                        "ipv4/ip_forward=0",
                        "ipv4/conf/all/arp_ignore=1"));
    }

    @Override
    public DataPlaneReport report() {
        return new DataPlaneReport(
                "linux",
                host.namespace(),
                host.config().tunnelIp(),
                host.config().physicalNetworks().keySet().stream().sorted().toList());
    }

    @Override
    public void adopt(List<Numbered<NetworkSpec>> networks, List<Numbered<PortSpec>> ports, List<RouterSpec> known) {
        new Adoption(host, bridges, devices, portFilters, dhcp, routers).run(networks, ports, known);
        supervisor = new Supervisor(host.config().dhcp().checkEvery(), List.of(dhcp::look, routers::look));
    }

    @Override
    public void applyNetwork(Numbered<NetworkSpec> network) {
        NetworkSpec spec = network.spec();
        Map<String, Link> links = new HashMap<>();
        for (String device : bridges.devices(spec)) {
            Link.find(host.tools(), host.namespace(), device).ifPresent(link -> links.put(device, link));
        }
        bridges.apply(spec, links);
        portFilters.separate(bridges.name(spec), network.number());
        dhcp.apply(spec);
    }

    @Override
    public void removeNetwork(String id) {
        dhcp.remove(id);
        portFilters.forgetBridge(bridges.remove(id, links()));
    }

    @Override
    public Plugged applyPort(Numbered<PortSpec> port, NetworkSpec network) {
        PortSpec spec = port.spec();
        String device = DeviceNames.port(spec.id());
        Link there = Link.find(host.tools(), host.namespace(), device).orElse(null);
        // A device carries nothing before its filter is there.
        portFilters.apply(port);
        host.tools().ip(host.namespace(), devices.lines(spec, bridges.name(network), there));
        return new Plugged(spec.id(), device, host.namespace(), spec.mtu());
    }

    @Override
    public void removePort(String id) {
        String device = DeviceNames.port(id);
        if (Link.find(host.tools(), host.namespace(), device).isPresent()) {
            host.tools().ip(host.namespace(), List.of("link del dev " + device));
        }
        portFilters.remove(id);
    }

    @Override
    public void applyRouter(RouterSpec router, Map<String, NetworkSpec> networks) {
        routers.apply(router, networks);
    }

    @Override
    public void removeRouter(String id) {
        routers.remove(id);
    }

    @Override
    public Inventory inventory() {
        List<Ref> networks = new ArrayList<>();
        List<Ref> ports = new ArrayList<>();
        Set<String> checked = portFilters.checkedDevices();
        for (Link link : links().values()) {
            String network = link.aliasAfter(Bridges.ALIAS);
            if (network != null) {
                networks.add(new Ref(network));
            }
            String port = link.aliasAfter(PortDevices.ALIAS);
            if (port != null && (checked.contains(link.name()) || !portFilters.expects(port))) {
                ports.add(new Ref(port));
            }
        }
        return new Inventory(
                sorted(networks),
                sorted(ports),
                routers.present().stream().map(Ref::new).toList());
    }

    private static List<Ref> sorted(List<Ref> refs) {
        return refs.stream().sorted((a, b) -> a.id().compareTo(b.id())).collect(Collectors.toUnmodifiableList());
    }

    @Override
    public void purge() {
        routers.purge();
        dhcp.purge();
        Dnsmasq.deleteTree(host.runDirectory());
        host.namespaces().delete(host.namespace());
    }

    @Override
    public void close() {
        Supervisor looking = supervisor;
        if (looking != null) {
            looking.close();
        }
        routers.close();
        dhcp.close();
        portFilters.close();
    }

    private Map<String, Link> links() {
        return Link.all(host.tools(), host.namespace());
    }
}

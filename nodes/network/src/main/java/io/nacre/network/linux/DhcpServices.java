package io.nacre.network.linux;

import io.nacre.contracts.node.MetadataSource;
import io.nacre.contracts.node.NetworkNode.Dhcp;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.network.DeviceNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For each network with DHCP a namespace with dnsmasq and the metadata listener, connected to the network's bridge
 * like any other port. Services are looked after: one that died, or whose namespace vanished, is made again.
 */
final class DhcpServices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DhcpServices.class);

    private final Host host;
    private final Bridges bridges;
    private final MetadataSource metadata;
    private final Map<String, Service> services = new ConcurrentHashMap<>();

    DhcpServices(Host host, Bridges bridges, MetadataSource metadata) {
        this.host = host;
        this.bridges = bridges;
        this.metadata = metadata;
    }

    /** What this agent holds for a network; the object itself is the lock for all that is done to it. */
    private static final class Service {
        private @Nullable NetworkSpec network;
        private @Nullable MetadataListener listener;
    }

    /** Makes the network's service as declared, or takes it away when none is declared. */
    void apply(NetworkSpec network) {
        if (network.dhcp() == null) {
            remove(network.id());
            return;
        }
        Service service = services.computeIfAbsent(network.id(), id -> new Service());
        synchronized (service) {
            service.network = network;
            make(service, network);
        }
    }

    private void make(Service service, NetworkSpec network) {
        String namespace = host.dhcpNamespace(network.id());
        boolean fresh = host.namespaces().ensure(namespace);
        if (fresh) {
            closeListener(service);
            Namespaces.sysctl(
                    namespace,
                    List.of(
                            "ipv6/conf/default/accept_ra=0",
                            "ipv6/conf/default/accept_dad=0",
                            "ipv4/ip_forward=0",
                            "ipv6/conf/all/forwarding=0"));
            host.tools().ip(namespace, List.of("link set dev lo up"));
        }
        connect(network, namespace);
        DnsmasqFiles.Folder folder = folder(network.id());
        DnsmasqFiles files =
                DnsmasqFiles.of(network, folder, host.config().dhcp().leaseTime());
        dnsmasq(network.id()).serve(files);
        if (service.listener == null) {
            service.listener = MetadataListener.open(
                    namespace,
                    DnsmasqFiles.METADATA_ADDRESS,
                    80,
                    host.config().metadata(),
                    metadata,
                    address -> network.id());
        }
    }

    private void connect(NetworkSpec network, String namespace) {
        Dhcp dhcp = Objects.requireNonNull(network.dhcp());
        String inner = DeviceNames.dhcpEnd(dhcp.portId());
        String outer = DeviceNames.dhcpPort(dhcp.portId());
        Addresses present = Addresses.read(host.tools(), namespace);
        Link there = present.links().get(inner);
        Link end = Link.find(host.tools(), host.namespace(), outer).orElse(null);
        boolean keep = there != null && end != null && there.mac().equalsIgnoreCase(dhcp.mac());
        List<String> outside = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        if (!keep) {
            if (end != null) {
                outside.add("link del dev " + outer);
            }
            // The port of a service that was declared before.
            present.links().keySet().stream()
                    .filter(name -> name.startsWith("ns-") && !name.equals(inner))
                    .forEach(name -> lines.add("link del dev " + name));
            outside.add("link add " + outer + " type veth peer name " + inner + " address " + dhcp.mac() + " netns "
                    + namespace);
            present = new Addresses(Map.of(), Map.of());
            there = null;
            end = null;
        }
        String bridge = bridges.name(network);
        if (end == null || end.mtu() != network.mtu() || !end.up() || !bridge.equals(end.master())) {
            outside.add("link set dev " + outer + " mtu " + network.mtu() + " master " + bridge + " up");
        }
        host.tools().ip(host.namespace(), outside);
        if (there == null || there.mtu() != network.mtu() || !there.up()) {
            lines.add("link set dev " + inner + " mtu " + network.mtu() + " up");
        }
        List<String> addresses = new ArrayList<>(dhcp.addresses());
        addresses.add(DnsmasqFiles.METADATA_ADDRESS + "/32");
        lines.addAll(present.changes(inner, addresses));
        host.tools().ip(namespace, lines);
    }

    void remove(String networkId) {
        Service service = services.computeIfAbsent(networkId, id -> new Service());
        synchronized (service) {
            closeListener(service);
            service.network = null;
            dnsmasq(networkId).stop();
            String namespace = host.dhcpNamespace(networkId);
            if (host.namespaces().exists(namespace)) {
                dnsmasq(networkId).stopLost();
                // With its last process gone the kernel takes a namespace away in its own time; a device it still
                // holds would stand in the way of the next one with that name.
                List<String> devices = host.tools().list("ip", namespace, "link", "show").stream()
                        .map(node -> Link.of(node).name())
                        .filter(name -> name.startsWith("ns-"))
                        .map(name -> "link del dev " + name)
                        .toList();
                host.tools().ip(namespace, devices);
                host.namespaces().delete(namespace);
            }
            dnsmasq(networkId).deleteFiles();
            services.remove(networkId, service);
        }
    }

    /** Takes away services of networks that are not among these. */
    void retain(Set<String> networkIds) {
        String prefix = host.dhcpPrefix();
        host.namespaces().list(prefix).stream()
                .map(name -> name.substring(prefix.length()))
                .filter(id -> !networkIds.contains(id))
                .forEach(this::remove);
    }

    /** Starts again what has ended. */
    void look() {
        services.values().forEach(this::look);
    }

    private void look(Service service) {
        synchronized (service) {
            NetworkSpec network = service.network;
            if (network == null) {
                return;
            }
            Dnsmasq dnsmasq = dnsmasq(network.id());
            dnsmasq.trimLog();
            if (dnsmasq.process().isPresent()) {
                return;
            }
            LOG.warn("the DHCP service of network {} has ended, it is started again", network.id());
            try {
                make(service, network);
            } catch (RuntimeException e) {
                // It is tried again at the next look, and whatever failed has been logged.
                LOG.error("the DHCP service of network {} cannot be started again", network.id(), e);
            }
        }
    }

    private Dnsmasq dnsmasq(String networkId) {
        return new Dnsmasq(host, host.dhcpNamespace(networkId), folder(networkId));
    }

    private DnsmasqFiles.Folder folder(String networkId) {
        return new DnsmasqFiles.Folder(host.runDirectory().resolve("dhcp").resolve(networkId));
    }

    private static void closeListener(Service service) {
        if (service.listener != null) {
            service.listener.close();
            service.listener = null;
        }
    }

    /** Takes away all services there are, declared or not. */
    void purge() {
        services.keySet().forEach(this::remove);
        retain(Set.of());
    }

    /** Stops answering for metadata; dnsmasq serves on. */
    @Override
    public void close() {
        services.values().forEach(service -> {
            synchronized (service) {
                closeListener(service);
            }
        });
    }
}

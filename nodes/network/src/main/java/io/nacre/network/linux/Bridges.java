package io.nacre.network.linux;

import io.nacre.base.Fault;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.network.Cidr;
import io.nacre.network.DeviceNames;
import io.nacre.network.NetworkConfig.PhysicalNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A bridge for each network, joined to the same network on other hosts by a VXLAN device, or to the world by what is
 * in a physical network's bridge.
 *
 * <p>Frames to all, and to hardware addresses not heard of yet, are sent to each peer; the rest goes to the host that
 * the address was learnt from.
 */
final class Bridges {
    /** Before a network's identifier in the alias of its bridge. */
    static final String ALIAS = "network:";

    private static final String FLOOD = "00:00:00:00:00:00";

    private final Host host;

    Bridges(Host host) {
        this.host = host;
    }

    /** Name of the network's bridge on this host. */
    String name(NetworkSpec network) {
        String physical = network.physicalNetwork();
        if (physical == null) {
            return DeviceNames.bridge(network.id());
        }
        if (!host.config().physicalNetworks().containsKey(physical)) {
            throw Fault.conflict("This host is not connected to the physical network " + physical + ".");
        }
        return DeviceNames.physicalBridge(physical);
    }

    /** The devices it takes to tell whether the network is as declared. */
    List<String> devices(NetworkSpec network) {
        return isTunnelled(network) ? List.of(name(network), DeviceNames.tunnel(network.id())) : List.of(name(network));
    }

    private boolean isTunnelled(NetworkSpec network) {
        return host.config().tunnelIp() != null && network.physicalNetwork() == null;
    }

    /** Makes the physical networks' bridges, which are there before any network is bound to them. */
    void physicalNetworks(Map<String, Link> links) {
        host.config().physicalNetworks().forEach((name, physical) -> {
            String bridge = DeviceNames.physicalBridge(name);
            String end = DeviceNames.physicalEnd(name);
            List<String> lines = new ArrayList<>();
            if (!links.containsKey(bridge)) {
                lines.add(create(bridge, 1500));
                lines.add("link set dev " + bridge + " up");
            }
            if (!links.containsKey(end)) {
                lines.add("link add " + end + " type veth peer name " + DeviceNames.physicalPort(name));
                lines.add("link set dev " + DeviceNames.physicalPort(name) + " master " + bridge + " up");
            }
            host.tools().ip(host.namespace(), lines);
            if (!physical.addresses().isEmpty()) {
                addresses(end, physical);
            }
            uplink(bridge, physical, links);
        });
    }

    private void addresses(String end, PhysicalNetwork physical) {
        Namespaces.sysctl(host.namespace(), List.of("ipv6/conf/" + end + "/disable_ipv6=0"));
        List<String> lines = new ArrayList<>();
        lines.add("link set dev " + end + " up");
        lines.addAll(Addresses.read(host.tools(), host.namespace()).changes(end, physical.addresses()));
        host.tools().ip(host.namespace(), lines);
    }

    private void uplink(String bridge, PhysicalNetwork physical, Map<String, Link> links) {
        String device = physical.device();
        if (device == null) {
            return;
        }
        if (!links.containsKey(device)) {
            host.tools().ip(null, List.of("link set dev " + device + " netns " + host.namespace()));
        }
        host.tools().ip(host.namespace(), List.of("link set dev " + device + " master " + bridge + " up"));
    }

    private static String create(String bridge, int mtu) {
        return "link add " + bridge + " mtu " + mtu + " type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
                + " nf_call_iptables 1 nf_call_ip6tables 1";
    }

    /** Makes the network's bridge and tunnel as declared. */
    void apply(NetworkSpec network, Map<String, Link> links) {
        List<String> lines = bridge(network, links);
        if (!isTunnelled(network)) {
            host.tools().ip(host.namespace(), lines);
            return;
        }
        String tunnel = DeviceNames.tunnel(network.id());
        Link there = tunnel(network, links.get(tunnel));
        String bridge = name(network);
        if (there == null || there.mtu() != network.mtu() || !there.up() || !bridge.equals(there.master())) {
            lines.add("link set dev " + tunnel + " mtu " + network.mtu() + " master " + bridge + " up");
        }
        host.tools().ip(host.namespace(), lines);
        flood(network);
    }

    private List<String> bridge(NetworkSpec network, Map<String, Link> links) {
        List<String> lines = new ArrayList<>();
        String bridge = name(network);
        String alias = ALIAS + network.id();
        Link there = links.get(bridge);
        if (there == null) {
            lines.add(create(bridge, network.mtu()));
        }
        if (there == null
                || there.mtu() != network.mtu()
                || !there.up()
                || !there.alias().equals(alias)) {
            lines.add("link set dev " + bridge + " mtu " + network.mtu() + " alias " + alias + " up");
        }
        return lines;
    }

    /**
     * Makes the VXLAN device in the namespace that reaches the other hosts, from where it goes to the data plane's;
     * its UDP socket stays behind. Returns the device that was there already and may stay.
     */
    private @Nullable Link tunnel(NetworkSpec network, @Nullable Link there) {
        String local = Objects.requireNonNull(host.config().tunnelIp());
        int port = host.config().tunnelPort();
        String device = DeviceNames.tunnel(network.id());
        if (there != null) {
            JsonNode data = there.details();
            boolean same = data.path("id").asInt(-1) == network.segmentation()
                    && data.path("port").asInt(-1) == port
                    && sameAddress(
                            local,
                            data.path("local").asString(data.path("local6").asString("")));
            if (same) {
                return there;
            }
            host.tools().ip(host.namespace(), List.of("link del dev " + device));
        }
        host.tools()
                .ip(
                        host.config().tunnelNamespace(),
                        List.of("link add " + device + " netns " + host.namespace() + " type vxlan id "
                                + network.segmentation() + " local " + local + " dstport " + port + " ttl 64"));
        return null;
    }

    private static boolean sameAddress(String one, String other) {
        return !other.isEmpty() && Cidr.parse(one).equals(Cidr.parse(other));
    }

    private void flood(NetworkSpec network) {
        String device = DeviceNames.tunnel(network.id());
        Set<String> wanted = network.peers().stream()
                .filter(peer ->
                        !sameAddress(peer, Objects.requireNonNull(host.config().tunnelIp())))
                .map(peer -> Cidr.parse(peer).toString())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> present = host.tools().list("bridge", host.namespace(), "fdb", "show", "dev", device).stream()
                .filter(entry -> FLOOD.equals(entry.path("mac").asString("")))
                .map(entry -> entry.path("dst").asString(""))
                .filter(peer -> !peer.isEmpty())
                .map(peer -> Cidr.parse(peer).toString())
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> lines = new ArrayList<>();
        present.stream()
                .filter(peer -> !wanted.contains(peer))
                .forEach(peer -> lines.add("fdb del " + FLOOD + " dev " + device + " dst " + peer));
        wanted.stream()
                .filter(peer -> !present.contains(peer))
                .forEach(peer -> lines.add("fdb append " + FLOOD + " dev " + device + " dst " + peer));
        host.tools().bridge(host.namespace(), lines);
    }

    /** Takes the network's own devices away; a physical network's bridge stays. Returns the bridge's name. */
    String remove(String networkId, Map<String, Link> links) {
        List<String> lines = new ArrayList<>();
        for (String device : List.of(DeviceNames.tunnel(networkId), DeviceNames.bridge(networkId))) {
            if (links.containsKey(device)) {
                lines.add("link del dev " + device);
            }
        }
        String bridge = DeviceNames.bridge(networkId);
        for (Link link : links.values()) {
            if (link.alias().equals(ALIAS + networkId) && !link.name().equals(bridge)) {
                lines.add("link set dev " + link.name() + " alias unused");
                bridge = link.name();
            }
        }
        host.tools().ip(host.namespace(), lines);
        return bridge;
    }
}

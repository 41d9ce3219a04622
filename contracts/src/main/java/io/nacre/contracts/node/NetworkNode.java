package io.nacre.contracts.node;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a node agent that moves packets. Served on the bus at {@code network.HOST}.
 *
 * <p>Everything is declared: the controller says how a network, port or router shall look, the node makes it so.
 * Each declaration carries a generation; one that is older than what is already in place is ignored, so that
 * repeated and reordered commands do no harm.
 */
public interface NetworkNode {

    /** What this host's data plane is and can do. */
    DataPlaneReport report();

    /** Makes or updates a network on this host: its bridge, tunnels, and DHCP service when this host has it. */
    void applyNetwork(NetworkSpec network);

    /** Removes a network from this host; one that is not here is a success. */
    void removeNetwork(Ref network);

    /** Makes or updates a port: its device on the bridge, anti-spoofing and filter rules. The network comes first. */
    Plugged applyPort(PortSpec port);

    /** Removes a port from this host; one that is not here is a success. */
    void removePort(Ref port);

    /** Makes or updates a router on this host. Its networks come first. */
    void applyRouter(RouterSpec router);

    /** Removes a router from this host; one that is not here is a success. */
    void removeRouter(Ref router);

    /** What is really in place, so that the controller can mend differences. */
    Inventory inventory();

    /**
     * @param driver linux, ovn or fake
     * @param namespace where the data plane lives, for people who want to look at it or log in to a guest
     * @param tunnelIp underlay address of this host; null when it runs alone
     */
    record DataPlaneReport(
            String driver,
            @Nullable String namespace,
            @Nullable String tunnelIp,
            List<String> physicalNetworks) {}

    /**
     * @param generation of the wish to remove it: an older declaration that comes later is refused, and a newer one
     *     that came before stays; 0 for removing whatever is there
     */
    record Ref(String id, long generation) {
        public Ref(String id) {
            this(id, 0);
        }
    }

    /**
     * @param segmentation VXLAN network identifier, unique in the cloud
     * @param peers underlay addresses of the other hosts that carry this network
     * @param dhcp null when this host does not serve DHCP for it
     * @param physicalNetwork null for a tenant network; else the provider network it is bound to, flat
     */
    record NetworkSpec(
            String id,
            long generation,
            int segmentation,
            int mtu,
            List<String> peers,
            @Nullable String physicalNetwork,
            @Nullable Dhcp dhcp) {}

    /**
     * The DHCP service of a network, which also answers for metadata at 169.254.169.254.
     *
     * @param portId the service's own port
     * @param addresses the service's own addresses with prefix lengths, one for each subnet
     */
    record Dhcp(
            String portId,
            String mac,
            List<String> addresses,
            List<DhcpSubnet> subnets,
            List<Reservation> reservations,
            String domain) {}

    /**
     * @param routes destination CIDR to next hop, the metadata address not among them
     * @param raMode null, slaac, dhcpv6-stateful or dhcpv6-stateless
     */
    record DhcpSubnet(
            String id,
            String cidr,
            @Nullable String gateway,
            List<String> dnsServers,
            Map<String, String> routes,
            @Nullable String raMode,
            boolean routed) {}

    /** @param options extra DHCP options of the port, by name */
    record Reservation(
            String portId, String mac, List<String> addresses, String hostname, Map<String, String> options) {}

    /**
     * @param addresses fixed addresses without prefix length
     * @param allowedPairs further addresses the port may use, beyond its own
     * @param security null when port security is off: no anti-spoofing and no filter
     */
    record PortSpec(
            String id,
            long generation,
            String networkId,
            String mac,
            List<String> addresses,
            List<AddressPair> allowedPairs,
            int mtu,
            boolean up,
            @Nullable Filter security) {}

    record AddressPair(String cidr, @Nullable String mac) {}

    /** Stateful rules; what none of them allows is dropped. */
    record Filter(List<FilterRule> rules) {}

    /**
     * One allowed kind of traffic, remote groups already resolved to their members' addresses.
     *
     * @param ethertype IPv4 or IPv6
     * @param protocol name or number; null for any
     * @param portMin first port, or ICMP type; null for any
     * @param portMax last port, or ICMP code; null for any
     * @param remotes CIDRs; null for anywhere, empty for nowhere
     */
    record FilterRule(
            boolean ingress,
            String ethertype,
            @Nullable String protocol,
            @Nullable Integer portMin,
            @Nullable Integer portMax,
            @Nullable List<String> remotes,
            boolean stateful) {}

    /** @param device name of the device a guest is to be connected to */
    record Plugged(String portId, String device, @Nullable String namespace, int mtu) {}

    /** @param gateway null for a router without an external network */
    record RouterSpec(
            String id,
            long generation,
            List<RouterLeg> legs,
            @Nullable RouterLeg gateway,
            @Nullable String gatewayNextHop,
            boolean snat,
            Map<String, String> routes,
            List<FloatingIp> floatingIps) {}

    /** @param addresses with prefix lengths */
    record RouterLeg(String portId, String networkId, String mac, List<String> addresses, int mtu) {}

    record FloatingIp(String id, String floating, String fixed) {}

    record Inventory(List<Ref> networks, List<Ref> ports, List<Ref> routers) {}
}

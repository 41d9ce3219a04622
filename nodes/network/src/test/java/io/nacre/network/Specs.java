package io.nacre.network;

import io.nacre.contracts.node.NetworkNode.Dhcp;
import io.nacre.contracts.node.NetworkNode.DhcpSubnet;
import io.nacre.contracts.node.NetworkNode.Filter;
import io.nacre.contracts.node.NetworkNode.FilterRule;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.Reservation;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Declarations as the controller would make them, with what a test does not care about filled in. */
public final class Specs {
    public static final int MTU = 1450;

    private Specs() {}

    /** An identifier of the usual form, different from the others in its first digits. */
    public static String id(int number) {
        return String.format("%08x-0000-4000-8000-000000000000", number * 0x01000193);
    }

    public static String mac(int number) {
        return String.format("fa:16:3e:00:%02x:%02x", number >> 8, number & 255);
    }

    public static NetworkSpec network(int number, long generation) {
        return new NetworkSpec(id(number), generation, 1000 + number, MTU, List.of(), null, null);
    }

    public static NetworkSpec withDhcp(NetworkSpec network, long generation, @Nullable Dhcp dhcp) {
        return new NetworkSpec(
                network.id(),
                generation,
                network.segmentation(),
                network.mtu(),
                network.peers(),
                network.physicalNetwork(),
                dhcp);
    }

    /** A service at .2 of each subnet; the subnets' gateways, if any, are theirs to say. */
    public static Dhcp dhcp(int portNumber, List<String> addresses, List<DhcpSubnet> subnets, Reservation... guests) {
        return new Dhcp(id(portNumber), mac(portNumber), addresses, subnets, List.of(guests), "openstacklocal");
    }

    public static DhcpSubnet subnet(String cidr, @Nullable String gateway, boolean routed) {
        return new DhcpSubnet(id(9000), cidr, gateway, List.of(), Map.of(), null, routed);
    }

    public static Reservation reservation(int portNumber, String... addresses) {
        return new Reservation(id(portNumber), mac(portNumber), List.of(addresses), "guest-" + portNumber, Map.of());
    }

    /** An unfiltered port. */
    public static PortSpec port(int number, long generation, NetworkSpec network, String... addresses) {
        return new PortSpec(
                id(number), generation, network.id(), mac(number), List.of(addresses), List.of(), MTU, true, null);
    }

    public static PortSpec filtered(PortSpec port, long generation, FilterRule... rules) {
        return new PortSpec(
                port.id(),
                generation,
                port.networkId(),
                port.mac(),
                port.addresses(),
                port.allowedPairs(),
                port.mtu(),
                port.up(),
                new Filter(List.of(rules)));
    }

    public static RouterSpec router(int number, long generation) {
        return new RouterSpec(id(number), generation, List.of(), null, null, false, Map.of(), List.of());
    }
}

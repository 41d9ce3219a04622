package io.nacre.network;

import io.nacre.base.Fault;
import io.nacre.contracts.node.NetworkNode.AddressPair;
import io.nacre.contracts.node.NetworkNode.Dhcp;
import io.nacre.contracts.node.NetworkNode.DhcpSubnet;
import io.nacre.contracts.node.NetworkNode.Filter;
import io.nacre.contracts.node.NetworkNode.FilterRule;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.Reservation;
import io.nacre.contracts.node.NetworkNode.RouterLeg;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks of form. What passes here goes into the input of {@code ip}, {@code nft} and {@code dnsmasq} as root, and
 * some of it was typed by users, so every text is held against what it claims to be.
 */
final class Declarations {
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z][0-9A-Za-z-]{10,62}");
    private static final Pattern MAC = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{0,255}");
    private static final Set<String> RA_MODES = Set.of("slaac", "dhcpv6-stateful", "dhcpv6-stateless");

    private Declarations() {}

    static String id(String field, String id) {
        require(ID.matcher(id).matches(), field, id);
        return id;
    }

    static void check(NetworkSpec network) {
        id("network id", network.id());
        require(
                network.segmentation() >= 0 && network.segmentation() < 1 << 24,
                "segmentation",
                network.segmentation());
        mtu(network.mtu());
        each(network.peers(), peer -> single("peer", peer));
        if (network.physicalNetwork() != null) {
            require(network.physicalNetwork().length() <= 255, "physical network", network.physicalNetwork());
        }
        if (network.dhcp() != null) {
            check(network.dhcp());
        }
    }

    private static void check(Dhcp dhcp) {
        id("DHCP port", dhcp.portId());
        mac(dhcp.mac());
        each(dhcp.addresses(), address -> cidr("DHCP address", address));
        require(NAME.matcher(dhcp.domain()).matches(), "domain", dhcp.domain());
        each(dhcp.subnets(), Declarations::check);
        each(dhcp.reservations(), Declarations::check);
    }

    private static void check(DhcpSubnet subnet) {
        id("subnet id", subnet.id());
        cidr("subnet", subnet.cidr());
        if (subnet.gateway() != null) {
            single("gateway", subnet.gateway());
        }
        each(subnet.dnsServers(), server -> single("DNS server", server));
        subnet.routes().forEach((destination, hop) -> {
            cidr("route", destination);
            single("next hop", hop);
        });
        require(subnet.raMode() == null || RA_MODES.contains(subnet.raMode()), "RA mode", subnet.raMode());
    }

    private static void check(Reservation reservation) {
        id("port id", reservation.portId());
        mac(reservation.mac());
        each(reservation.addresses(), address -> single("address", address));
        // Name and options are its owner's words; one that cannot be used is left out where they are written.
    }

    static void check(PortSpec port) {
        id("port id", port.id());
        id("network id", port.networkId());
        mac(port.mac());
        mtu(port.mtu());
        each(port.addresses(), address -> single("address", address));
        for (AddressPair pair : port.allowedPairs()) {
            cidr("allowed address", pair.cidr());
            if (pair.mac() != null) {
                mac(pair.mac());
            }
        }
        if (port.security() != null) {
            check(port.security());
        }
    }

    private static void check(Filter filter) {
        for (FilterRule rule : filter.rules()) {
            boolean ipv4 = "IPv4".equals(rule.ethertype());
            require(ipv4 || "IPv6".equals(rule.ethertype()), "ethertype", rule.ethertype());
            if (rule.protocol() != null) {
                Protocols.number(rule.protocol(), ipv4);
            }
            range("port", rule.portMin());
            range("port", rule.portMax());
            if (rule.remotes() != null) {
                each(rule.remotes(), remote -> {
                    cidr("remote", remote);
                    require(Cidr.parse(remote).isIpv4() == ipv4, "remote of this ethertype", remote);
                });
            }
        }
    }

    static void check(RouterSpec router) {
        id("router id", router.id());
        each(router.legs(), Declarations::check);
        if (router.gateway() != null) {
            check(router.gateway());
        }
        if (router.gatewayNextHop() != null) {
            single("gateway", router.gatewayNextHop());
        }
        router.routes().forEach((destination, hop) -> {
            cidr("route", destination);
            single("next hop", hop);
        });
        router.floatingIps().forEach(ip -> {
            id("floating IP id", ip.id());
            ipv4("floating IP", ip.floating());
            ipv4("fixed address", ip.fixed());
        });
    }

    private static void check(RouterLeg leg) {
        id("router port", leg.portId());
        id("network id", leg.networkId());
        mac(leg.mac());
        mtu(leg.mtu());
        each(leg.addresses(), address -> cidr("router address", address));
    }

    private static <T> void each(List<T> values, Consumer<T> check) {
        values.forEach(check);
    }

    private static void mac(String mac) {
        require(MAC.matcher(mac).matches(), "MAC address", mac);
    }

    private static void mtu(int mtu) {
        require(mtu >= 68 && mtu <= 65_535, "MTU", mtu);
    }

    private static void range(String field, @Nullable Integer value) {
        require(value == null || (value >= 0 && value <= 65_535), field, value);
    }

    private static void ipv4(String field, String text) {
        single(field, text);
        require(Cidr.parse(text).isIpv4(), field, text);
    }

    private static void single(String field, String text) {
        cidr(field, text);
        require(text.indexOf('/') < 0, field, text);
    }

    private static void cidr(String field, String text) {
        try {
            Cidr.parse(text);
        } catch (IllegalArgumentException e) {
            throw Fault.invalid(field + ": " + e.getMessage()).because(e);
        }
    }

    private static void require(boolean holds, String field, @Nullable Object value) {
        if (!holds) {
            throw Fault.invalid("'" + value + "' is not a valid " + field + ".");
        }
    }
}

package io.nacre.neutron.subnet;

import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.address.Addresses;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.address.Range;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;

/** What must hold within a subnet, whoever its neighbours are. */
final class SubnetCheck {
    private static final int MAX_DNS_SERVERS = 5;
    private static final int MAX_ROUTES = 20;
    private static final Cidr MULTICAST_4 = Cidr.of("224.0.0.0/4");
    private static final Cidr MULTICAST_6 = Cidr.of("ff00::/8");
    private static final Cidr LOOPBACK_4 = Cidr.of("127.0.0.0/8");
    private static final Cidr LOOPBACK_6 = Cidr.of("::1/128");

    private SubnetCheck() {}

    static void all(Subnet subnet) {
        block(subnet);
        modes(subnet);
        gateway(subnet);
        pools(subnet);
        if (subnet.dnsServers().size() > MAX_DNS_SERVERS) {
            throw NeutronFault.invalid(
                    "DNSNameServersExhausted",
                    "Unable to complete operation for " + subnet.id()
                            + ". The number of DNS nameservers exceeds the limit " + MAX_DNS_SERVERS + ".");
        }
        if (subnet.routes().size() > MAX_ROUTES) {
            throw NeutronFault.invalid(
                    "HostRoutesExhausted",
                    "Unable to complete operation for " + subnet.id() + ". The number of host routes exceeds the limit "
                            + MAX_ROUTES + ".");
        }
        for (Subnet.Route route : subnet.routes()) {
            version("host_route", route.nexthop(), Addresses.version(route.nexthop()), subnet.version());
        }
    }

    private static void version(String what, String value, int is, int wanted) {
        if (is != wanted) {
            throw NeutronFault.invalidInput(what + " '" + value + "' does not match the ip_version '" + wanted + "'");
        }
    }

    private static void block(Subnet subnet) {
        Cidr cidr = subnet.cidr();
        if (cidr.prefix() == 0) {
            throw NeutronFault.invalidInput("0 is not allowed as CIDR prefix length");
        }
        if (!subnet.dhcp()) {
            return;
        }
        int longest = cidr.version() == 4 ? 30 : 126;
        if (cidr.prefix() > longest) {
            throw NeutronFault.invalidInput(
                    "Subnet has a prefix length that is incompatible with DHCP service enabled");
        }
        if (MULTICAST_4.contains(cidr) || MULTICAST_6.contains(cidr)) {
            throw NeutronFault.invalidInput("Multicast IP subnet is not supported if enable_dhcp is True");
        }
        if (LOOPBACK_4.contains(cidr) || LOOPBACK_6.contains(cidr)) {
            throw NeutronFault.invalidInput("Loopback IP subnet is not supported if enable_dhcp is True");
        }
    }

    private static void modes(Subnet subnet) {
        String ra = subnet.raMode();
        String address = subnet.addressMode();
        if (ra == null && address == null) {
            return;
        }
        if (subnet.version() == 4) {
            throw NeutronFault.invalidInput(
                    (ra != null ? "ipv6_ra_mode" : "ipv6_address_mode") + " is not valid when ip_version is 4");
        }
        if (!subnet.dhcp()) {
            throw NeutronFault.invalidInput(
                    "ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False");
        }
        if (ra != null && address != null && !Objects.equals(ra, address)) {
            throw NeutronFault.invalidInput("ipv6_ra_mode set to '" + ra + "' with ipv6_address_mode set to '" + address
                    + "' is not valid. If both attributes are set, they must be the same value");
        }
        if (subnet.isAutoAddressed() && subnet.cidr().prefix() != 64) {
            throw NeutronFault.invalidInput("Invalid CIDR " + subnet.cidr()
                    + " for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires the prefix to"
                    + " be /64");
        }
    }

    private static void gateway(Subnet subnet) {
        String gateway = subnet.gateway();
        if (gateway == null) {
            return;
        }
        version("gateway_ip", gateway, Addresses.version(gateway), subnet.version());
        BigInteger number = Addresses.number(gateway);
        Cidr cidr = subnet.cidr();
        boolean whole = cidr.bits() - cidr.prefix() < 2;
        boolean network = cidr.version() == 4 && number.equals(cidr.first());
        boolean broadcast = cidr.version() == 4 && number.equals(cidr.last());
        if (!whole && (network || broadcast)) {
            throw NeutronFault.invalidInput("Gateway is not valid on subnet");
        }
        for (Subnet.Pool pool : subnet.pools()) {
            if (pool.range().contains(gateway)) {
                throw NeutronFault.conflict(
                        "GatewayConflictWithAllocationPools",
                        "Gateway ip " + gateway + " conflicts with allocation pool " + show(pool) + ".");
            }
        }
    }

    private static void pools(Subnet subnet) {
        List<Subnet.Pool> pools = subnet.pools();
        Range hosts = subnet.cidr().hosts();
        for (int i = 0; i < pools.size(); i++) {
            Subnet.Pool pool = pools.get(i);
            Range range = pool.range();
            if (Addresses.version(pool.end()) != range.version()
                    || range.from().compareTo(range.to()) > 0
                    || range.version() != subnet.version()) {
                throw NeutronFault.invalid(
                        "InvalidAllocationPool", "The allocation pool " + show(pool) + " is not valid.");
            }
            boolean anycast =
                    subnet.version() == 6 && range.from().equals(subnet.cidr().first());
            if ((!anycast && !hosts.contains(range.from())) || !hosts.contains(range.to())) {
                throw NeutronFault.invalid(
                        "OutOfBoundsAllocationPool",
                        "The allocation pool " + show(pool) + " spans beyond the subnet cidr " + subnet.cidr() + ".");
            }
            for (Subnet.Pool other : pools.subList(0, i)) {
                if (other.range().overlaps(range)) {
                    throw NeutronFault.conflict(
                            "OverlappingAllocationPools",
                            "Found overlapping allocation pools: " + show(other) + " " + show(pool) + " for subnet "
                                    + subnet.cidr() + ".");
                }
            }
        }
    }

    private static String show(Subnet.Pool pool) {
        return pool.start() + "-" + pool.end();
    }
}

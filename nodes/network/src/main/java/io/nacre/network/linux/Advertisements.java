package io.nacre.network.linux;

import io.nacre.contracts.node.NetworkNode.Dhcp;
import io.nacre.contracts.node.NetworkNode.DhcpSubnet;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.RouterLeg;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import io.nacre.network.Cidr;
import io.nacre.network.DeviceNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a router tells guests that it is their way out by IPv6, which only an announcement with its own address can
 * do. What else guests need to know they are told by the network's DHCP service.
 */
final class Advertisements {
    private static final int EVERY_SECONDS = 60;
    private static final int LIFETIME_SECONDS = 1800;

    private Advertisements() {}

    /** Files for a dnsmasq that does nothing else; empty when no subnet behind a leg wants announcements. */
    static Optional<DnsmasqFiles> of(RouterSpec router, Map<String, NetworkSpec> networks, DnsmasqFiles.Folder folder) {
        List<String> ranges = new ArrayList<>();
        for (RouterLeg leg : router.legs()) {
            NetworkSpec network = networks.get(leg.networkId());
            Dhcp dhcp = network == null ? null : network.dhcp();
            if (dhcp != null) {
                dhcp.subnets().forEach(subnet -> range(leg, subnet, ranges));
            }
        }
        if (ranges.isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        lines.addAll(List.of("port=0", "no-hosts", "no-resolv", "no-poll", "bind-interfaces", "except-interface=lo"));
        lines.addAll(List.of("quiet-dhcp6", "quiet-ra", "enable-ra"));
        lines.add("pid-file=" + folder.pid());
        lines.add("log-facility=" + folder.log());
        lines.add("dhcp-leasefile=" + folder.leases());
        lines.addAll(ranges);
        return Optional.of(new DnsmasqFiles(String.join("\n", lines) + "\n", "", Map.of(), Map.of()));
    }

    private static void range(RouterLeg leg, DhcpSubnet subnet, List<String> ranges) {
        Cidr cidr = Cidr.parse(subnet.cidr()).network();
        String gateway = subnet.gateway();
        if (subnet.raMode() == null || gateway == null || !cidr.isIpv6()) {
            return;
        }
        Cidr own = Cidr.parse(gateway);
        boolean leads = leg.addresses().stream()
                .anyMatch(address -> Cidr.parse(address).address().equals(own.address()));
        if (leads) {
            String device = DeviceNames.legEnd(leg.portId());
            // What "static" adds, a service without any address to give, disturbs no guest.
            String mode = subnet.raMode().equals("dhcpv6-stateful") ? "static" : "ra-only";
            String mtu = leg.mtu() < 1280 ? "" : ",mtu:" + leg.mtu();
            ranges.add("interface=" + device);
            ranges.add("dhcp-range=" + cidr.host() + "," + mode + "," + cidr.prefix());
            ranges.add("ra-param=" + device + mtu + "," + EVERY_SECONDS + "," + LIFETIME_SECONDS);
        }
    }
}

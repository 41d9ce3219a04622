package io.nacre.network.linux;

import io.nacre.contracts.node.NetworkNode.AddressPair;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.network.Cidr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which frames may come from a port, and which may go to it, whatever its security groups say: rules of the bridge
 * table. They keep neutron's order: addresses that are not set yet (DHCP, duplicate address detection), then each
 * hardware address with the addresses it may use. A frame that passes carries the port's number in its mark.
 */
final class AntiSpoofing {
    private final int number;
    /** Allowed sources by hardware address. */
    private final Map<String, List<Cidr>> sources = new LinkedHashMap<>();

    AntiSpoofing(PortSpec port, int number) {
        this.number = number;
        String own = port.mac().toLowerCase(Locale.ROOT);
        allow(own, linkLocal(own));
        port.addresses().forEach(address -> allow(own, Cidr.parse(address)));
        for (AddressPair pair : port.allowedPairs()) {
            String mac = pair.mac() == null ? own : pair.mac().toLowerCase(Locale.ROOT);
            allow(mac, linkLocal(mac));
            allow(mac, Cidr.parse(pair.cidr()).network());
        }
    }

    private void allow(String mac, Cidr source) {
        sources.computeIfAbsent(mac, key -> new ArrayList<>()).add(source);
    }

    /** The address that IPv6 makes of a hardware address (RFC 4291, appendix A). */
    static Cidr linkLocal(String mac) {
        String[] part = mac.split(":");
        String first = String.format("%02x", Integer.parseInt(part[0], 16) ^ 2);
        return Cidr.parse("fe80::" + first + part[1] + ":" + part[2] + "ff:fe" + part[3] + ":" + part[4] + part[5]);
    }

    /** Rules for frames that the guest sends. */
    List<String> fromGuest() {
        List<String> rules = new ArrayList<>();
        String pass = " meta mark set " + ((long) number << 16) + " accept";
        sources.forEach((mac, allowed) -> {
            String from = "ether saddr " + mac;
            List<Cidr> ipv4 =
                    Cidr.outermost(allowed.stream().filter(Cidr::isIpv4).toList());
            List<Cidr> ipv6 =
                    Cidr.outermost(allowed.stream().filter(Cidr::isIpv6).toList());
            rules.add(from + " ip saddr 0.0.0.0 ip daddr 255.255.255.255 udp sport 68 udp dport 67" + pass);
            rules.add(from + " ip6 saddr :: ip6 daddr ff02::/16 icmpv6 type { 131, 135, 143 }" + pass);
            if (!ipv4.isEmpty()) {
                rules.add(from + " ether type ip" + match("ip saddr", ipv4) + pass);
            }
            rules.add(from + " ether type ip6" + match("ip6 saddr", ipv6) + pass);
            // A question whether an address is taken has no sender address yet (RFC 5227).
            List<Cidr> arp = new ArrayList<>(ipv4);
            if (ipv4.stream().noneMatch(Cidr::isEverything)) {
                arp.add(Cidr.parse("0.0.0.0"));
            }
            rules.add(from + " ether type arp arp saddr ether " + mac + match("arp saddr ip", arp) + pass);
        });
        rules.add("counter drop");
        return rules;
    }

    /**
     * Rules for frames on their way to the guest: only kinds that are filtered further on, and only such as are
     * meant for it; a bridge floods what it does not know the place of.
     */
    List<String> toGuest() {
        String own = sources.keySet().stream().collect(Collectors.joining(", ", "{ ", " }"));
        return List.of(
                "ether type != { ip, arp, ip6 } counter drop",
                "ether daddr & 01:00:00:00:00:00 == 00:00:00:00:00:00 ether daddr != " + own + " counter drop",
                "meta mark set meta mark | " + number);
    }

    /** A match on a field, or nothing when every value will do. */
    static String match(String field, List<Cidr> values) {
        if (values.stream().anyMatch(Cidr::isEverything)) {
            return "";
        }
        return " " + field + values.stream().map(Cidr::toString).collect(Collectors.joining(", ", " { ", " }"));
    }
}

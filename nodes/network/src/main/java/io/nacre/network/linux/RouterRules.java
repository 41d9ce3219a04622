package io.nacre.network.linux;

import io.nacre.contracts.node.NetworkNode.FloatingIp;
import io.nacre.contracts.node.NetworkNode.RouterLeg;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import io.nacre.network.Cidr;
import io.nacre.network.DeviceNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Address translation of a router, replaced as a whole with each change.
 *
 * <p>Translation is decided for the first packet of a connection and then remembered by the kernel. The guard chain
 * holds each later packet against what is declared now, so that a floating IP that is taken away or given to another
 * port takes its connections with it.
 */
final class RouterRules {
    /** Where requests for metadata are sent inside the router's namespace. */
    static final int METADATA_PORT = 9697;

    /** On packets that came in from the external network, until they leave the router. */
    private static final String FROM_OUTSIDE = "0x2";

    private RouterRules() {}

    static String text(RouterSpec router) {
        List<String> lines = new ArrayList<>();
        lines.add("table ip router");
        lines.add("delete table ip router");
        lines.add("table ip router {");
        map(lines, "to_fixed", router.floatingIps(), FloatingIp::floating, FloatingIp::fixed);
        map(lines, "to_floating", router.floatingIps(), FloatingIp::fixed, FloatingIp::floating);
        set(lines, "arrivals", router.floatingIps(), FloatingIp::floating, FloatingIp::fixed);
        set(lines, "departures", router.floatingIps(), FloatingIp::fixed, FloatingIp::floating);
        chain(
                lines,
                "before",
                "filter hook prerouting priority mangle",
                List.of("meta mark set 0", fromOutside(router)));
        chain(
                lines,
                "pre",
                "nat hook prerouting priority dstnat",
                List.of(
                        "iifname \"qr-*\" ip daddr " + DnsmasqFiles.METADATA_ADDRESS + " tcp dport 80 redirect to :"
                                + METADATA_PORT,
                        "dnat to ip daddr map @to_fixed"));
        chain(lines, "out", "nat hook output priority -100", List.of("dnat to ip daddr map @to_fixed"));
        chain(lines, "post", "nat hook postrouting priority srcnat", sources(router));
        chain(lines, "guard", "filter hook forward priority filter", guard(router));
        chain(
                lines,
                "local",
                "filter hook input priority filter",
                List.of("tcp dport " + METADATA_PORT + " ct status & dnat == 0 drop"));
        lines.add("}");
        return String.join("\n", lines) + "\n";
    }

    private static String fromOutside(RouterSpec router) {
        RouterLeg gateway = router.gateway();
        return gateway == null
                ? ""
                : "iifname \"" + DeviceNames.gatewayEnd(gateway.portId()) + "\" meta mark set " + FROM_OUTSIDE;
    }

    private static List<String> sources(RouterSpec router) {
        RouterLeg gateway = router.gateway();
        if (gateway == null) {
            return List.of();
        }
        List<String> rules = new ArrayList<>();
        String outward = "oifname \"" + DeviceNames.gatewayEnd(gateway.portId()) + "\" ct status & dnat == 0 ";
        // From one guest to the floating IP of another: without it the answer would take the short way, untranslated.
        String inward = "meta mark != " + FROM_OUTSIDE + " ct status & dnat != 0 ";
        rules.add(outward + "snat to ip saddr map @to_floating");
        rules.add(inward + "snat to ip saddr map @to_floating");
        Optional<String> own = gatewayAddress(router);
        if (router.snat() && own.isPresent()) {
            rules.add(outward + "snat to " + own.get());
            rules.add(inward + "snat to " + own.get());
        }
        return rules;
    }

    private static List<String> guard(RouterSpec router) {
        List<String> rules = new ArrayList<>();
        rules.add("ct status & dnat != 0 ct original ip daddr . ct reply ip saddr != @arrivals counter drop");
        String notOwn = (router.snat() ? gatewayAddress(router) : Optional.<String>empty())
                .map(own -> "ct reply ip daddr != " + own + " ")
                .orElse("");
        rules.add("ct status & snat != 0 " + notOwn
                + "ct original ip saddr . ct reply ip daddr != @departures counter drop");
        return rules;
    }

    /** The router's own IPv4 address outside. */
    private static Optional<String> gatewayAddress(RouterSpec router) {
        RouterLeg gateway = router.gateway();
        return gateway == null
                ? Optional.empty()
                : gateway.addresses().stream()
                        .map(Cidr::parse)
                        .filter(Cidr::isIpv4)
                        .map(Cidr::host)
                        .findFirst();
    }

    private static void map(
            List<String> lines,
            String name,
            List<FloatingIp> ips,
            Function<FloatingIp, String> key,
            Function<FloatingIp, String> value) {
        lines.add("map " + name + " { type ipv4_addr : ipv4_addr;");
        elements(lines, ips, ip -> host(key.apply(ip)) + " : " + host(value.apply(ip)));
    }

    private static void set(
            List<String> lines,
            String name,
            List<FloatingIp> ips,
            Function<FloatingIp, String> first,
            Function<FloatingIp, String> second) {
        lines.add("set " + name + " { type ipv4_addr . ipv4_addr;");
        elements(lines, ips, ip -> host(first.apply(ip)) + " . " + host(second.apply(ip)));
    }

    private static void elements(List<String> lines, List<FloatingIp> ips, Function<FloatingIp, String> form) {
        if (!ips.isEmpty()) {
            lines.add(ips.stream().map(form).collect(Collectors.joining(", ", "elements = { ", " }")));
        }
        lines.add("}");
    }

    private static String host(String address) {
        return Cidr.parse(address).host();
    }

    private static void chain(List<String> lines, String name, String hook, List<String> rules) {
        lines.add("chain " + name + " { type " + hook + "; policy accept;");
        lines.addAll(rules);
        lines.add("}");
    }
}

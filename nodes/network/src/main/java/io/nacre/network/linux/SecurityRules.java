package io.nacre.network.linux;

import io.nacre.contracts.node.NetworkNode.Filter;
import io.nacre.contracts.node.NetworkNode.FilterRule;
import io.nacre.network.Cidr;
import io.nacre.network.Protocols;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port's security groups as rules of the inet table, where {@code return} lets a packet pass and the end drops it.
 *
 * <p>Only packets of a connection's answering direction pass because the connection is known; those of the direction
 * that opened it are held against the rules each time. So a rule that is taken away ends the connections it allowed,
 * without a search for them in the kernel's table.
 */
final class SecurityRules {
    private SecurityRules() {}

    /** Rules for packets that the guest sends. */
    static List<String> fromGuest(Filter filter) {
        List<String> rules = new ArrayList<>();
        // After the kernel has put fragments together, so that none of these can hide in them.
        rules.add("meta nfproto ipv4 udp sport 67 udp dport 68 counter drop");
        rules.add("meta nfproto ipv6 udp sport 547 udp dport 546 counter drop");
        rules.add("icmpv6 type nd-router-advert counter drop");
        rules.add("meta nfproto ipv4 udp sport 68 udp dport 67 return");
        rules.add("meta nfproto ipv6 udp sport 546 udp dport 547 return");
        rules.add("icmpv6 type { 130, 131, 132, 133, 135, 136, 143 } return");
        rules(filter, false, rules);
        return rules;
    }

    /** Rules for packets on their way to the guest. */
    static List<String> toGuest(Filter filter) {
        List<String> rules = new ArrayList<>();
        // Guests cannot send these, so they come from the network's own services.
        rules.add("meta nfproto ipv4 udp sport 67 udp dport 68 return");
        rules.add("meta nfproto ipv6 udp sport 547 udp dport 546 return");
        rules.add("icmpv6 type { 130, 134, 135, 136 } return");
        rules(filter, true, rules);
        return rules;
    }

    private static void rules(Filter filter, boolean ingress, List<String> into) {
        // Neutron does not mix the two kinds on a port; a port without any rule is an ordinary, stateful one.
        if (filter.rules().isEmpty() || filter.rules().stream().anyMatch(FilterRule::stateful)) {
            into.add("ct direction reply ct state established return");
            into.add("ct state related return");
            into.add("ct state invalid counter drop");
        }
        filter.rules().stream()
                .filter(rule -> rule.ingress() == ingress)
                .map(SecurityRules::rule)
                .filter(text -> !text.isEmpty())
                .distinct()
                .forEach(into::add);
        into.add("counter drop");
    }

    /** Empty for a rule that nothing can match. */
    private static String rule(FilterRule rule) {
        boolean ipv4 = "IPv4".equals(rule.ethertype());
        StringBuilder text = new StringBuilder(ipv4 ? "meta nfproto ipv4" : "meta nfproto ipv6");
        if (rule.remotes() != null) {
            List<Cidr> remotes =
                    Cidr.outermost(rule.remotes().stream().map(Cidr::parse).toList());
            if (remotes.isEmpty()) {
                return "";
            }
            text.append(AntiSpoofing.match((ipv4 ? "ip " : "ip6 ") + (rule.ingress() ? "saddr" : "daddr"), remotes));
        }
        if (rule.protocol() != null) {
            protocol(text, Protocols.number(rule.protocol(), ipv4), rule);
        }
        return text.append(" return").toString();
    }

    private static void protocol(StringBuilder text, int protocol, FilterRule rule) {
        @Nullable Integer min = rule.portMin();
        @Nullable Integer max = rule.portMax();
        text.append(" meta l4proto ").append(protocol);
        if (protocol == Protocols.ICMP || protocol == Protocols.ICMPV6) {
            String name = protocol == Protocols.ICMP ? "icmp" : "icmpv6";
            if (min != null) {
                text.append(' ').append(name).append(" type ").append(min);
            }
            if (min != null && max != null) {
                text.append(' ').append(name).append(" code ").append(max);
            }
        } else if (Protocols.hasPorts(protocol) && (min != null || max != null)) {
            int from = min == null ? 0 : min;
            int to = max == null ? 65_535 : max;
            text.append(" th dport ").append(from).append('-').append(Math.max(from, to));
        }
    }
}

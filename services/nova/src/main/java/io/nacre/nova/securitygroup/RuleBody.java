package io.nacre.nova.securitygroup;

import io.nacre.base.Fault;
import io.nacre.contracts.peer.SecurityGroups.Ingress;
import io.nacre.contracts.peer.SecurityGroups.Rule;
import io.nacre.nova.Wire;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a new rule's request body comes to (nova.network.security_group_api, 2024.1). */
final class RuleBody {
    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "ICMP");
    private static final int LAST_PORT = 65535;
    private static final int LAST_TYPE = 255;
    private static final int ANY = -1;

    private RuleBody() {}

    static Ingress parse(JsonNode body, String parent) {
        String group = Wire.text(body, "group_id");
        String cidr = group == null ? cidr(Wire.text(body, "cidr")) : null;
        String protocol = Wire.text(body, "ip_protocol");
        String upper = protocol == null ? "" : protocol.toUpperCase(Locale.ROOT);
        Integer from = number(body, "from_port", upper);
        Integer to = number(body, "to_port", upper);
        if (group != null && from == null && to == null && PROTOCOLS.contains(upper)) {
            from = upper.equals("ICMP") ? ANY : 1;
            to = upper.equals("ICMP") ? ANY : LAST_PORT;
        }
        if (upper.isEmpty() || from == null || to == null) {
            if (group == null) {
                throw Fault.invalid("Not enough parameters to build a valid rule.");
            }
            return new Ingress(parent, null, null, null, null, SecurityGroupApi.id(group));
        }
        check(Objects.requireNonNull(protocol), upper, from, to);
        return new Ingress(
                parent,
                protocol,
                from == ANY ? null : from,
                to == ANY ? null : to,
                cidr,
                group == null ? null : SecurityGroupApi.id(group));
    }

    /** Whether the group lets this in already, told as the API shows it. */
    static boolean isSame(Rule rule, Ingress wanted) {
        Rule other = new Rule(
                rule.id(),
                wanted.groupId(),
                wanted.protocol(),
                wanted.fromPort(),
                wanted.toPort(),
                wanted.cidr(),
                null);
        String remote = rule.remoteGroup() == null ? null : rule.remoteGroup().id();
        return Objects.equals(remote, wanted.remoteGroupId())
                && Objects.equals(rule.protocol(), wanted.protocol())
                && Objects.equals(GroupView.port(rule, rule.fromPort(), 1), GroupView.port(other, other.fromPort(), 1))
                && Objects.equals(
                        GroupView.port(rule, rule.toPort(), LAST_PORT),
                        GroupView.port(other, other.toPort(), LAST_PORT))
                && (remote != null || GroupView.cidr(rule).equals(GroupView.cidr(other)));
    }

    private static void check(String protocol, String upper, int from, int to) {
        if (!PROTOCOLS.contains(upper)) {
            throw Fault.invalid("Invalid IP protocol " + protocol + ".");
        }
        if (upper.equals("ICMP")) {
            if (from < ANY || from > LAST_TYPE || to < ANY || to > LAST_TYPE) {
                throw range(from, to, "For ICMP, the type:code must be valid");
            }
            return;
        }
        if (from > to) {
            throw range(from, to, "Former value cannot be greater than the later");
        }
        if (from < 1 || to > LAST_PORT) {
            throw range(from, to, "Valid " + upper + " ports should be between 1-65535");
        }
    }

    private static RuntimeException range(int from, int to, String why) {
        return Fault.invalid("Invalid port range " + from + ":" + to + ". " + why);
    }

    private static @Nullable Integer number(JsonNode body, String member, String protocol) {
        String text = Wire.text(body, member);
        if (text == null) {
            return null;
        }
        try {
            return Integer.valueOf(text.strip());
        } catch (NumberFormatException e) {
            String what = protocol.equals("ICMP")
                    ? "Type and Code must be integers for ICMP protocol type"
                    : "To and From ports must be integers";
            throw Fault.invalid("Invalid input received: " + what).because(e);
        }
    }

    private static String cidr(@Nullable String given) {
        if (given == null || given.isEmpty()) {
            return "0.0.0.0/0";
        }
        try {
            String cidr = URLDecoder.decode(given.replace("+", "%2B"), StandardCharsets.UTF_8);
            int slash = cidr.indexOf('/');
            InetAddress address = InetAddress.ofLiteral(cidr.substring(0, Math.max(0, slash)));
            int prefix = Integer.parseInt(cidr.substring(slash + 1));
            if (slash > 0 && prefix >= 0 && prefix <= address.getAddress().length * 8) {
                if (prefix == 0 && !address.isAnyLocalAddress()) {
                    throw Fault.invalid("Bad prefix for network in cidr " + cidr);
                }
                return cidr;
            }
        } catch (IllegalArgumentException e) {
            throw Fault.invalid(given + " is not a valid IP network.").because(e);
        }
        throw Fault.invalid(given + " is not a valid IP network.");
    }
}

package io.nacre.neutron.securitygroup;

import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.resource.Checks;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which combinations of protocol, ports and addresses a rule may have (securitygroups_db of neutron). */
final class SecurityRuleCheck {
    /** Names that neutron knows, with their numbers (IANA's protocol registry). */
    private static final Map<String, Integer> PROTOCOLS = new TreeMap<>(Map.ofEntries(
            Map.entry("ah", 51),
            Map.entry("dccp", 33),
            Map.entry("egp", 8),
            Map.entry("esp", 50),
            Map.entry("gre", 47),
            Map.entry("hopopt", 0),
            Map.entry("icmp", 1),
            Map.entry("icmpv6", 58),
            Map.entry("igmp", 2),
            Map.entry("ip", 0),
            Map.entry("ipip", 4),
            Map.entry("ipv6-encap", 41),
            Map.entry("ipv6-frag", 44),
            Map.entry("ipv6-icmp", 58),
            Map.entry("ipv6-nonxt", 59),
            Map.entry("ipv6-opts", 60),
            Map.entry("ipv6-route", 43),
            Map.entry("ospf", 89),
            Map.entry("pgm", 113),
            Map.entry("rsvp", 46),
            Map.entry("sctp", 132),
            Map.entry("tcp", 6),
            Map.entry("udp", 17),
            Map.entry("udplite", 136),
            Map.entry("vrrp", 112)));

    private static final Set<Integer> WITH_PORTS = Set.of(6, 17, 33, 132, 136);
    private static final Set<Integer> ONLY_6 = Set.of(41, 43, 44, 58, 59, 60);

    private SecurityRuleCheck() {}

    static @Nullable Object ethertype(JsonNode value) {
        String text = value.isString() ? value.asString() : "";
        for (String known : Set.of("IPv4", "IPv6")) {
            if (known.equalsIgnoreCase(text)) {
                return known;
            }
        }
        throw new io.nacre.neutron.resource.Check.Refusal(
                "Ethertype " + Checks.show(value) + " is not a two octet hexadecimal number or ethertype name.");
    }

    static @Nullable Object protocol(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        String text = Checks.show(value).toLowerCase(Locale.ROOT);
        if (text.equals("any") || text.isEmpty()) {
            return null;
        }
        boolean number = text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= 255;
        if (!number && !PROTOCOLS.containsKey(text)) {
            throw NeutronFault.invalid(
                    "SecurityGroupRuleInvalidProtocol",
                    "Security group rule protocol " + text + " not supported. Only protocol values "
                            + PROTOCOLS.keySet() + " and integer representations [0 to 255] are supported.");
        }
        return text;
    }

    static int number(String protocol) {
        Integer known = PROTOCOLS.get(protocol);
        return known != null ? known : Integer.parseInt(protocol);
    }

    static void all(SecurityRule rule) {
        if (rule.remotePrefix() != null && rule.remoteGroupId() != null) {
            throw NeutronFault.invalid(
                    "SecurityGroupRemoteGroupAndRemoteIpPrefix",
                    "Only remote_ip_prefix or remote_group_id may be provided.");
        }
        String prefix = rule.remotePrefix();
        if (prefix != null && Cidr.of(prefix).version() != (rule.ethertype().equals("IPv4") ? 4 : 6)) {
            throw NeutronFault.invalid(
                    "SecurityGroupRuleParameterConflict",
                    "Conflicting value ethertype " + rule.ethertype() + " for CIDR " + prefix);
        }
        String protocol = rule.protocol();
        if (protocol == null) {
            if (rule.portMin() != null || rule.portMax() != null) {
                throw NeutronFault.invalid(
                        "SecurityGroupProtocolRequiredWithPorts", "Must also specify protocol if port range is given.");
            }
            return;
        }
        int number = number(protocol);
        // "icmp" with IPv6 means that family's own, as it always has.
        boolean icmp = number == 1 || number == 58;
        if (ONLY_6.contains(number) && rule.ethertype().equals("IPv4")) {
            throw NeutronFault.invalid(
                    "SecurityGroupEthertypeConflictWithProtocol",
                    "Invalid ethertype " + rule.ethertype() + " for protocol " + protocol + ".");
        }
        if (icmp) {
            icmp(rule);
        } else if (WITH_PORTS.contains(number)) {
            ports(rule);
        } else if (rule.portMin() != null || rule.portMax() != null) {
            throw NeutronFault.invalid(
                    "SecurityGroupInvalidProtocolForPort",
                    "Invalid protocol " + protocol + " for port range, only supported for TCP, UDP, UDPLITE, SCTP and"
                            + " DCCP.");
        }
    }

    private static void ports(SecurityRule rule) {
        Integer min = rule.portMin();
        Integer max = rule.portMax();
        if (min == null && max == null) {
            return;
        }
        for (Integer port : new Integer[] {min, max}) {
            if (port != null && (port < 0 || port > 65535)) {
                throw NeutronFault.invalid("SecurityGroupInvalidPortValue", "Invalid value for port " + port);
            }
        }
        if (min == null || max == null || min > max) {
            throw NeutronFault.invalid(
                    "SecurityGroupInvalidPortRange", "For TCP/UDP protocols, port_range_min must be <= port_range_max");
        }
    }

    private static void icmp(SecurityRule rule) {
        icmp("type", "port_range_min", rule.portMin());
        icmp("code", "port_range_max", rule.portMax());
        if (rule.portMin() == null && rule.portMax() != null) {
            throw NeutronFault.invalid(
                    "SecurityGroupMissingIcmpType",
                    "ICMP code (port-range-max) " + rule.portMax()
                            + " is provided but ICMP type (port-range-min) is missing.");
        }
    }

    private static void icmp(String field, String attribute, @Nullable Integer value) {
        if (value != null && (value < 0 || value > 255)) {
            throw NeutronFault.invalid(
                    "SecurityGroupInvalidIcmpValue",
                    "Invalid value for ICMP " + field + " (" + attribute + ") " + value + ". It must be 0 to 255.");
        }
    }
}

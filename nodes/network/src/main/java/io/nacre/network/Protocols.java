package io.nacre.network;

import io.nacre.base.Fault;
import java.util.Map;
import java.util.Set;

/** Names that neutron takes for protocols, beside their numbers (IANA protocol numbers). */
public final class Protocols {
    public static final int ICMP = 1;
    public static final int ICMPV6 = 58;

    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("icmp", ICMP),
            Map.entry("igmp", 2),
            Map.entry("ipip", 4),
            Map.entry("tcp", 6),
            Map.entry("egp", 8),
            Map.entry("udp", 17),
            Map.entry("dccp", 33),
            Map.entry("ipv6-encap", 41),
            Map.entry("ipv6-route", 43),
            Map.entry("ipv6-frag", 44),
            Map.entry("rsvp", 46),
            Map.entry("gre", 47),
            Map.entry("esp", 50),
            Map.entry("ah", 51),
            Map.entry("icmpv6", ICMPV6),
            Map.entry("ipv6-icmp", ICMPV6),
            Map.entry("ipv6-nonxt", 59),
            Map.entry("ipv6-opts", 60),
            Map.entry("ospf", 89),
            Map.entry("vrrp", 112),
            Map.entry("pgm", 113),
            Map.entry("sctp", 132),
            Map.entry("udplite", 136));
    private static final Set<Integer> WITH_PORTS = Set.of(6, 17, 33, 132, 136);

    private Protocols() {}

    /**
     * The number behind a name or number.
     *
     * @param ipv4 icmp means ICMPv6 in a rule for IPv6, as neutron has it
     */
    public static int number(String protocol, boolean ipv4) {
        Integer named = NUMBERS.get(protocol);
        int number = named == null ? parse(protocol) : named;
        return number == ICMP && !ipv4 ? ICMPV6 : number;
    }

    public static boolean hasPorts(int number) {
        return WITH_PORTS.contains(number);
    }

    private static int parse(String protocol) {
        try {
            int number = Integer.parseInt(protocol);
            if (number >= 0 && number <= 255) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw Fault.invalid("'" + protocol + "' is not a protocol.").because(e);
        }
        throw Fault.invalid("'" + protocol + "' is not a protocol.");
    }
}

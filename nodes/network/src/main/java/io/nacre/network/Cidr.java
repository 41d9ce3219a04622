package io.nacre.network;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * An address with a prefix length; without one it is a single address. The text form is canonical, so that values
 * that came from outside can be put into a tool's input as they are printed here.
 *
 * @param address the address as given, host bits kept
 */
public record Cidr(InetAddress address, int prefix) {

    /** @throws IllegalArgumentException when the text is neither an address nor an address with a prefix length */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        // The platform's parser also takes forms like 10.1, and names of interfaces.
        long dots = literal.chars().filter(c -> c == '.').count();
        boolean dotted = literal.indexOf(':') < 0;
        if (literal.indexOf('%') >= 0 || (dotted && dots != 3)) {
            throw new IllegalArgumentException("'" + text + "' is not an address");
        }
        InetAddress address = InetAddress.ofLiteral(literal);
        int bits = address.getAddress().length * 8;
        int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("'" + text + "' has no valid prefix length");
        }
        return new Cidr(address, prefix);
    }

    public boolean isIpv4() {
        return address instanceof Inet4Address;
    }

    public boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    /** True when every address is in it. */
    public boolean isEverything() {
        return prefix == 0;
    }

    public boolean isSingle() {
        return prefix == address.getAddress().length * 8;
    }

    public boolean contains(InetAddress other) {
        return other.getClass() == address.getClass() && Arrays.equals(masked(other), masked(address));
    }

    public boolean contains(Cidr other) {
        return other.prefix >= prefix && contains(other.address);
    }

    /** The networks among them that lie in no other one; packet filters refuse sets that overlap. */
    public static List<Cidr> outermost(Collection<Cidr> all) {
        Set<Cidr> kept = new LinkedHashSet<>();
        Set<Integer> lengths = new TreeSet<>();
        all.stream()
                .map(Cidr::network)
                .sorted(Comparator.comparingInt(Cidr::prefix))
                .forEach(cidr -> {
                    boolean within = lengths.stream()
                            .anyMatch(length ->
                                    length <= cidr.prefix && kept.contains(new Cidr(cidr.address, length).network()));
                    if (!within) {
                        kept.add(cidr);
                        lengths.add(cidr.prefix);
                    }
                });
        return List.copyOf(kept);
    }

    /** The same with its host bits cleared. */
    public Cidr network() {
        try {
            return new Cidr(InetAddress.getByAddress(masked(address)), prefix);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The address alone. */
    public String host() {
        return address.getHostAddress();
    }

    /** The mask in dotted form, such as 255.255.255.0. */
    public String netmask() {
        byte[] ones = new byte[4];
        Arrays.fill(ones, (byte) 0xff);
        try {
            return InetAddress.getByAddress(masked(ones)).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With a prefix length, for interfaces. */
    public String withPrefix() {
        return host() + "/" + prefix;
    }

    /** Without a prefix length when it is a single address. */
    @Override
    public String toString() {
        return isSingle() ? host() : withPrefix();
    }

    private byte[] masked(InetAddress of) {
        return masked(of.getAddress());
    }

    private byte[] masked(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            int keep = Math.clamp(prefix - i * 8L, 0, 8);
            bytes[i] = (byte) (bytes[i] & (0xff << (8 - keep)));
        }
        return bytes;
    }
}

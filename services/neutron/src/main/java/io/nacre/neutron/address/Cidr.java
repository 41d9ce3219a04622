package io.nacre.neutron.address;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses.
 *
 * @param first the network address, host bits zero
 */
public record Cidr(int version, BigInteger first, int prefix) {

    /** Host bits may be set, they are dropped; null when the text is no block. */
    public static @Nullable Cidr parse(String text) {
        int slash = text.indexOf('/');
        byte[] bytes = Addresses.bytes(slash < 0 ? text : text.substring(0, slash));
        if (bytes == null) {
            return null;
        }
        int bits = bytes.length * 8;
        int prefix = bits;
        if (slash >= 0) {
            String digits = text.substring(slash + 1);
            if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > bits) {
                return null;
            }
            prefix = Integer.parseInt(digits);
        }
        BigInteger address = new BigInteger(1, bytes);
        int host = bits - prefix;
        return new Cidr(bits == 32 ? 4 : 6, address.shiftRight(host).shiftLeft(host), prefix);
    }

    public static Cidr of(String text) {
        Cidr cidr = parse(text);
        if (cidr == null) {
            throw new IllegalArgumentException("no address block: " + text);
        }
        return cidr;
    }

    public int bits() {
        return version == 4 ? 32 : 128;
    }

    public BigInteger size() {
        return BigInteger.ONE.shiftLeft(bits() - prefix);
    }

    public BigInteger last() {
        return first.add(size()).subtract(BigInteger.ONE);
    }

    public boolean contains(BigInteger address) {
        return address.compareTo(first) >= 0 && address.compareTo(last()) <= 0;
    }

    public boolean contains(String address) {
        return Addresses.version(address) == version && contains(Addresses.number(address));
    }

    public boolean contains(Cidr other) {
        return version == other.version && contains(other.first) && contains(other.last());
    }

    public boolean overlaps(Cidr other) {
        return version == other.version && first.compareTo(other.last()) <= 0 && other.first.compareTo(last()) <= 0;
    }

    /** The addresses a host may have: without network and broadcast address on IPv4, without the anycast one on IPv6. */
    public Range hosts() {
        boolean tiny = bits() - prefix < 2;
        BigInteger from = tiny ? first : first.add(BigInteger.ONE);
        BigInteger to = tiny || version == 6 ? last() : last().subtract(BigInteger.ONE);
        return new Range(version, from, to);
    }

    public String at(long offset) {
        return Addresses.of(first.add(BigInteger.valueOf(offset)), version);
    }

    @Override
    public String toString() {
        return Addresses.of(first, version) + "/" + prefix;
    }
}

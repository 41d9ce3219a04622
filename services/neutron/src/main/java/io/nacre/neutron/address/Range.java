package io.nacre.neutron.address;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Addresses from one to another, both included. */
public record Range(int version, BigInteger from, BigInteger to) {

    public static Range of(String start, String end) {
        return new Range(Addresses.version(start), Addresses.number(start), Addresses.number(end));
    }

    public BigInteger size() {
        return to.subtract(from).add(BigInteger.ONE);
    }

    public boolean contains(BigInteger address) {
        return address.compareTo(from) >= 0 && address.compareTo(to) <= 0;
    }

    public boolean contains(String address) {
        return Addresses.version(address) == version && contains(Addresses.number(address));
    }

    public boolean overlaps(Range other) {
        return version == other.version && from.compareTo(other.to) <= 0 && other.from.compareTo(to) <= 0;
    }

    /** What is left when one address is taken out: none, one or two ranges. */
    public List<Range> without(BigInteger address) {
        if (!contains(address)) {
            return List.of(this);
        }
        List<Range> left = new ArrayList<>(2);
        if (from.compareTo(address) < 0) {
            left.add(new Range(version, from, address.subtract(BigInteger.ONE)));
        }
        if (to.compareTo(address) > 0) {
            left.add(new Range(version, address.add(BigInteger.ONE), to));
        }
        return left;
    }

    public String start() {
        return Addresses.of(from, version);
    }

    public String end() {
        return Addresses.of(to, version);
    }
}

package io.nacre.neutron.address;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Sets of address blocks. */
public final class Blocks {
    private static final Comparator<Cidr> ORDER =
            Comparator.comparing(Cidr::first).thenComparingInt(Cidr::prefix);

    private Blocks() {}

    /** The same addresses in as few blocks as can be, sorted. */
    public static List<Cidr> merge(Collection<Cidr> blocks) {
        List<Cidr> sorted = new ArrayList<>(blocks);
        sorted.sort(ORDER);
        List<Cidr> merged = new ArrayList<>();
        for (Cidr block : sorted) {
            Cidr next = block;
            while (!merged.isEmpty()) {
                Cidr last = merged.getLast();
                if (last.contains(next)) {
                    next = last;
                } else if (last.prefix() == next.prefix() && parent(last).contains(next)) {
                    next = parent(last);
                } else {
                    break;
                }
                merged.removeLast();
            }
            merged.add(next);
        }
        return merged;
    }

    private static Cidr parent(Cidr block) {
        return Cidr.of(Addresses.of(block.first(), block.version()) + "/" + (block.prefix() - 1));
    }

    /** The lowest block of this size that lies in the pool and meets none of the taken ones. */
    public static Optional<Cidr> free(List<Cidr> pool, Collection<Cidr> taken, int prefix) {
        for (Cidr range : pool) {
            if (range.prefix() > prefix) {
                continue;
            }
            List<Cidr> inside =
                    taken.stream().filter(range::overlaps).sorted(ORDER).toList();
            BigInteger size = BigInteger.ONE.shiftLeft(range.bits() - prefix);
            BigInteger at = range.first();
            for (Cidr other : inside) {
                if (at.add(size).compareTo(other.first()) <= 0) {
                    break;
                }
                if (other.last().compareTo(at) >= 0) {
                    at = align(other.last().add(BigInteger.ONE), size);
                }
            }
            if (at.add(size).subtract(BigInteger.ONE).compareTo(range.last()) <= 0) {
                return Optional.of(new Cidr(range.version(), at, prefix));
            }
        }
        return Optional.empty();
    }

    private static BigInteger align(BigInteger address, BigInteger size) {
        BigInteger rest = address.mod(size);
        return rest.signum() == 0 ? address : address.add(size).subtract(rest);
    }
}

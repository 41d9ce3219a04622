package io.nacre.neutron.address;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which address a port gets. A random one near the beginning of the pools, so that ports made at the same time seldom
 * want the same, and people still see small numbers.
 */
public final class Ipam {
    private static final int TRIES = 8;
    private static final int WINDOW = 32;

    private Ipam() {}

    /** Empty when every address of the pools is taken. */
    public static Optional<String> pick(List<Range> pools, Set<String> taken, RandomGenerator random) {
        BigInteger total = size(pools);
        BigInteger window = BigInteger.valueOf(2L * taken.size() + WINDOW).min(total);
        for (int i = 0; i < TRIES && total.signum() > 0; i++) {
            String candidate = at(pools, BigInteger.valueOf(random.nextLong(window.longValueExact())));
            if (!taken.contains(candidate)) {
                return Optional.of(candidate);
            }
        }
        return first(pools, taken);
    }

    /** The lowest free address. */
    public static Optional<String> first(List<Range> pools, Set<String> taken) {
        Set<BigInteger> numbers = new HashSet<>();
        taken.forEach(address -> numbers.add(Addresses.number(address)));
        for (Range pool : pools) {
            for (BigInteger next = pool.from(); next.compareTo(pool.to()) <= 0; next = next.add(BigInteger.ONE)) {
                if (!numbers.contains(next)) {
                    return Optional.of(Addresses.of(next, pool.version()));
                }
            }
        }
        return Optional.empty();
    }

    public static BigInteger size(List<Range> pools) {
        return pools.stream().map(Range::size).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static String at(List<Range> pools, BigInteger offset) {
        BigInteger left = offset;
        for (Range pool : pools) {
            if (left.compareTo(pool.size()) < 0) {
                return Addresses.of(pool.from().add(left), pool.version());
            }
            left = left.subtract(pool.size());
        }
        throw new IllegalArgumentException("beyond the pools: " + offset);
    }

    /** The pools a subnet has when none are asked for: every host address but the gateway's. */
    public static List<Range> defaultPools(Cidr cidr, Optional<String> gateway) {
        Range hosts = cidr.hosts();
        if (gateway.isEmpty() || !cidr.contains(gateway.get())) {
            return List.of(hosts);
        }
        return hosts.without(Addresses.number(gateway.get()));
    }
}

package io.nacre.neutron.subnetpool;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.address.Blocks;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.quota.ProjectQuotas;
import io.nacre.neutron.subnet.Subnet;
import io.nacre.neutron.subnet.SubnetStore;
import io.nacre.neutron.subnet.Subnets;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.List;

/** Making, changing and removing subnet pools, and cutting subnets from them. */
public final class SubnetPools implements Subnets.BlockSource {
    private final SubnetPoolStore pools;
    private final SubnetStore subnets;
    private final ProjectQuotas quotas;
    private final InstantSource clock;

    public SubnetPools(SubnetPoolStore pools, SubnetStore subnets, ProjectQuotas quotas, InstantSource clock) {
        this.pools = pools;
        this.subnets = subnets;
        this.quotas = quotas;
        this.clock = clock;
    }

    SubnetPoolStore store() {
        return pools;
    }

    SubnetPool create(Tx tx, SubnetPool pool) {
        check(tx, pool);
        quotas.take(tx, pool.projectId(), "subnetpool");
        return pools.insert(tx, pool);
    }

    SubnetPool update(Tx tx, SubnetPool present, SubnetPool changed) {
        check(tx, changed);
        for (Cidr old : present.prefixes()) {
            if (changed.prefixes().stream().noneMatch(prefix -> prefix.contains(old))) {
                throw NeutronFault.invalid(
                        "IllegalSubnetPoolPrefixUpdate",
                        "Illegal update to prefixes: Existing prefixes must be a subset of the new prefixes.");
            }
        }
        return pools.update(tx, changed);
    }

    private void check(Tx tx, SubnetPool pool) {
        if (pool.prefixes().isEmpty()) {
            throw NeutronFault.invalid("EmptySubnetPoolPrefixList", "Empty subnet pool prefix list.");
        }
        for (Cidr prefix : pool.prefixes()) {
            if (prefix.version() != pool.version()) {
                throw NeutronFault.invalid(
                        "PrefixVersionMismatch", "Cannot mix IPv4 and IPv6 prefixes in a subnet pool.");
            }
        }
        bounds("min_prefixlen", pool.minPrefix(), "max_prefixlen", pool.maxPrefix());
        bounds("min_prefixlen", pool.minPrefix(), "default_prefixlen", pool.defaultPrefix());
        bounds("default_prefixlen", pool.defaultPrefix(), "max_prefixlen", pool.maxPrefix());
        int bits = pool.version() == 4 ? 32 : 128;
        bounds("max_prefixlen", pool.maxPrefix(), "address length", bits);
        if (pool.isDefault()
                && pools.defaultOf(tx, pool.version())
                        .filter(other -> !other.id().equals(pool.id()))
                        .isPresent()) {
            throw NeutronFault.invalidInput(
                    "A default subnetpool for this IP family has already been set. Only one default may exist per IP"
                            + " family");
        }
    }

    private static void bounds(String lowName, int low, String highName, int high) {
        if (low > high) {
            throw NeutronFault.invalid(
                    "IllegalSubnetPoolPrefixBounds",
                    "Illegal prefix bounds: " + lowName + "=" + low + ", " + highName + "=" + high + ".");
        }
    }

    void delete(Tx tx, SubnetPool pool) {
        if (!subnets.fromPool(tx, pool.id()).isEmpty()) {
            throw NeutronFault.invalid(
                    "SubnetPoolDeleteError", "Unable to delete subnet pool: Subnet pool has existing allocations.");
        }
        pools.delete(tx, pool);
        quotas.give(tx, pool.projectId(), "subnetpool");
    }

    @Override
    public Subnets.Block allocate(Tx tx, Caller caller, Subnets.Wanted wanted) {
        SubnetPool pool = pool(tx, caller, wanted);
        if (pool.version() != wanted.version()) {
            throw NeutronFault.badRequest(
                    "Cannot allocate requested subnet from a subnet pool with IP version " + pool.version() + ".");
        }
        Cidr exact = wanted.cidr();
        Integer asked = wanted.prefix();
        int prefix = exact != null ? exact.prefix() : asked != null ? asked : pool.defaultPrefix();
        if (prefix < pool.minPrefix()) {
            throw NeutronFault.invalid(
                    "MinPrefixSubnetAllocationError",
                    "Unable to allocate subnet with prefix length " + prefix + ", minimum allowed prefix is "
                            + pool.minPrefix() + ".");
        }
        if (prefix > pool.maxPrefix()) {
            throw NeutronFault.invalid(
                    "MaxPrefixSubnetAllocationError",
                    "Unable to allocate subnet with prefix length " + prefix + ", maximum allowed prefix is "
                            + pool.maxPrefix() + ".");
        }
        List<Subnet> present = subnets.fromPool(tx, pool.id());
        requireQuota(pool, caller, present, prefix);
        List<Cidr> taken = present.stream().map(Subnet::cidr).toList();
        Cidr block = exact != null ? exact(pool, taken, exact) : any(pool, taken, prefix);
        // Whoever cuts from the pool at the same time starts over.
        pools.update(tx, pool.touched(clock.instant()));
        return new Subnets.Block(pool.id(), block);
    }

    private SubnetPool pool(Tx tx, Caller caller, Subnets.Wanted wanted) {
        String id = wanted.poolId();
        if (id == null) {
            return pools.defaultOf(tx, wanted.version())
                    .orElseThrow(() -> NeutronFault.badRequest(
                            "No default subnetpool defined for IPv" + wanted.version() + " subnets"));
        }
        return pools.find(tx, id)
                .filter(pool ->
                        caller.isAdmin() || pool.shared() || pool.projectId().equals(caller.projectId()))
                .orElseThrow(() -> pools.missing(id));
    }

    private static Cidr exact(SubnetPool pool, List<Cidr> taken, Cidr exact) {
        boolean inside = pool.prefixes().stream().anyMatch(prefix -> prefix.contains(exact));
        if (!inside || taken.stream().anyMatch(exact::overlaps)) {
            throw NeutronFault.conflict(
                    "SubnetAllocationError",
                    "Failed to allocate subnet: Cannot allocate requested subnet from the available set of prefixes.");
        }
        return exact;
    }

    private static Cidr any(SubnetPool pool, List<Cidr> taken, int prefix) {
        return Blocks.free(pool.prefixes(), taken, prefix)
                .orElseThrow(() -> NeutronFault.conflict(
                        "SubnetAllocationError",
                        "Failed to allocate subnet: Insufficient prefix space to allocate subnet size /" + prefix
                                + "."));
    }

    /** Counted in addresses for IPv4, in /64 blocks for IPv6. */
    private static void requireQuota(SubnetPool pool, Caller caller, List<Subnet> present, int prefix) {
        Integer quota = pool.quota();
        if (quota == null) {
            return;
        }
        int unit = pool.version() == 4 ? 32 : 64;
        BigInteger used = BigInteger.ONE.shiftLeft(Math.max(0, unit - prefix));
        for (Subnet subnet : present) {
            if (subnet.projectId().equals(caller.projectId())) {
                used = used.add(BigInteger.ONE.shiftLeft(
                        Math.max(0, unit - subnet.cidr().prefix())));
            }
        }
        if (used.compareTo(BigInteger.valueOf(quota)) > 0) {
            throw Fault.of(
                    Fault.Kind.QUOTA_EXCEEDED,
                    "SubnetPoolQuotaExceeded",
                    "Per-tenant subnet pool prefix quota exceeded.");
        }
    }
}

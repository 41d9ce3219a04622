package io.nacre.neutron.subnetpool;

import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.resource.ResourceStore;
import io.nacre.neutron.resource.Standard;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;

/** The subnet pools. */
public final class SubnetPoolStore extends ResourceStore<SubnetPool> {
    final Field<String> name = bind(columns().text("name"), SubnetPool::name);
    final Field<Integer> version = bind(columns().integer("ip_version"), SubnetPool::version);
    final Field<List<String>> prefixes = bind(
            columns().strings("prefixes"),
            pool -> pool.prefixes().stream().map(Cidr::toString).toList());
    final Field<Integer> minPrefix = bind(columns().integer("min_prefixlen"), SubnetPool::minPrefix);
    final Field<Integer> maxPrefix = bind(columns().integer("max_prefixlen"), SubnetPool::maxPrefix);
    final Field<Integer> defaultPrefix = bind(columns().integer("default_prefixlen"), SubnetPool::defaultPrefix);
    final Field<Integer> quota = bind(columns().integer("default_quota"), SubnetPool::quota);
    final Field<Boolean> shared = bind(columns().bool("shared"), SubnetPool::shared);
    final Field<Boolean> isDefault = bind(columns().bool("is_default"), SubnetPool::isDefault);
    final Field<String> scope = bind(columns().text("address_scope_id"), SubnetPool::scopeId);

    public SubnetPoolStore() {
        super("Subnet pool", "neutron_subnetpool");
    }

    @Override
    public RuntimeException missing(String id) {
        return NeutronFault.notFound("SubnetPoolNotFound", "Subnet pool " + id + " could not be found.");
    }

    Condition usableBy(String project) {
        return project().eq(project).or(shared);
    }

    Optional<SubnetPool> defaultOf(Tx tx, int ipVersion) {
        return where(tx, isDefault.isTrue().and(version.eq(ipVersion))).stream().findFirst();
    }

    @Override
    protected SubnetPool of(Record row, Standard standard) {
        return new SubnetPool(
                standard,
                row.get(name),
                row.get(version),
                row.get(prefixes).stream().map(Cidr::of).toList(),
                row.get(minPrefix),
                row.get(maxPrefix),
                row.get(defaultPrefix),
                row.get(quota),
                row.get(shared),
                row.get(isDefault),
                row.get(scope));
    }
}

package io.nacre.neutron.subnetpool;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.NeutronPolicy;
import io.nacre.neutron.address.Blocks;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.resource.Attribute;
import io.nacre.neutron.resource.Attributes;
import io.nacre.neutron.resource.Check;
import io.nacre.neutron.resource.Checks;
import io.nacre.neutron.resource.Guard;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.ResourceApi;
import io.nacre.neutron.resource.Standard;
import java.time.InstantSource;
import java.util.List;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;

/** API reference "Subnet pools". */
public final class SubnetPoolApi extends ResourceApi<SubnetPool> {
    private static final Check LENGTH = Checks.integer(0, 128);

    private final SubnetPools pools;
    private final Ids ids;
    private final InstantSource clock;

    public SubnetPoolApi(Wiring wiring, SubnetPools pools, Ids ids, InstantSource clock) {
        super(wiring, attributes(pools.store()), pools.store(), Guard.Rules.OWNER.alsoShownTo(NeutronPolicy.SHARED));
        this.pools = pools;
        this.ids = ids;
        this.clock = clock;
    }

    static Attributes<SubnetPool> attributes(SubnetPoolStore store) {
        Attributes<SubnetPool> table = Attributes.of("subnetpool", "subnetpools", store);
        return table.add(Attribute.of("name", SubnetPool::name)
                        .check(Checks.filledString(255))
                        .required()
                        .update()
                        .column(store.name))
                .add(Attribute.<SubnetPool>of(
                                "prefixes",
                                pool -> pool.prefixes().stream()
                                        .map(Cidr::toString)
                                        .toList())
                        .check(Checks.listOf(Checks.CIDR))
                        .required()
                        .update())
                .add(Attribute.of("ip_version", SubnetPool::version).column(store.version))
                .add(length("min_prefixlen", SubnetPool::minPrefix).column(store.minPrefix))
                .add(length("max_prefixlen", SubnetPool::maxPrefix).column(store.maxPrefix))
                .add(length("default_prefixlen", SubnetPool::defaultPrefix).column(store.defaultPrefix))
                .add(Attribute.of("default_quota", SubnetPool::quota)
                        .check(Checks.integer(0, Integer.MAX_VALUE).orNull())
                        .create(null)
                        .update()
                        .column(store.quota))
                .add(Attribute.of("shared", SubnetPool::shared)
                        .check(Checks.BOOLEAN)
                        .create(false)
                        .createRule(NeutronPolicy.ADMIN)
                        .column(store.shared))
                .add(Attribute.of("is_default", SubnetPool::isDefault)
                        .check(Checks.BOOLEAN)
                        .create(false)
                        .update()
                        .setRule(NeutronPolicy.ADMIN)
                        .column(store.isDefault))
                .add(Attribute.of("address_scope_id", SubnetPool::scopeId)
                        .check(Checks.UUID_TEXT.orNull())
                        .create(null)
                        .update()
                        .column(store.scope));
    }

    /** The original shows these numbers as text. */
    private static Attribute<SubnetPool> length(String name, java.util.function.Function<SubnetPool, Integer> value) {
        return Attribute.<SubnetPool>of(name, pool -> value.apply(pool).toString())
                .check(LENGTH)
                .create()
                .update();
    }

    @Override
    protected Condition visible(Caller caller) {
        String project = caller.projectId();
        return project == null ? super.visible(caller) : pools.store().usableBy(project);
    }

    private static List<Cidr> prefixes(List<String> texts) {
        List<Cidr> blocks = texts.stream().map(Cidr::of).toList();
        if (blocks.stream().map(Cidr::version).distinct().count() > 1) {
            throw NeutronFault.invalid("PrefixVersionMismatch", "Cannot mix IPv4 and IPv6 prefixes in a subnet pool.");
        }
        return Blocks.merge(blocks);
    }

    /** No address scopes are served, so no pool can be in one. */
    private static @Nullable String scope(@Nullable String id) {
        if (id != null) {
            throw NeutronFault.notFound("AddressScopeNotFound", "Address scope " + id + " could not be found");
        }
        return null;
    }

    @Override
    protected SubnetPool create(Tx tx, Caller caller, Input input) {
        List<Cidr> prefixes = prefixes(input.texts("prefixes", List.of()));
        int version = prefixes.isEmpty() ? 4 : prefixes.getFirst().version();
        int min = input.integer("min_prefixlen", version == 4 ? 8 : 64);
        SubnetPool pool = new SubnetPool(
                Standard.fresh(ids.uuid(), input.text("project_id"), input.text("description", ""), clock.instant()),
                input.text("name"),
                version,
                prefixes,
                min,
                input.integer("max_prefixlen", version == 4 ? 32 : 128),
                input.integer("default_prefixlen", min),
                input.integer("default_quota"),
                input.bool("shared", false),
                input.bool("is_default", false),
                scope(input.textOrNull("address_scope_id")));
        return pools.create(tx, pool);
    }

    @Override
    protected SubnetPool update(Tx tx, Caller caller, SubnetPool present, Input input) {
        Standard standard = present.standard()
                .changed(input.text("description", present.standard().description()), clock.instant());
        SubnetPool changed = new SubnetPool(
                standard,
                input.text("name", present.name()),
                present.version(),
                input.has("prefixes") ? prefixes(input.texts("prefixes", List.of())) : present.prefixes(),
                input.integer("min_prefixlen", present.minPrefix()),
                input.integer("max_prefixlen", present.maxPrefix()),
                input.integer("default_prefixlen", present.defaultPrefix()),
                input.has("default_quota") ? input.integer("default_quota") : present.quota(),
                present.shared(),
                input.bool("is_default", present.isDefault()),
                scope(input.textOrNull("address_scope_id")));
        return pools.update(tx, present, changed);
    }

    @Override
    protected void delete(Tx tx, Caller caller, SubnetPool present) {
        pools.delete(tx, present);
    }
}

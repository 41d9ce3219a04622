package io.nacre.neutron.subnet;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronPolicy;
import io.nacre.neutron.resource.Attribute;
import io.nacre.neutron.resource.Attributes;
import io.nacre.neutron.resource.Check;
import io.nacre.neutron.resource.Checks;
import io.nacre.neutron.resource.Guard;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.ResourceApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;

/** API reference "Subnets". */
public final class SubnetApi extends ResourceApi<Subnet> {
    private static final String CHANGE = NeutronPolicy.MEMBER + " or " + NeutronPolicy.NETWORK_OWNER_MEMBER;
    private static final Guard.Rules RULES = new Guard.Rules(
            NeutronPolicy.ADMIN + " or " + NeutronPolicy.NETWORK_OWNER_MEMBER,
            NeutronPolicy.READER + " or " + NeutronPolicy.SHARED + " or " + NeutronPolicy.NETWORK_OWNER_READER,
            CHANGE,
            CHANGE);
    private static final Check POOLS =
            Checks.listOf(Checks.object(Map.of("start", Checks.IP, "end", Checks.IP), Set.of("start", "end")));
    private static final Check ROUTES = Checks.listOrEmpty(
            Checks.object(Map.of("destination", Checks.CIDR, "nexthop", Checks.IP), Set.of("destination", "nexthop")));
    private static final Check MODE = Checks.oneOf("slaac", "dhcpv6-stateful", "dhcpv6-stateless");

    private final Subnets subnets;
    private final Ids ids;

    public SubnetApi(Wiring wiring, SubnetStore store, Subnets subnets, Ids ids) {
        super(wiring, attributes(store), store, RULES);
        this.subnets = subnets;
        this.ids = ids;
    }

    static Attributes<Subnet> attributes(SubnetStore store) {
        Attributes<Subnet> table = Attributes.of("subnet", "subnets", store);
        table.add(Attribute.of("name", Subnet::name)
                        .check(Checks.string(255))
                        .create("")
                        .update()
                        .column(store.name))
                .add(Attribute.of("network_id", Subnet::networkId)
                        .check(Checks.UUID_TEXT)
                        .required()
                        .column(store.network))
                .add(Attribute.of("ip_version", Subnet::version)
                        .check(Checks.oneOf(4, 6))
                        .required()
                        .column(store.version))
                .add(Attribute.of("cidr", (Subnet s) -> s.cidr().toString())
                        .check(Checks.CIDR.orNull())
                        .create()
                        .column(store.cidr))
                .add(Attribute.<Subnet>hidden("prefixlen")
                        .check(Checks.integer(0, 128))
                        .create())
                .add(Attribute.<Subnet>hidden("use_default_subnetpool")
                        .check(Checks.BOOLEAN)
                        .create(false))
                .add(Attribute.of("subnetpool_id", Subnet::poolId)
                        .check(Checks.string(36).orNull())
                        .create()
                        .column(store.pool))
                .add(Attribute.of("gateway_ip", Subnet::gateway)
                        .check(Checks.IP.orNull())
                        .create()
                        .update()
                        .column(store.gateway));
        return addressing(table, store);
    }

    private static Attributes<Subnet> addressing(Attributes<Subnet> table, SubnetStore store) {
        return table.add(Attribute.of("allocation_pools", Subnet::pools)
                        .check(POOLS)
                        .create()
                        .update())
                .add(Attribute.of("dns_nameservers", Subnet::dnsServers)
                        .check(Checks.listOrEmpty(Checks.IP))
                        .create(List.of())
                        .update())
                .add(Attribute.of("host_routes", Subnet::routes)
                        .check(ROUTES)
                        .create(List.of())
                        .update())
                .add(Attribute.of("enable_dhcp", Subnet::dhcp)
                        .check(Checks.BOOLEAN)
                        .create(true)
                        .update()
                        .column(store.dhcp))
                .add(Attribute.of("ipv6_ra_mode", Subnet::raMode)
                        .check(MODE)
                        .create()
                        .column(store.raMode))
                .add(Attribute.of("ipv6_address_mode", Subnet::addressMode)
                        .check(MODE)
                        .create()
                        .column(store.addressMode))
                .add(Attribute.of("service_types", Subnet::serviceTypes)
                        .check(Checks.listOrEmpty(Checks.string(255)))
                        .create(List.of())
                        .update()
                        .setRule(NeutronPolicy.ADMIN + " or " + NeutronPolicy.NETWORK_OWNER_MEMBER))
                .add(Attribute.of("dns_publish_fixed_ip", Subnet::dnsPublish)
                        .check(Checks.BOOLEAN)
                        .create(false)
                        .update()
                        .column(store.dnsPublish))
                .add(Attribute.of("segment_id", s -> null))
                .add(Attribute.<Subnet>hidden("shared")
                        .filter(values -> store.shared(values.getLast().equalsIgnoreCase("true"))));
    }

    @Override
    protected Condition visible(Caller caller) {
        String project = caller.projectId();
        return project == null ? super.visible(caller) : ((SubnetStore) store()).visibleTo(project);
    }

    @Override
    protected Map<String, @Nullable Object> parents(Tx tx, Input input) {
        return Map.of(
                "network:project_id",
                subnets.network(tx, input.text("network_id")).projectId());
    }

    @Override
    protected Map<String, @Nullable Object> parents(Subnet subnet) {
        Map<String, @Nullable Object> parents = new HashMap<>();
        parents.put("network:project_id", subnet.networkProject());
        parents.put("shared", subnet.networkShared());
        return parents;
    }

    @Override
    protected Subnet create(Tx tx, Caller caller, Input input) {
        return subnets.create(tx, caller, ids.uuid(), input);
    }

    @Override
    protected Subnet update(Tx tx, Caller caller, Subnet present, Input input) {
        return subnets.update(tx, present, input);
    }

    @Override
    protected void delete(Tx tx, Caller caller, Subnet present) {
        subnets.delete(tx, present);
    }
}

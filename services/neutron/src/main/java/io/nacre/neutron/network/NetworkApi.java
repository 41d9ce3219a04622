package io.nacre.neutron.network;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.NeutronPolicy;
import io.nacre.neutron.resource.Attribute;
import io.nacre.neutron.resource.Attributes;
import io.nacre.neutron.resource.Checks;
import io.nacre.neutron.resource.Guard;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.ResourceApi;
import java.util.List;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/** API reference "Networks". */
public final class NetworkApi extends ResourceApi<Network> {
    private static final Guard.Rules RULES =
            Guard.Rules.OWNER.alsoShownTo(NeutronPolicy.SHARED + " or " + NeutronPolicy.EXTERNAL);
    private static final String ADMIN = NeutronPolicy.ADMIN;

    private final Networks networks;
    private final Ids ids;

    public NetworkApi(Wiring wiring, NetworkStore store, Networks networks, Ids ids) {
        super(wiring, attributes(store), store, RULES);
        this.networks = networks;
        this.ids = ids;
    }

    static Attributes<Network> attributes(NetworkStore store) {
        Attributes<Network> table = Attributes.of("network", "networks", store);
        table.add(Attribute.of("name", Network::name)
                        .check(Checks.string(255))
                        .create("")
                        .update()
                        .column(store.name))
                .add(Attribute.of("admin_state_up", Network::adminUp)
                        .check(Checks.BOOLEAN)
                        .create(true)
                        .update()
                        .column(store.adminUp))
                .add(Attribute.<Network>of("status", n -> "ACTIVE")
                        .filter(values -> values.contains("ACTIVE") ? DSL.trueCondition() : DSL.falseCondition()))
                .add(Attribute.of("subnets", Network::subnets))
                .add(Attribute.<Network>seenBy("shared", (n, caller) -> n.isSharedWith(caller.projectId()))
                        .check(Checks.BOOLEAN)
                        .create(false)
                        .update()
                        .setRule(ADMIN)
                        .filter(values -> store.shared(values.getLast().equalsIgnoreCase("true"))))
                .add(Attribute.of("router:external", Network::external)
                        .check(Checks.BOOLEAN)
                        .create(false)
                        .update()
                        .setRule(ADMIN)
                        .column(store.external))
                .add(Attribute.of("is_default", Network::isDefault)
                        .check(Checks.BOOLEAN)
                        .create(false)
                        .update()
                        .setRule(ADMIN)
                        .column(store.isDefault))
                .add(Attribute.of("port_security_enabled", Network::portSecurity)
                        .check(Checks.BOOLEAN)
                        .create(true)
                        .update()
                        .column(store.portSecurity))
                .add(Attribute.of("mtu", Network::mtu)
                        .check(Checks.integer(0, 65535))
                        .create(0)
                        .update()
                        .column(store.mtu))
                .add(Attribute.of("dns_domain", Network::dnsDomain)
                        .check(Checks.string(255))
                        .create("")
                        .update()
                        .column(store.dnsDomain))
                .add(Attribute.of("ipv4_address_scope", n -> null))
                .add(Attribute.of("ipv6_address_scope", n -> null))
                .add(Attribute.of("l2_adjacency", n -> true))
                .add(Attribute.of("availability_zone_hints", Network::zoneHints)
                        .check(Checks.listOrEmpty(Checks.string(255)))
                        .create(List.of()))
                .add(Attribute.<Network>of(
                        "availability_zones", n -> n.subnets().isEmpty() ? List.of() : List.of("nova")));
        return provider(table, store);
    }

    private static Attributes<Network> provider(Attributes<Network> table, NetworkStore store) {
        return table.add(Attribute.of(
                                "provider:network_type",
                                (Network n) -> n.segment().type())
                        .check(Checks.filledString(32))
                        .create()
                        .update()
                        .setRule(ADMIN)
                        .showRule(ADMIN)
                        .column(store.type))
                .add(Attribute.of(
                                "provider:physical_network",
                                (Network n) -> n.segment().physical())
                        .check(Checks.filledString(64))
                        .create()
                        .update()
                        .setRule(ADMIN)
                        .showRule(ADMIN)
                        .column(store.physical))
                .add(Attribute.of(
                                "provider:segmentation_id",
                                (Network n) -> n.segment().id())
                        .check(Checks.integer(0, Integer.MAX_VALUE))
                        .create()
                        .update()
                        .setRule(ADMIN)
                        .showRule(ADMIN)
                        .column(store.segmentation));
    }

    @Override
    protected Condition visible(Caller caller) {
        String project = caller.projectId();
        return project == null ? super.visible(caller) : ((NetworkStore) store()).visibleTo(project);
    }

    @Override
    protected Network create(Tx tx, Caller caller, Input input) {
        return networks.create(tx, ids.uuid(), input);
    }

    @Override
    protected Network update(Tx tx, Caller caller, Network present, Input input) {
        for (String name : List.of("provider:network_type", "provider:physical_network", "provider:segmentation_id")) {
            if (input.has(name)) {
                throw NeutronFault.invalidInput("Plugin does not support updating provider attributes");
            }
        }
        return networks.update(tx, present, input);
    }

    @Override
    protected void delete(Tx tx, Caller caller, Network present) {
        networks.delete(tx, present);
    }
}

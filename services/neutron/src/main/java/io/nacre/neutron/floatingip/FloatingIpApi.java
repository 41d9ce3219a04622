package io.nacre.neutron.floatingip;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.floatingip.FloatingIp.Target;
import io.nacre.neutron.floatingip.FloatingIps.Wanted;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.Ports;
import io.nacre.neutron.resource.Attribute;
import io.nacre.neutron.resource.Attributes;
import io.nacre.neutron.resource.Checks;
import io.nacre.neutron.resource.Guard;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.ResourceApi;
import io.nacre.neutron.resource.Standard;
import io.nacre.policy.Personas;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API reference "Floating IPs". */
public final class FloatingIpApi extends ResourceApi<FloatingIp> {
    private final FloatingIps floatingIps;
    private final NetworkStore networks;
    private final Ports ports;
    private final Ids ids;

    public FloatingIpApi(Wiring wiring, FloatingIps floatingIps, NetworkStore networks, Ports ports, Ids ids) {
        super(wiring, attributes(floatingIps.store()), floatingIps.store(), Guard.Rules.OWNER);
        this.floatingIps = floatingIps;
        this.networks = networks;
        this.ports = ports;
        this.ids = ids;
    }

    static Attributes<FloatingIp> attributes(FloatingIpStore store) {
        Attributes<FloatingIp> table = Attributes.of("floatingip", "floatingips", store);
        return table.add(Attribute.of("floating_network_id", FloatingIp::networkId)
                        .check(Checks.UUID_TEXT)
                        .required()
                        .column(store.network))
                .add(Attribute.of("floating_ip_address", FloatingIp::address)
                        .check(Checks.IP.orNull())
                        .create()
                        .createRule(Personas.PROJECT_MANAGER)
                        .column(store.address))
                .add(Attribute.<FloatingIp>hidden("subnet_id")
                        .check(Checks.UUID_TEXT.orNull())
                        .create())
                .add(Attribute.of("status", FloatingIp::status).column(store.status))
                .add(Attribute.<FloatingIp>of(
                                "port_id",
                                f -> f.target() == null ? null : f.target().portId())
                        .check(Checks.UUID_TEXT.orNull())
                        .create()
                        .update()
                        .column(store.port))
                .add(Attribute.<FloatingIp>of(
                                "fixed_ip_address",
                                f -> f.target() == null ? null : f.target().fixedAddress())
                        .check(Checks.IP.orNull())
                        .create()
                        .update()
                        .column(store.fixed))
                .add(Attribute.<FloatingIp>of(
                                "router_id",
                                f -> f.target() == null ? null : f.target().routerId())
                        .column(store.router))
                .add(Attribute.of("port_details", FloatingIpApi::details))
                .add(Attribute.<FloatingIp>of("dns_name", f -> f.dns().name())
                        .check(Checks.string(255))
                        .create("")
                        .column(store.dnsName))
                .add(Attribute.<FloatingIp>of("dns_domain", f -> f.dns().domain())
                        .check(Checks.string(255))
                        .create("")
                        .column(store.dnsDomain))
                .add(Attribute.<FloatingIp>of("qos_policy_id", f -> null));
    }

    private static @Nullable Object details(FloatingIp floating) {
        Target target = floating.target();
        Port port = target == null ? null : target.port();
        if (port == null) {
            return null;
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", port.name());
        shown.put("network_id", port.networkId());
        shown.put("mac_address", port.mac());
        shown.put("admin_state_up", port.adminUp());
        shown.put("status", port.status());
        shown.put("device_id", port.device().id());
        shown.put("device_owner", port.device().owner());
        return shown;
    }

    @Override
    protected FloatingIp create(Tx tx, Caller caller, Input input) {
        String networkId = input.text("floating_network_id");
        networks.requireGateway(tx, caller, networkId);
        requirePort(tx, caller, input.textOrNull("port_id"));
        return floatingIps.create(
                tx,
                Standard.fresh(ids.uuid(), input.text("project_id"), input.text("description", ""), ports.now()),
                networkId,
                new Port.Dns(input.text("dns_name", ""), input.text("dns_domain", "")),
                new Wanted(
                        input.textOrNull("subnet_id"),
                        input.textOrNull("floating_ip_address"),
                        input.textOrNull("port_id"),
                        input.textOrNull("fixed_ip_address")));
    }

    private void requirePort(Tx tx, Caller caller, @Nullable String portId) {
        if (portId != null) {
            ports.store().requireVisible(tx, caller, portId);
        }
    }

    /** A change without the port keeps the association; one without anything ends it. */
    @Override
    protected FloatingIp update(Tx tx, Caller caller, FloatingIp present, Input input) {
        FloatingIp changed = present.with(
                present.standard()
                        .changed(input.text("description", present.standard().description()), ports.now()),
                present.status(),
                present.target());
        String portId = input.textOrNull("port_id");
        String fixed = input.textOrNull("fixed_ip_address");
        if (!input.sent().isEmpty() && !input.has("port_id") && fixed == null) {
            return floatingIps.store().update(tx, changed);
        }
        requirePort(tx, caller, portId);
        return floatingIps.associate(tx, present, changed, portId, fixed);
    }

    @Override
    protected void delete(Tx tx, Caller caller, FloatingIp present) {
        floatingIps.delete(tx, present);
    }
}

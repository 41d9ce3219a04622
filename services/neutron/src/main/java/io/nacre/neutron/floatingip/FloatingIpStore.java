package io.nacre.neutron.floatingip;

import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.floatingip.FloatingIp.Target;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.PortStore;
import io.nacre.neutron.resource.ResourceStore;
import io.nacre.neutron.resource.Standard;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** The floating addresses. */
public final class FloatingIpStore extends ResourceStore<FloatingIp> {
    final Field<String> network = bind(columns().text("network_id"), FloatingIp::networkId);
    final Field<String> address = bind(columns().text("address"), FloatingIp::address);
    final Field<String> floatingPort = bind(columns().text("floating_port_id"), FloatingIp::floatingPortId);
    final Field<String> status = bind(columns().text("status"), FloatingIp::status);
    final Field<String> port = bind(
            columns().text("port_id"),
            f -> f.target() == null ? null : f.target().portId());
    final Field<String> fixed = bind(
            columns().text("fixed_address"),
            f -> f.target() == null ? null : f.target().fixedAddress());
    final Field<String> router = bind(
            columns().text("router_id"),
            f -> f.target() == null ? null : f.target().routerId());
    final Field<String> dnsName = bind(columns().text("dns_name"), f -> f.dns().name());
    final Field<String> dnsDomain =
            bind(columns().text("dns_domain"), f -> f.dns().domain());

    private final PortStore ports;

    public FloatingIpStore(PortStore ports) {
        super("Floating IP", "neutron_floatingip");
        this.ports = ports;
    }

    @Override
    public RuntimeException missing(String id) {
        return NeutronFault.notFound("FloatingIPNotFound", "Floating IP " + id + " could not be found");
    }

    public List<FloatingIp> through(Tx tx, String routerId) {
        return where(tx, router.eq(routerId));
    }

    public List<FloatingIp> to(Tx tx, Collection<String> portIds) {
        return portIds.isEmpty() ? List.of() : where(tx, port.in(portIds));
    }

    List<FloatingIp> unassociated(Tx tx, String networkId) {
        return where(tx, network.eq(networkId).and(port.isNull()));
    }

    @Override
    protected FloatingIp of(Record row, Standard standard) {
        @Nullable String portId = row.get(port);
        return new FloatingIp(
                standard,
                row.get(network),
                row.get(address),
                row.get(floatingPort),
                row.get(status),
                portId == null ? null : new Target(portId, row.get(fixed), row.get(router), null),
                new Port.Dns(row.get(dnsName), row.get(dnsDomain)));
    }

    @Override
    protected List<FloatingIp> complete(Tx tx, List<FloatingIp> plain) {
        List<String> ids = plain.stream()
                .map(FloatingIp::target)
                .filter(Objects::nonNull)
                .map(Target::portId)
                .toList();
        Map<String, Port> byId = new HashMap<>();
        ports.findAll(tx, ids).forEach(found -> byId.put(found.id(), found));
        return plain.stream()
                .map(f -> {
                    Target t = f.target();
                    return t == null
                            ? f
                            : f.with(
                                    f.standard(),
                                    f.status(),
                                    new Target(t.portId(), t.fixedAddress(), t.routerId(), byId.get(t.portId())));
                })
                .toList();
    }
}

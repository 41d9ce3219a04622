package io.nacre.neutron.router;

import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.PortStore;
import io.nacre.neutron.resource.ResourceStore;
import io.nacre.neutron.resource.Standard;
import io.nacre.neutron.router.Router.Gateway;
import io.nacre.neutron.router.Router.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** The routers. */
public final class RouterStore extends ResourceStore<Router> {
    final Field<String> name = bind(columns().text("name"), Router::name);
    final Field<Boolean> adminUp = bind(columns().bool("admin_state_up"), Router::adminUp);
    final Field<String> gatewayNetwork = bind(
            columns().text("gateway_network"),
            r -> r.gateway() == null ? null : r.gateway().networkId());
    final Field<String> gatewayPort = bind(
            columns().text("gateway_port"),
            r -> r.gateway() == null ? null : r.gateway().portId());
    final Field<Boolean> snat = bind(columns().bool("enable_snat"), Router::snat);
    final Field<List<Route>> routes =
            bind(columns().json("routes", new TypeReference<List<Route>>() {}), Router::routes);
    final Field<List<String>> zoneHints = bind(columns().strings("zone_hints"), Router::zoneHints);
    final Field<String> host = bind(columns().text("host"), Router::host);

    private final PortStore ports;

    public RouterStore(PortStore ports) {
        super("Router", "neutron_router");
        this.ports = ports;
    }

    @Override
    public RuntimeException missing(String id) {
        return NeutronFault.notFound("RouterNotFound", "Router " + id + " could not be found");
    }

    public List<Router> onHost(Tx tx, String hostName) {
        return where(tx, host.eq(hostName));
    }

    /** The router's ports on its inner networks. */
    public List<Port> interfaces(Tx tx, String routerId) {
        return ports.ofDevice(tx, routerId).stream()
                .filter(port -> port.device().owner().equals(Router.INTERFACE))
                .toList();
    }

    /** How many routers each host has. */
    Map<String, Integer> load(Tx tx) {
        Map<String, Integer> load = new HashMap<>();
        for (Router router : where(tx, host.ne(""))) {
            load.merge(router.host(), 1, Integer::sum);
        }
        return load;
    }

    @Override
    protected Router of(Record row, Standard standard) {
        @Nullable String network = row.get(gatewayNetwork);
        return new Router(
                standard,
                row.get(name),
                row.get(adminUp),
                network == null ? null : new Gateway(network, row.get(gatewayPort), List.of()),
                row.get(snat),
                row.get(routes),
                row.get(zoneHints),
                row.get(host));
    }

    @Override
    protected List<Router> complete(Tx tx, List<Router> plain) {
        List<String> gateways = plain.stream()
                .map(Router::gateway)
                .filter(Objects::nonNull)
                .map(Gateway::portId)
                .toList();
        Map<String, Port> byId = new HashMap<>();
        ports.findAll(tx, gateways).forEach(port -> byId.put(port.id(), port));
        return plain.stream()
                .map(router -> {
                    Gateway gateway = router.gateway();
                    Port port = gateway == null ? null : byId.get(gateway.portId());
                    return gateway == null || port == null
                            ? router
                            : router.with(new Gateway(gateway.networkId(), gateway.portId(), port.fixedIps()));
                })
                .toList();
    }
}

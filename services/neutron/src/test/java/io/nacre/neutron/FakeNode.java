package io.nacre.neutron;

import io.nacre.base.Fault;
import io.nacre.contracts.node.NetworkNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A host that keeps what it is told, newest generation only, and can be unreachable. */
final class FakeNode implements NetworkNode {
    final Map<String, NetworkSpec> networks = new ConcurrentHashMap<>();
    final Map<String, PortSpec> ports = new ConcurrentHashMap<>();
    final Map<String, RouterSpec> routers = new ConcurrentHashMap<>();
    private final Map<String, Integer> tellings = new ConcurrentHashMap<>();
    volatile boolean away;

    /** How often it was told of a port. */
    int tellings(String port) {
        return tellings.getOrDefault(port, 0);
    }

    private void reach() {
        if (away) {
            throw Fault.unavailable("The host does not answer.");
        }
    }

    @Override
    public DataPlaneReport report() {
        return new DataPlaneReport("fake", null, "10.9.9.9", List.of("public"));
    }

    @Override
    public void applyNetwork(NetworkSpec network) {
        reach();
        networks.merge(network.id(), network, (a, b) -> a.generation() > b.generation() ? a : b);
    }

    @Override
    public void removeNetwork(Ref network) {
        reach();
        networks.remove(network.id());
    }

    @Override
    public Plugged applyPort(PortSpec port) {
        reach();
        if (!networks.containsKey(port.networkId())) {
            throw Fault.conflict("The network of the port is not here.");
        }
        tellings.merge(port.id(), 1, Integer::sum);
        ports.merge(port.id(), port, (a, b) -> a.generation() > b.generation() ? a : b);
        return new Plugged(port.id(), "tap" + port.id().substring(0, 8), "nacre", port.mtu());
    }

    @Override
    public void removePort(Ref port) {
        reach();
        ports.remove(port.id());
    }

    @Override
    public void applyRouter(RouterSpec router) {
        reach();
        routers.merge(router.id(), router, (a, b) -> a.generation() > b.generation() ? a : b);
    }

    @Override
    public void removeRouter(Ref router) {
        reach();
        routers.remove(router.id());
    }

    @Override
    public Inventory inventory() {
        return new Inventory(refs(networks), refs(ports), refs(routers));
    }

    private static List<Ref> refs(Map<String, ?> things) {
        return new ArrayList<>(things.keySet().stream().map(Ref::new).toList());
    }
}

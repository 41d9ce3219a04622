package io.nacre.network.fake;

import io.nacre.base.Fault;
import io.nacre.contracts.node.NetworkNode.DataPlaneReport;
import io.nacre.contracts.node.NetworkNode.Inventory;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.Plugged;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.Ref;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import io.nacre.network.DataPlaneDriver;
import io.nacre.network.DeviceNames;
import io.nacre.network.Numbered;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Keeps declarations in memory; can be told to be slow, and to fail. */
public final class FakeDriver implements DataPlaneDriver {
    private final Map<String, NetworkSpec> networks = new ConcurrentHashMap<>();
    private final Map<String, PortSpec> ports = new ConcurrentHashMap<>();
    private final Map<String, RouterSpec> routers = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
    private volatile Duration delay = Duration.ZERO;

    /** From now on each command takes this long. */
    public FakeDriver slow(Duration each) {
        delay = each;
        return this;
    }

    /** The next so many commands of this name, such as applyPort, fail before they have done anything. */
    public FakeDriver fail(String command, int times) {
        failures.put(command, new AtomicInteger(times));
        return this;
    }

    /** Loses a port behind the agent's back, as when somebody deletes its device. */
    public void lose(String portId) {
        ports.remove(portId);
    }

    public @Nullable NetworkSpec network(String id) {
        return networks.get(id);
    }

    public @Nullable PortSpec port(String id) {
        return ports.get(id);
    }

    public @Nullable RouterSpec router(String id) {
        return routers.get(id);
    }

    @Override
    public DataPlaneReport report() {
        return new DataPlaneReport("fake", null, null, List.of("public"));
    }

    @Override
    public void adopt(
            List<Numbered<NetworkSpec>> knownNetworks,
            List<Numbered<PortSpec>> knownPorts,
            List<RouterSpec> knownRouters) {
        knownNetworks.forEach(network -> networks.put(network.spec().id(), network.spec()));
        knownPorts.forEach(port -> ports.put(port.spec().id(), port.spec()));
        knownRouters.forEach(router -> routers.put(router.id(), router));
    }

    @Override
    public void applyNetwork(Numbered<NetworkSpec> network) {
        act("applyNetwork");
        networks.put(network.spec().id(), network.spec());
    }

    @Override
    public void removeNetwork(String id) {
        act("removeNetwork");
        networks.remove(id);
    }

    @Override
    public Plugged applyPort(Numbered<PortSpec> port, NetworkSpec network) {
        act("applyPort");
        PortSpec spec = port.spec();
        ports.put(spec.id(), spec);
        return new Plugged(spec.id(), DeviceNames.port(spec.id()), null, spec.mtu());
    }

    @Override
    public void removePort(String id) {
        act("removePort");
        ports.remove(id);
    }

    @Override
    public void applyRouter(RouterSpec router, Map<String, NetworkSpec> legs) {
        act("applyRouter");
        routers.put(router.id(), router);
    }

    @Override
    public void removeRouter(String id) {
        act("removeRouter");
        routers.remove(id);
    }

    @Override
    public Inventory inventory() {
        return new Inventory(refs(networks.keySet()), refs(ports.keySet()), refs(routers.keySet()));
    }

    private static List<Ref> refs(Collection<String> ids) {
        return ids.stream().sorted().map(Ref::new).toList();
    }

    @Override
    public void purge() {
        networks.clear();
        ports.clear();
        routers.clear();
    }

    @Override
    public void close() {}

    private void act(String command) {
        if (!delay.isZero()) {
            try {
                Thread.sleep(delay);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.unavailable("The command was interrupted.").because(e);
            }
        }
        AtomicInteger left = failures.get(command);
        if (left != null && left.getAndUpdate(times -> Math.max(0, times - 1)) > 0) {
            throw Fault.unavailable("The fake data plane was told to fail at " + command + ".");
        }
    }
}

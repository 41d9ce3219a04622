package io.nacre.network;

import io.nacre.base.Fault;
import io.nacre.contracts.node.MetadataSource;
import io.nacre.contracts.node.NetworkNode;
import io.nacre.network.fake.FakeDriver;
import io.nacre.network.linux.LinuxDriver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The network part of a node agent. Closing it leaves the data plane running, and the next start adopts it.
 *
 * <p>Commands for the same thing are carried out one after the other. A port also holds its network, which it shares
 * with other ports, so that a network does not vanish from under it.
 */
public final class Network implements NetworkNode, AutoCloseable {
    private static final int STRIPES = 256;

    private final DataPlaneDriver driver;
    private final Journal journal;
    private final List<ReadWriteLock> networkLocks = stripes();
    private final List<ReadWriteLock> locks = stripes();
    private final Removals removals = new Removals();
    private volatile boolean purged;

    /** Adopts what the journal tells, with a driver of the caller's choice. */
    public Network(DataPlaneDriver driver, Path state) {
        this.driver = driver;
        this.journal = new Journal(state.resolve("network"));
        driver.adopt(
                journal.networks.all(),
                journal.ports.all(),
                journal.routers.all().stream().map(Numbered::spec).toList());
    }

    /**
     * @param state the agent's state directory; the journal lies in its folder network
     * @param host the agent's name, for its log
     * @param metadata asked for every request that a guest makes to 169.254.169.254
     */
    public static Network start(NetworkConfig config, Path state, String host, MetadataSource metadata) {
        DataPlaneDriver driver = switch (config.driver()) {
            case LINUX -> new LinuxDriver(config, state, host, metadata);
            case FAKE -> new FakeDriver().slow(config.fakeDelay());
        };
        try {
            return new Network(driver, state);
        } catch (RuntimeException e) {
            driver.close();
            throw e;
        }
    }

    @Override
    public DataPlaneReport report() {
        return driver.report();
    }

    @Override
    public void applyNetwork(NetworkSpec network) {
        Declarations.check(network);
        locked(networkLock(network.id()).writeLock(), () -> {
            removals.refuseOlder(network.id(), network.generation());
            NetworkSpec known = journal.networks.get(network.id());
            if (known == null || known.generation() <= network.generation()) {
                driver.applyNetwork(journal.networks.put(network));
            }
            return network;
        });
    }

    @Override
    public void removeNetwork(Ref network) {
        String id = Declarations.id("network id", network.id());
        locked(networkLock(id).writeLock(), () -> {
            NetworkSpec known = journal.networks.get(id);
            if (known != null && Removals.isLate(network, known.generation())) {
                return id;
            }
            removals.note(network);
            journal.ports.all().stream()
                    .map(Numbered::spec)
                    .filter(port -> port.networkId().equals(id))
                    .forEach(this::forget);
            driver.removeNetwork(id);
            journal.networks.remove(id);
            return id;
        });
    }

    @Override
    public Plugged applyPort(PortSpec port) {
        Declarations.check(port);
        return locked(
                networkLock(port.networkId()).readLock(),
                () -> locked(lock(port.id()), () -> {
                    removals.refuseOlder(port.id(), port.generation());
                    PortSpec known = journal.ports.get(port.id());
                    if (known != null && known.generation() > port.generation()) {
                        return plug(known);
                    }
                    if (known != null && !known.networkId().equals(port.networkId())) {
                        forget(known);
                    }
                    return plug(port);
                }));
    }

    private Plugged plug(PortSpec port) {
        NetworkSpec network = network(port.networkId());
        return driver.applyPort(journal.ports.put(port), network);
    }

    @Override
    public void removePort(Ref port) {
        String id = Declarations.id("port id", port.id());
        PortSpec known = journal.ports.get(id);
        Lock network = networkLock(known == null ? id : known.networkId()).readLock();
        locked(
                network,
                () -> locked(lock(id), () -> {
                    PortSpec now = journal.ports.get(id);
                    if (now != null && Removals.isLate(port, now.generation())) {
                        return id;
                    }
                    removals.note(port);
                    driver.removePort(id);
                    journal.ports.remove(id);
                    return id;
                }));
    }

    private void forget(PortSpec port) {
        driver.removePort(port.id());
        journal.ports.remove(port.id());
    }

    @Override
    public void applyRouter(RouterSpec router) {
        Declarations.check(router);
        locked(lock(router.id()), () -> {
            removals.refuseOlder(router.id(), router.generation());
            RouterSpec known = journal.routers.get(router.id());
            if (known == null || known.generation() <= router.generation()) {
                Map<String, NetworkSpec> networks = new HashMap<>();
                router.legs().forEach(leg -> networks.put(leg.networkId(), network(leg.networkId())));
                if (router.gateway() != null) {
                    String external = router.gateway().networkId();
                    networks.put(external, network(external));
                }
                journal.routers.put(router);
                driver.applyRouter(router, networks);
            }
            return router;
        });
    }

    @Override
    public void removeRouter(Ref router) {
        String id = Declarations.id("router id", router.id());
        locked(lock(id), () -> {
            RouterSpec known = journal.routers.get(id);
            if (known != null && Removals.isLate(router, known.generation())) {
                return id;
            }
            removals.note(router);
            driver.removeRouter(id);
            journal.routers.remove(id);
            return id;
        });
    }

    @Override
    public Inventory inventory() {
        return driver.inventory();
    }

    /** Removes everything this agent ever made on its host. No command is taken afterwards, until the next start. */
    public void purge() {
        purged = true;
        List<Lock> all = new ArrayList<>();
        networkLocks.forEach(lock -> all.add(lock.writeLock()));
        locks.forEach(lock -> all.add(lock.writeLock()));
        all.forEach(Lock::lock);
        try {
            driver.purge();
            journal.routers
                    .all()
                    .forEach(router -> journal.routers.remove(router.spec().id()));
            journal.ports.all().forEach(port -> journal.ports.remove(port.spec().id()));
            journal.networks
                    .all()
                    .forEach(network -> journal.networks.remove(network.spec().id()));
        } finally {
            all.forEach(Lock::unlock);
        }
    }

    @Override
    public void close() {
        driver.close();
    }

    private NetworkSpec network(String id) {
        @Nullable NetworkSpec known = journal.networks.get(id);
        if (known == null) {
            throw Fault.conflict("Network " + id + " has not been declared to this host yet.");
        }
        return known;
    }

    private ReadWriteLock networkLock(String id) {
        return networkLocks.get(Math.floorMod(Objects.hashCode(id), STRIPES));
    }

    private Lock lock(String id) {
        return locks.get(Math.floorMod(Objects.hashCode(id), STRIPES)).writeLock();
    }

    private static List<ReadWriteLock> stripes() {
        return IntStream.range(0, STRIPES)
                .<ReadWriteLock>mapToObj(i -> new ReentrantReadWriteLock())
                .toList();
    }

    private <T> T locked(Lock lock, Supplier<T> body) {
        lock.lock();
        try {
            if (purged) {
                throw Fault.unavailable("The network of this host has been taken away.");
            }
            return body.get();
        } finally {
            lock.unlock();
        }
    }
}

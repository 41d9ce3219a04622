package io.nacre.neutron.dataplane;

import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.contracts.event.PortPlugged;
import io.nacre.contracts.node.NetworkNode;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.Plugged;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.Ref;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import io.nacre.neutron.deployment.Deployment;
import io.nacre.neutron.deployment.Deployment.Kind;
import io.nacre.neutron.deployment.DeploymentStore;
import io.nacre.neutron.floatingip.FloatingIps;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.Ports;
import io.nacre.tasks.Reconciler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells hosts what they must carry, until they have it. Every telling is a whole declaration or a removal with its
 * generation, so that two who tell the same host at the same time do no harm: what comes late changes nothing.
 */
public final class Pusher implements Reconciler {
    public static final String NAME = "neutron.push";

    private static final Logger LOG = LoggerFactory.getLogger(Pusher.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final Comparator<Deployment> ORDER =
            Comparator.comparingInt(Pusher::weight).thenComparingLong(Deployment::generation);

    private final Transactions transactions;
    private final DeploymentStore deployments;
    private final Specs specs;
    private final Ports ports;
    private final FloatingIps floatingIps;
    private final Function<String, NetworkNode> nodes;
    private final Consumer<PortPlugged> events;
    private final InstantSource clock;
    private volatile Duration period = PERIOD;

    Pusher(
            Transactions transactions,
            DeploymentStore deployments,
            Specs specs,
            Ports ports,
            FloatingIps floatingIps,
            Function<String, NetworkNode> nodes,
            Consumer<PortPlugged> events,
            InstantSource clock) {
        this.transactions = transactions;
        this.deployments = deployments;
        this.specs = specs;
        this.ports = ports;
        this.floatingIps = floatingIps;
        this.nodes = nodes;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Duration period() {
        return period;
    }

    /** Tells everything that is due, the hosts side by side, each in order. */
    @Override
    public void run() {
        period = PERIOD;
        Instant now = clock.instant();
        Map<String, List<Deployment>> byHost = new TreeMap<>();
        for (Deployment due : transactions.read(tx -> deployments.due(tx, now))) {
            byHost.computeIfAbsent(due.host(), host -> new ArrayList<>()).add(due);
        }
        if (byHost.size() == 1) {
            byHost.values().forEach(this::pushAll);
        } else {
            pushSideBySide(byHost);
        }
        Optional<Instant> next = transactions.read(tx -> deployments.nextDue(tx, now));
        next.map(due -> Duration.between(clock.instant(), due))
                .filter(pause -> pause.compareTo(PERIOD) < 0)
                .ifPresent(pause -> period = pause);
    }

    private void pushSideBySide(Map<String, List<Deployment>> byHost) {
        List<Thread> threads = new ArrayList<>();
        byHost.forEach((host, due) ->
                threads.add(Thread.ofVirtual().name("neutron-push-" + host).start(() -> pushAll(due))));
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                threads.forEach(Thread::interrupt);
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void pushAll(List<Deployment> due) {
        due.sort(ORDER);
        for (Deployment old : due) {
            // Much may have been wished for since; one telling says it all.
            Deployment one = current(old.host(), old.kind(), old.objectId())
                    .filter(d -> d.applied() < d.generation())
                    .orElse(null);
            if (one == null) {
                continue;
            }
            try {
                push(one);
            } catch (FaultException e) {
                LOG.info("{} {} on {} not done yet: {}", one.kind(), one.objectId(), one.host(), e.getMessage());
                transactions.run(
                        tx -> deployments.failed(tx, one, clock.instant().plus(pause(one))));
                return;
            } catch (RuntimeException e) {
                LOG.error("{} {} on {} failed", one.kind(), one.objectId(), one.host(), e);
                transactions.run(
                        tx -> deployments.failed(tx, one, clock.instant().plus(pause(one))));
            }
        }
    }

    /** What others stand on comes first, and goes last. */
    private static int weight(Deployment d) {
        int kind = switch (d.kind()) {
            case NETWORK -> 1;
            case PORT -> 2;
            case ROUTER -> 3;
        };
        return d.wanted() ? kind : 10 - kind;
    }

    private static Duration pause(Deployment d) {
        Duration pause = Duration.ofMillis(500L << Math.min(d.attempts(), 7));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** Tells one thing now and waits; a fault of the host reaches the caller. Null for anything but a wanted port. */
    @Nullable
    Plugged push(Deployment d) {
        NetworkNode node = nodes.apply(d.host());
        Plugged plugged = null;
        if (!d.wanted()) {
            remove(node, d);
            done(d, "DOWN");
            return null;
        }
        switch (d.kind()) {
            case NETWORK -> {
                Optional<NetworkSpec> spec =
                        transactions.read(tx -> specs.network(tx, d.host(), d.objectId(), d.generation()));
                spec.ifPresent(node::applyNetwork);
            }
            case PORT -> {
                Optional<PortSpec> spec = transactions.read(tx -> specs.port(tx, d.objectId(), d.generation()));
                plugged = spec.map(node::applyPort).orElse(null);
            }
            case ROUTER -> {
                Optional<RouterSpec> spec = transactions.read(tx -> specs.router(tx, d.objectId(), d.generation()));
                spec.ifPresentOrElse(node::applyRouter, () -> node.removeRouter(new Ref(d.objectId(), d.generation())));
            }
        }
        done(d, "ACTIVE");
        return plugged;
    }

    /** Makes sure that the host has the object as it looks now, whether it was told before or not. */
    @Nullable
    Plugged ensure(String host, Kind kind, String objectId) {
        Optional<Deployment> d = current(host, kind, objectId);
        if (d.isEmpty() || !d.get().wanted()) {
            return null;
        }
        boolean current = d.get().applied() >= d.get().generation();
        return current && kind != Kind.PORT ? null : push(d.get());
    }

    private Optional<Deployment> current(String host, Kind kind, String objectId) {
        return transactions.read(tx -> deployments.find(tx, host, kind, objectId));
    }

    private static void remove(NetworkNode node, Deployment d) {
        Ref ref = new Ref(d.objectId(), d.generation());
        switch (d.kind()) {
            case NETWORK -> node.removeNetwork(ref);
            case PORT -> node.removePort(ref);
            case ROUTER -> node.removeRouter(ref);
        }
    }

    private void done(Deployment d, String status) {
        List<PortPlugged> news = transactions.write(tx -> {
            deployments.applied(tx, d);
            return d.kind() == Kind.PORT ? portDone(tx, d, status) : List.<PortPlugged>of();
        });
        if (d.kind() != Kind.PORT && d.wanted()) {
            transactions.run(tx -> infrastructureDone(tx, d));
        }
        news.forEach(events);
    }

    private List<PortPlugged> portDone(Tx tx, Deployment d, String status) {
        Optional<Port> port = ports.store().find(tx, d.objectId());
        if (port.isEmpty()) {
            return List.of();
        }
        boolean here = port.get().binding().host().equals(d.host());
        boolean up = status.equals("ACTIVE");
        String shown = up && port.get().adminUp() ? "ACTIVE" : "DOWN";
        // A port that has moved on is no longer this host's to report.
        boolean tells = here || (!up && !port.get().isBound());
        if (!tells || !ports.setStatus(tx, port.get(), shown)) {
            return List.of();
        }
        return List.of(new PortPlugged(
                d.objectId(), port.get().networkId(), port.get().device().id(), d.host(), up));
    }

    /** The ports that come with a network or router are up when it is. */
    private void infrastructureDone(Tx tx, Deployment d) {
        List<Port> own = d.kind() == Kind.ROUTER
                ? ports.store().ofDevice(tx, d.objectId())
                : ports.store().ownedBy(tx, Ports.DHCP, d.objectId());
        for (Port port : own) {
            if (port.binding().host().equals(d.host())) {
                ports.setStatus(tx, port, "ACTIVE");
            }
        }
        if (d.kind() == Kind.ROUTER) {
            floatingIps.active(tx, d.objectId());
        }
    }
}

package io.nacre.nova.server;

import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import io.nacre.contracts.event.GuestChanged;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.server.action.ServerSagas;
import io.nacre.tasks.Reconciler;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what hosts hold with what the database says. A server whose guest stopped on its own is STOPPED; one that
 * is STOPPED but runs is stopped again; a guest that belongs to no server is removed. Servers with which something
 * goes on are left to their task. As sync_power_states and cleanup_running_deleted_instances of nova/compute.
 */
public final class PowerSync implements Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(PowerSync.class);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ServerSagas base;
    private final Duration strayAfter;
    /** Since when a guest has been seen that belongs to nobody; only a memory aid, lost without harm. */
    private final Map<String, Instant> strays = new ConcurrentHashMap<>();

    /** @param strayAfter how long a guest that the database does not know is left alone */
    public PowerSync(ServerSagas base, Duration strayAfter) {
        this.base = base;
        this.strayAfter = strayAfter;
    }

    @Override
    public String name() {
        return "nova.power";
    }

    @Override
    public Duration period() {
        return Duration.ofSeconds(60);
    }

    @Override
    public void run() {
        List<ComputeHost> hosts = base.transactions().read(base.hosts()::all);
        for (ComputeHost host : hosts) {
            if (base.liveness().isUp(host)) {
                try {
                    compare(host.host(), base.node(host.host()).guests().guests());
                } catch (FaultException e) {
                    LOG.warn("Host {} did not tell what it holds: {}", host.host(), e.getMessage());
                }
            }
        }
    }

    /** Listens to {@link GuestChanged}. */
    public void heard(GuestChanged event) {
        base.transactions()
                .run(tx -> base.servers()
                        .find(tx, event.guest().guestId())
                        .filter(server -> event.host().equals(server.host()))
                        .ifPresent(server -> adopt(tx, server, event.guest().state())));
    }

    private void compare(String host, List<ComputeNode.GuestReport> guests) {
        Map<String, PowerState> held = new HashMap<>();
        guests.forEach(guest -> held.put(guest.guestId(), guest.state()));
        Map<String, Server> known = new HashMap<>();
        base.transactions()
                .read(tx -> base.servers().onHost(tx, host))
                .forEach(server -> known.put(server.id(), server));
        for (Server server : known.values()) {
            PowerState state = held.getOrDefault(server.id(), PowerState.NOSTATE);
            if (server.taskState() != null) {
                continue;
            }
            if (server.vmState() == VmState.STOPPED && state == PowerState.RUNNING) {
                LOG.warn("Server {} is stopped but runs on {}: it is stopped again", server.id(), host);
                base.node(host)
                        .power(new ComputeNode.PowerCommand(
                                server.id(), ComputeNode.PowerAction.STOP, GRACE, List.of()));
            } else if (server.powerState() != state) {
                base.transactions()
                        .run(tx -> base.servers()
                                .find(tx, server.id())
                                .filter(fresh -> fresh.generation() == server.generation())
                                .ifPresent(fresh -> adopt(tx, fresh, state)));
            }
        }
        held.keySet().stream().filter(id -> !known.containsKey(id)).forEach(id -> stray(host, id));
        strays.keySet()
                .removeIf(key -> key.endsWith("@" + host) && !held.containsKey(key.substring(0, key.indexOf('@'))));
    }

    private void adopt(Tx tx, Server server, PowerState state) {
        if (server.taskState() != null || server.vmState() == VmState.BUILDING || server.powerState() == state) {
            return;
        }
        ServerChange change =
                base.servers().change(tx, server, base.clock().instant()).power(state);
        boolean ended = state == PowerState.SHUTDOWN || state == PowerState.CRASHED;
        if (ended && (server.vmState() == VmState.ACTIVE || server.vmState() == VmState.PAUSED)) {
            LOG.warn("Server {} stopped on its own", server.id());
            change.vm(VmState.STOPPED);
        }
        change.apply();
    }

    /** A guest of a server that was deleted goes at once; one that nobody knows might be on its way to be known. */
    private void stray(String host, String guestId) {
        Optional<Server> server = base.transactions().read(tx -> base.servers().findEver(tx, guestId));
        if (server.isPresent() && !server.get().isDeleted() && server.get().taskState() != null) {
            return;
        }
        boolean deleted = server.isPresent() && server.get().isDeleted();
        Instant now = base.clock().instant();
        Instant since = strays.computeIfAbsent(guestId + "@" + host, key -> now);
        if (deleted || since.plus(strayAfter).isBefore(now)) {
            LOG.warn("Guest {} on {} belongs to no server: it is removed", guestId, host);
            base.node(host).destroy(new ComputeNode.GuestRef(guestId));
            base.networks().unplug(guestId, host);
            strays.remove(guestId + "@" + host);
        }
    }
}

package io.nacre.nova.server.action;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.peer.Images;
import io.nacre.contracts.peer.Networks;
import io.nacre.contracts.peer.Placement;
import io.nacre.nova.NovaConfig;
import io.nacre.nova.NovaQuotas;
import io.nacre.nova.Peers;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.host.Liveness;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerStore;
import io.nacre.nova.server.TaskState;
import io.nacre.nova.server.VmState;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the sagas of servers stand on. */
public record ServerSagas(
        Transactions transactions,
        ServerStore servers,
        HostStore hosts,
        NovaQuotas quotas,
        Peers peers,
        InstantSource clock,
        NovaConfig config) {
    private static final int INTERNAL_ERROR = 500;

    /** Under which name the tasks of a server stand in line. */
    public static String resource(String serverId) {
        return "server/" + serverId;
    }

    public ComputeNode node(String host) {
        return peers.nodes().apply(host);
    }

    public Images images() {
        return peers.images();
    }

    public Networks networks() {
        return peers.networks();
    }

    public Placement placement() {
        return peers.placement();
    }

    public Liveness liveness() {
        return new Liveness(clock, config.serviceDownTime());
    }

    /** The server, for a step that makes no sense once it is being deleted. */
    Server live(Tx tx, String serverId) {
        Server server = servers.require(tx, serverId);
        if (server.taskState() == TaskState.DELETING) {
            throw Fault.conflict("Instance " + serverId + " is being deleted.");
        }
        return server;
    }

    /** The server, unless it is gone or somebody deletes it: then a failed saga has nothing to say any more. */
    Optional<Server> stillWanted(Tx tx, String serverId) {
        return servers.find(tx, serverId).filter(server -> server.taskState() != TaskState.DELETING);
    }

    /** Whether commands to a host make sense now. */
    boolean isReachable(@Nullable String host) {
        if (host == null) {
            return false;
        }
        return transactions.read(
                tx -> hosts.find(tx, host).map(liveness()::isUp).orElse(false));
    }

    Optional<ComputeHost> host(Tx tx, String name) {
        return hosts.find(tx, name);
    }

    /** What the user is told of a failed saga. */
    Server.Failure failure(String message, @Nullable String details) {
        return new Server.Failure(INTERNAL_ERROR, message, details, clock.instant());
    }

    /** Ends a failed saga: the server does nothing any more, and tells why. */
    void settle(Tx tx, Server server, @Nullable VmState state, Fault fault) {
        var change =
                servers.change(tx, server, clock.instant()).task(null).fault(failure(fault.message(), reason(fault)));
        if (state != null) {
            change.vm(state);
        }
        change.apply();
    }

    static @Nullable String reason(Fault fault) {
        Object reason = fault.details().get("reason");
        return reason == null ? null : reason.toString();
    }
}

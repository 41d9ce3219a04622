package io.nacre.nova.server.action;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.TaskState;
import io.nacre.nova.server.VmState;
import io.nacre.tasks.Saga;
import io.nacre.tasks.Tasks;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a server, in any state. It first stops whatever else goes on with it and stands in line behind that. On a host
 * that is down the guest is left to the reconciler, which removes it when the host is back.
 */
public final class ServerDelete {
    private static final Logger LOG = LoggerFactory.getLogger(ServerDelete.class);
    public static final String NAME = "server.delete";
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** With their pauses these take longer than service_down_time, after which it goes on without the host. */
    private static final int RETRIES = 10;

    /** @param host where it is once all else has ended; null for nowhere */
    public record State(String serverId, @Nullable String host) {}

    private final ServerSagas base;
    private final Tasks tasks;
    private final Saga<State> saga;

    public ServerDelete(ServerSagas base, Tasks tasks) {
        this.base = base;
        this.tasks = tasks;
        this.saga = Saga.named(NAME, State.class)
                .local("locate", this::locate)
                .remote("destroy", DEADLINE, RETRIES, this::destroy)
                .remote("unplug", DEADLINE, RETRIES, this::unplug)
                .local("forget", this::forget)
                .onFailure(this::failed);
    }

    public Saga<State> saga() {
        return saga;
    }

    /** Announces the end; one that was announced already goes on as it is. */
    public void start(Tx tx, Caller caller, Server server) {
        if (server.taskState() == TaskState.DELETING) {
            return;
        }
        base.servers()
                .change(tx, server, base.clock().instant())
                .task(TaskState.DELETING)
                .apply();
        tasks.cancel(tx, ServerSagas.resource(server.id()), "The server is being deleted.");
        startAgain(tx, caller, server);
    }

    /** For a server that is being deleted although no task does it. */
    public void startAgain(Tx tx, Caller caller, Server server) {
        String resource = ServerSagas.resource(server.id());
        tasks.start(tx, caller, saga, resource, new State(server.id(), server.host()));
    }

    private State locate(Tx tx, State state) {
        return new State(
                state.serverId(),
                base.servers().find(tx, state.serverId()).map(Server::host).orElse(null));
    }

    private State destroy(Saga.Context context, State state) {
        if (state.host() == null) {
            return state;
        }
        if (!base.isReachable(state.host())) {
            LOG.warn("Host {} is down: server {} is deleted without it", state.host(), state.serverId());
            return state;
        }
        base.node(state.host()).destroy(new ComputeNode.GuestRef(state.serverId()));
        return state;
    }

    private State unplug(Saga.Context context, State state) {
        if (state.host() != null && base.isReachable(state.host())) {
            base.networks().unplug(state.serverId(), state.host());
        }
        return state;
    }

    private State forget(Tx tx, State state) {
        base.networks().release(tx, state.serverId());
        base.placement().release(tx, state.serverId());
        Instant now = base.clock().instant();
        base.servers().find(tx, state.serverId()).ifPresent(server -> {
            base.quotas().release(tx, server.projectId(), server.flavor());
            base.servers()
                    .change(tx, server, now)
                    .vm(VmState.DELETED)
                    .task(null)
                    .power(ComputeNode.PowerState.NOSTATE)
                    .deletedAt(now)
                    .apply();
        });
        return state;
    }

    private void failed(Tx tx, State state, Fault fault) {
        base.servers().find(tx, state.serverId()).ifPresent(server -> base.settle(tx, server, VmState.ERROR, fault));
    }
}

package io.nacre.nova.server.action;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.node.ComputeNode.PowerAction;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerState;
import io.nacre.nova.server.VmState;
import io.nacre.tasks.Saga;
import io.nacre.tasks.Tasks;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Starts, stops, reboots, pauses and suspends: one command to the host, then the state it leads to. */
public final class ServerPower {
    /** How long a host may take beside the time that a guest gets to shut down. */
    private static final Duration HOST_LIMIT = Duration.ofMinutes(2);

    private static final Map<ServerState, PowerAction> ACTIONS = Map.of(
            ServerState.START, PowerAction.START,
            ServerState.STOP, PowerAction.STOP,
            ServerState.REBOOT_SOFT, PowerAction.REBOOT_SOFT,
            ServerState.REBOOT_HARD, PowerAction.REBOOT_HARD,
            ServerState.PAUSE, PowerAction.PAUSE,
            ServerState.UNPAUSE, PowerAction.UNPAUSE,
            ServerState.SUSPEND, PowerAction.SUSPEND,
            ServerState.RESUME, PowerAction.RESUME);

    /** Those that may begin a new hypervisor process, which needs its interfaces. */
    private static final Set<ServerState> NEED_INTERFACES =
            EnumSet.of(ServerState.START, ServerState.REBOOT_SOFT, ServerState.REBOOT_HARD, ServerState.RESUME);

    /** @param power what the host said it came to */
    public record State(
            String serverId, String host, ServerState action, List<ComputeNode.Vif> vifs, PowerState power) {}

    private final ServerSagas base;
    private final Tasks tasks;
    private final Map<String, Saga<State>> sagas = new LinkedHashMap<>();

    public ServerPower(ServerSagas base, Tasks tasks) {
        this.base = base;
        this.tasks = tasks;
        for (ServerState action : ServerState.values()) {
            if (ACTIONS.containsKey(action)) {
                sagas.computeIfAbsent(action.wire(), this::saga);
            }
        }
    }

    private Saga<State> saga(String action) {
        Duration deadline = base.config().shutdownTimeout().plus(HOST_LIMIT);
        return Saga.named("server." + action, State.class)
                .remote("plug", deadline, 2, this::plug)
                .remote("command", deadline, 1, this::command)
                .local("settle", this::settle)
                .onFailure(this::failed);
    }

    public List<Saga<State>> sagas() {
        return List.copyOf(sagas.values());
    }

    /** Begins an action that the server's state allows. */
    public void start(Tx tx, Caller caller, Server server, ServerState action) {
        action.require(server);
        String host = server.requireHost(action.wire());
        base.servers()
                .change(tx, server, base.clock().instant())
                .task(action.meanwhile())
                .apply();
        Saga<State> saga = sagas.get(action.wire());
        if (saga == null) {
            throw new IllegalArgumentException(action + " is no power action");
        }
        tasks.start(
                tx,
                caller,
                saga,
                ServerSagas.resource(server.id()),
                new State(server.id(), host, action, List.of(), server.powerState()));
    }

    private State plug(Saga.Context context, State state) {
        if (!NEED_INTERFACES.contains(state.action())) {
            return state;
        }
        List<ComputeNode.Vif> vifs = base.networks().plug(state.serverId(), state.host());
        return new State(state.serverId(), state.host(), state.action(), vifs, state.power());
    }

    private State command(Saga.Context context, State state) {
        PowerAction action = ACTIONS.get(state.action());
        if (action == null) {
            throw new IllegalStateException(state.action() + " is no power action");
        }
        ComputeNode.GuestReport report = base.node(state.host())
                .power(new ComputeNode.PowerCommand(
                        state.serverId(), action, base.config().shutdownTimeout(), state.vifs()));
        return new State(state.serverId(), state.host(), state.action(), state.vifs(), report.state());
    }

    private State settle(Tx tx, State state) {
        Server server = base.live(tx, state.serverId());
        base.servers()
                .change(tx, server, base.clock().instant())
                .vm(state.action().after())
                .task(null)
                .power(state.power())
                .apply();
        return state;
    }

    /** Only a hard reboot leaves nothing to go back to; after the others the server is what it was. */
    private void failed(Tx tx, State state, Fault fault) {
        VmState after = state.action() == ServerState.REBOOT_HARD ? VmState.ERROR : null;
        base.stillWanted(tx, state.serverId()).ifPresent(server -> base.settle(tx, server, after, fault));
    }
}

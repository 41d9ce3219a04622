package io.nacre.nova.server.action;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.peer.Networks;
import io.nacre.nova.metadata.GuestDocuments;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.TaskState;
import io.nacre.nova.server.VmState;
import io.nacre.tasks.Saga;
import io.nacre.tasks.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a new server to life. When a host fails it, all is taken back and a new attempt begins on another host.
 */
public final class ServerCreate {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCreate.class);
    public static final String NAME = "server.create";

    private static final Duration PLUG_DEADLINE = Duration.ofSeconds(60);

    /** What another host may do better; anything else would fail there too. */
    private static final Set<Fault.Kind> HOST_FAILED =
            EnumSet.of(Fault.Kind.INTERNAL, Fault.Kind.UNAVAILABLE, Fault.Kind.TIMEOUT, Fault.Kind.UPSTREAM);

    /**
     * @param wishes the interfaces, as neutron resolved them
     * @param onlyHost the only host that will do; null for any
     * @param onlyNode the only hypervisor that will do; null for any
     * @param failed hosts that have failed this server
     * @param lastFailure what the last of them said
     * @param host the host of this attempt; null before it is chosen
     * @param vifs the interfaces as they are plugged there
     */
    public record State(
            Caller caller,
            String serverId,
            List<Networks.Wish> wishes,
            List<String> securityGroups,
            @Nullable String onlyHost,
            @Nullable String onlyNode,
            List<String> failed,
            @Nullable String lastFailure,
            @Nullable String host,
            List<ComputeNode.Vif> vifs) {

        State at(String chosen) {
            return new State(
                    caller, serverId, wishes, securityGroups, onlyHost, onlyNode, failed, lastFailure, chosen, vifs);
        }

        State with(List<ComputeNode.Vif> plugged) {
            return new State(
                    caller, serverId, wishes, securityGroups, onlyHost, onlyNode, failed, lastFailure, host, plugged);
        }

        State elsewhere(String failure) {
            List<String> hosts = new ArrayList<>(failed);
            hosts.add(requireHost());
            return new State(
                    caller, serverId, wishes, securityGroups, onlyHost, onlyNode, hosts, failure, null, List.of());
        }

        String requireHost() {
            if (host == null) {
                throw new IllegalStateException("no host was chosen for " + serverId);
            }
            return host;
        }
    }

    private final ServerSagas base;
    private final HostChoice choice;
    private final GuestDocuments documents;
    private final Tasks tasks;
    private final Saga<State> saga;

    public ServerCreate(ServerSagas base, HostChoice choice, GuestDocuments documents, Tasks tasks) {
        this.base = base;
        this.choice = choice;
        this.documents = documents;
        this.tasks = tasks;
        this.saga = Saga.named(NAME, State.class)
                .local("schedule", this::schedule)
                .undo(this::unclaim)
                .local("allocate_ports", this::allocatePorts)
                .undo(this::releasePorts)
                .remote("plug", PLUG_DEADLINE, 2, this::plug)
                .undoRemote(this::unplug)
                .remote("spawn", base.config().buildTimeout(), 1, this::spawn)
                .undoRemote(this::destroy)
                .local("activate", this::activate)
                .onFailure(this::failed);
    }

    public Saga<State> saga() {
        return saga;
    }

    /** Begins with a server whose row was written in the same transaction. */
    public void start(
            Tx tx,
            Caller caller,
            Server server,
            List<Networks.Wish> wishes,
            List<String> securityGroups,
            @Nullable String host,
            @Nullable String node) {
        start(tx, new State(caller, server.id(), wishes, securityGroups, host, node, List.of(), null, null, List.of()));
    }

    private void start(Tx tx, State state) {
        tasks.start(tx, state.caller(), saga, ServerSagas.resource(state.serverId()), state);
    }

    private State schedule(Tx tx, State state) {
        Server server = base.live(tx, state.serverId());
        Server.Place place =
                choice.claim(tx, server, state.onlyHost(), state.onlyNode(), new HashSet<>(state.failed()));
        base.servers()
                .change(tx, server, base.clock().instant())
                .task(TaskState.NETWORKING)
                .place(place)
                .apply();
        return state.at(place.host());
    }

    private State unclaim(Tx tx, State state) {
        base.placement().release(tx, state.serverId());
        base.servers()
                .find(tx, state.serverId())
                .ifPresent(server -> base.servers()
                        .change(tx, server, base.clock().instant())
                        .place(null)
                        .apply());
        return state;
    }

    private State allocatePorts(Tx tx, State state) {
        Server server = base.live(tx, state.serverId());
        base.networks()
                .allocate(
                        tx,
                        state.caller(),
                        new Networks.Allocation(
                                server.id(),
                                server.hostname(),
                                server.projectId(),
                                state.wishes(),
                                state.securityGroups()));
        base.networks().bind(tx, server.id(), state.requireHost());
        base.servers()
                .change(tx, server, base.clock().instant())
                .task(TaskState.SPAWNING)
                .apply();
        return state;
    }

    private State releasePorts(Tx tx, State state) {
        base.networks().release(tx, state.serverId());
        return state;
    }

    private State plug(Saga.Context context, State state) {
        return state.with(base.networks().plug(state.serverId(), state.requireHost()));
    }

    /** A host that is down keeps what it has until it is back: its reconciler removes it then. */
    private State unplug(Saga.Context context, State state) {
        if (base.isReachable(state.host())) {
            base.networks().unplug(state.serverId(), state.requireHost());
        }
        return state.with(List.of());
    }

    private State spawn(Saga.Context context, State state) {
        // The source's token lives briefly: it is asked for anew each time and never journalled.
        ComputeNode.ImageSource image = image(state.serverId());
        ComputeNode.GuestSpec spec = base.transactions().write(tx -> {
            Server server = base.live(tx, state.serverId());
            return GuestSpecs.of(server, state.vifs(), image, configDrive(tx, server));
        });
        base.node(state.requireHost()).spawn(spec);
        return state;
    }

    private ComputeNode.@Nullable ImageSource image(String serverId) {
        String imageId =
                base.transactions().read(tx -> base.live(tx, serverId).source().imageId());
        return imageId == null ? null : base.images().source(imageId);
    }

    private @Nullable Map<String, byte[]> configDrive(Tx tx, Server server) {
        if (!server.login().configDrive()) {
            return null;
        }
        List<Networks.Port> ports =
                base.networks().ports(tx, List.of(server.id())).getOrDefault(server.id(), List.of());
        return documents.files(server, ports);
    }

    private State destroy(Saga.Context context, State state) {
        if (base.isReachable(state.host())) {
            base.node(state.requireHost()).destroy(new ComputeNode.GuestRef(state.serverId()));
        }
        return state;
    }

    private State activate(Tx tx, State state) {
        Server server = base.live(tx, state.serverId());
        base.servers()
                .change(tx, server, base.clock().instant())
                .vm(VmState.ACTIVE)
                .task(null)
                .power(ComputeNode.PowerState.RUNNING)
                .launchedAt(base.clock().instant())
                .apply();
        return state;
    }

    private void failed(Tx tx, State state, Fault fault) {
        Optional<Server> found = base.stillWanted(tx, state.serverId());
        if (found.isEmpty()) {
            return;
        }
        boolean another = state.host() != null
                && HOST_FAILED.contains(fault.kind())
                && state.failed().size() + 1 < base.config().maxAttempts();
        if (another) {
            LOG.warn(
                    "Host {} failed server {}, another one is tried: {}",
                    state.host(),
                    state.serverId(),
                    fault.message());
            base.servers()
                    .change(tx, found.get(), base.clock().instant())
                    .task(TaskState.SCHEDULING)
                    .apply();
            start(tx, state.elsewhere(fault.message()));
            return;
        }
        String last = state.host() == null ? state.lastFailure() : fault.message();
        String message = last == null ? fault.message() : "Exceeded maximum number of retries. " + last;
        base.servers()
                .change(tx, found.get(), base.clock().instant())
                .vm(VmState.ERROR)
                .task(null)
                .fault(base.failure(message, ServerSagas.reason(fault)))
                .apply();
    }
}

package io.nacre.launcher;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.bus.Bus;
import io.nacre.bus.Claim;
import io.nacre.bus.LocalBus;
import io.nacre.bus.RabbitBus;
import io.nacre.bus.RabbitConfig;
import io.nacre.config.InvalidSettings;
import io.nacre.config.Settings;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What one process holds of a cloud: a controller, a node agent, or both. */
final class Cloud implements AutoCloseable {
    /** In the order in which they were started. */
    private final Deque<AutoCloseable> parts;

    private final String welcome;

    private Cloud(Deque<AutoCloseable> parts, String welcome) {
        this.parts = parts;
        this.welcome = welcome;
    }

    /** @param install whether missing packages are installed rather than named */
    static Cloud start(Role role, State state, Settings settings, boolean install)
            throws IOException, InterruptedException {
        Sections sections = Sections.read(settings, state.directory());
        if (role.hasAgent()) {
            NodeAgent.requirements(sections).ensure(install);
        }
        requireBroker(role, sections.notifications());
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            Ids ids = Ids.secure();
            Bus bus = role == Role.ALL ? new LocalBus() : rabbit(sections.rabbit(), ids);
            parts.push(bus);
            Controller controller = null;
            if (role.hasController()) {
                parts.push(claim(bus, "controller", state, sections.cloud(), ids));
                state.unpackHere();
                controller = Controller.make(state, sections, bus, ids);
                parts.push(controller);
            }
            if (role.hasAgent()) {
                parts.push(claim(bus, "agent", state, sections.cloud(), ids));
                parts.push(NodeAgent.start(state.file("agent"), sections, bus));
            }
            if (controller != null) {
                controller.open(role.hasAgent());
            }
            return new Cloud(parts, welcome(role, state, sections.cloud()));
        } catch (IOException | InterruptedException | RuntimeException e) {
            close(parts);
            throw e;
        }
    }

    private static void requireBroker(Role role, NotificationsConfig notifications) {
        if (role == Role.ALL && notifications.driver() == NotificationsConfig.Driver.MESSAGINGV2) {
            throw new InvalidSettings(List.of("[notifications] driver messagingv2 needs RabbitMQ, over which only"
                    + " `nacre controller` and `nacre agent` talk, not `nacre up`"));
        }
    }

    private static Bus rabbit(RabbitConfig config, Ids ids) {
        try {
            RabbitBus bus = new RabbitBus(config, ids);
            try {
                bus.requireConnection();
                return bus;
            } catch (FaultException e) {
                bus.close();
                throw Fault.unavailable("The bus cannot be used, see [rabbit] in the settings: " + reason(e))
                        .because(e);
            }
        } catch (IllegalStateException e) {
            throw Fault.unavailable(e.getMessage() + ", see [rabbit] in the settings.")
                    .because(e);
        }
    }

    /** Faults carry what is not for users as their cause. */
    private static String reason(FaultException e) {
        Throwable cause = e.getCause();
        return cause == null ? e.fault().message() : String.valueOf(cause.getMessage());
    }

    /** Two that answer to one name would share each other's work, and guests. */
    private static Claim claim(Bus bus, String kind, State state, CloudConfig cloud, Ids ids) {
        try {
            return Claim.take(
                    bus,
                    kind + "." + cloud.host(),
                    ids.uuid(),
                    "process " + ProcessHandle.current().pid() + " on " + CloudConfig.hostName()
                            + " with the state directory " + state.directory());
        } catch (FaultException e) {
            if (e.is(Fault.Kind.CONFLICT)) {
                throw Fault.conflict("There is another " + kind + " by the name " + cloud.host() + ". " + e.getMessage()
                        + "\n  give each a name of its own:  [cloud] host = \"...\"");
            }
            throw e;
        }
    }

    private static String welcome(Role role, State state, CloudConfig cloud) throws IOException {
        if (!role.hasController()) {
            return "Nacre's node agent is up on " + cloud.host() + ".\nThe log is " + state.file("log/nacre.log")
                    + "\n";
        }
        return Welcome.text(
                state,
                cloud,
                ClientFiles.write(
                        state,
                        cloud,
                        Secrets.of(cloud.shared(state.directory())).get(Secrets.ADMIN)));
    }

    /** What a person is told when everything answers. */
    String welcome() {
        return welcome;
    }

    /** The node first: what it would report after the controller is gone, nobody would hear. */
    @Override
    public void close() {
        close(parts);
    }

    private static void close(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

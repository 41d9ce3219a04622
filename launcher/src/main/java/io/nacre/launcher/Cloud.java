package io.nacre.launcher;

import io.nacre.base.Ids;
import io.nacre.bus.Bus;
import io.nacre.bus.LocalBus;
import io.nacre.bus.RabbitBus;
import io.nacre.config.Settings;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What one process holds of a cloud: a controller, a node agent, or both. */
final class Cloud implements AutoCloseable {
    private final Bus bus;
    private final @Nullable Controller controller;
    private final @Nullable NodeAgent node;
    private final String welcome;

    private Cloud(Bus bus, @Nullable Controller controller, @Nullable NodeAgent node, String welcome) {
        this.bus = bus;
        this.controller = controller;
        this.node = node;
        this.welcome = welcome;
    }

    /** @param install whether missing packages are installed rather than named */
    static Cloud start(Role role, State state, Settings settings, boolean install)
            throws IOException, InterruptedException {
        Sections sections = Sections.read(settings, state);
        if (role.hasAgent()) {
            NodeAgent.requirements(sections).ensure(install);
        }
        Bus bus = role == Role.ALL ? new LocalBus() : new RabbitBus(sections.rabbit(), Ids.secure());
        Controller controller = role.hasController() ? Controller.make(state, sections, bus, role == Role.ALL) : null;
        NodeAgent node = role.hasAgent() ? NodeAgent.start(state.file("agent"), sections, bus) : null;
        if (controller != null) {
            controller.open(node != null);
        }
        return new Cloud(bus, controller, node, welcome(role, state, sections.cloud()));
    }

    private static String welcome(Role role, State state, CloudConfig cloud) throws IOException {
        if (!role.hasController()) {
            return "Nacre's node agent is up on " + cloud.host() + ".\nThe log is " + state.file("log/nacre.log")
                    + "\n";
        }
        return Welcome.text(state, cloud, ClientFiles.write(state, cloud, state.secret("admin-password")));
    }

    /** What a person is told when everything answers. */
    String welcome() {
        return welcome;
    }

    /** The node first: what it would report after the controller is gone, nobody would hear. */
    @Override
    public void close() {
        if (node != null) {
            node.close();
        }
        if (controller != null) {
            controller.close();
        }
        bus.close();
    }
}

package io.nacre.launcher;

import io.nacre.config.Settings;
import java.io.IOException;

/** A controller and a node agent in one process, over the bus within it. */
final class Cloud implements AutoCloseable {
    private final Controller controller;
    private final String welcome;

    private Cloud(Controller controller, String welcome) {
        this.controller = controller;
        this.welcome = welcome;
    }

    /** @param install whether missing packages are installed rather than named */
    static Cloud start(State state, Settings settings, boolean install) throws IOException {
        CloudConfig cloud = settings.section("cloud", CloudConfig.defaults());
        Controller controller = Controller.start(state, settings, cloud);
        ClientFiles files = ClientFiles.write(state, cloud, state.secret("admin-password"));
        return new Cloud(controller, Welcome.text(state, cloud, files));
    }

    /** What a person is told when every API answers. */
    String welcome() {
        return welcome;
    }

    @Override
    public void close() {
        controller.close();
    }
}

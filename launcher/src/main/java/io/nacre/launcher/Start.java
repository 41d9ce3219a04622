package io.nacre.launcher;

import io.nacre.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What starts a process of a cloud; the commands differ in what it holds. */
@Command(mixinStandardHelpOptions = true)
abstract sealed class Start implements Callable<Integer> {
    /** Controller and node agent in one process. */
    @Command(name = "up", description = "Start the cloud: controller and node agent in one process.")
    static final class Up extends Start {
        Up() {
            super("up", Role.ALL);
        }
    }

    @Command(name = "controller", description = "Start a controller alone, over the bus and database of the settings.")
    static final class ControllerOnly extends Start {
        ControllerOnly() {
            super("controller", Role.CONTROLLER);
        }
    }

    @Command(name = "agent", description = "Start a node agent alone, over the bus of the settings.")
    static final class AgentOnly extends Start {
        AgentOnly() {
            super("agent", Role.AGENT);
        }
    }

    private final String command;
    private final Role role;

    private Start(String command, Role role) {
        this.command = command;
        this.role = role;
    }

    @Mixin
    private StateOption state = new StateOption();

    @Option(names = "--listen", paramLabel = "ADDRESS", description = "Address to listen on (default: 127.0.0.1).")
    private @Nullable String listen;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            description = "Added to every standard port, for several clouds side by side.")
    private int portOffset;

    @Mixin
    private SettingsOption settings = new SettingsOption();

    @Option(names = "--install", description = "Install the Debian packages that are missing.")
    private boolean install;

    @Option(names = "--detach", description = "Return when every API answers; the cloud goes on.")
    private boolean detach;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = state.directory();
        Optional<Long> owner = State.owner(directory);
        if (owner.isPresent()) {
            System.out.println("Nacre is already running on " + directory + " (process " + owner.get() + ").");
            return 0;
        }
        if (detach) {
            System.out.print(Detached.start(directory, arguments(directory)));
            return 0;
        }
        return run(directory);
    }

    private int run(Path directory) throws IOException, InterruptedException {
        State.make(directory);
        Log.to(directory.resolve("log"));
        CountDownLatch signal = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        // The process ends when its hooks do: this one lets everything be closed first.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            signal.countDown();
            await(closed);
        }));
        try (State owned = State.take(directory);
                Cloud cloud = Cloud.start(role, owned, settings(directory), install)) {
            System.out.print(cloud.welcome());
            System.out.flush();
            owned.ready(cloud.welcome());
            signal.await();
            System.out.println("Stopping; guests keep running.");
        } finally {
            closed.countDown();
        }
        return 0;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Settings settings(Path directory) {
        Settings read = settings.read(directory);
        if (listen != null) {
            read.override("cloud.listen=" + listen);
        }
        if (portOffset != 0) {
            read.override("cloud.port_offset=" + portOffset);
        }
        return read;
    }

    private List<String> arguments(Path directory) {
        List<String> arguments = new ArrayList<>(List.of(command, "--state", directory.toString()));
        if (listen != null) {
            arguments.addAll(List.of("--listen", listen));
        }
        if (install) {
            arguments.add("--install");
        }
        arguments.addAll(List.of("--port-offset", Integer.toString(portOffset)));
        arguments.addAll(settings.arguments());
        return arguments;
    }
}

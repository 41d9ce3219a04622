package io.nacre.launcher;

import io.nacre.base.Fault;
import io.nacre.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Start the cloud: controller and node agent in one process.")
final class Up implements Callable<Integer> {
    private static final Duration DETACH_LIMIT = Duration.ofMinutes(2);

    @Mixin
    private StateOption state = new StateOption();

    @Option(names = "--listen", paramLabel = "ADDRESS", description = "Address to listen on (default: 127.0.0.1).")
    private @Nullable String listen;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            description = "Added to every standard port, for several clouds side by side.")
    private int portOffset;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in TOML (default: nacre.toml in the state directory).")
    private @Nullable Path config;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "SECTION.KEY=VALUE",
            description = "One setting, above the file.")
    private List<String> options = new ArrayList<>();

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
        return detach ? detach(directory) : run(directory);
    }

    private int run(Path directory) throws IOException, InterruptedException {
        Log.to(directory.resolve("log"));
        try (State owned = State.take(directory)) {
            Cloud cloud = Cloud.start(owned, settings(directory), install);
            CountDownLatch stopped = new CountDownLatch(1);
            // The signal's thread waits until everything is closed: the process must not end before.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                System.out.println("Stopping; guests keep running.");
                cloud.close();
                stopped.countDown();
            }));
            System.out.print(cloud.welcome());
            System.out.flush();
            Files.writeString(owned.file("ready"), cloud.welcome());
            stopped.await();
        }
        return 0;
    }

    private Settings settings(Path directory) {
        Settings settings = new Settings();
        Path file = config != null ? config : directory.resolve("nacre.toml");
        if (config != null || Files.exists(file)) {
            settings.file(file);
        }
        settings.environment(System.getenv());
        if (listen != null) {
            settings.override("cloud.listen=" + listen);
        }
        if (portOffset != 0) {
            settings.override("cloud.port_offset=" + portOffset);
        }
        options.forEach(settings::override);
        return settings;
    }

    /** Starts the same command once more, in a session of its own, and waits until it says that it is ready. */
    private static int detach(Path directory) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        ProcessHandle.Info me = ProcessHandle.current().info();
        command.add(me.command().orElseThrow());
        for (String argument : me.arguments().orElseThrow()) {
            if (!argument.equals("--detach")) {
                command.add(argument);
            }
        }
        Path output = directory.resolve("log").resolve("console.log");
        Files.createDirectories(output.getParent());
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Path ready = directory.resolve("ready");
        Instant limit = Instant.now().plus(DETACH_LIMIT);
        while (Instant.now().isBefore(limit)) {
            if (State.owner(directory).isPresent() && Files.exists(ready)) {
                System.out.print(Files.readString(ready));
                return 0;
            }
            if (!process.isAlive() && State.owner(directory).isEmpty()) {
                System.err.print(Files.readString(output));
                return 1;
            }
            Thread.sleep(20);
        }
        throw Fault.unavailable("Nacre did not answer within " + DETACH_LIMIT.toSeconds() + " s, see " + output + ".");
    }
}

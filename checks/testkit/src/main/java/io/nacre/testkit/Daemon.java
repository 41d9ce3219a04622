package io.nacre.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server program that a test starts, on loopback, and that dies with the test's JVM however that dies. */
final class Daemon {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Path log;

    private Daemon(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** @throws IllegalStateException when the program is missing, naming the package that has it */
    static Daemon start(List<String> command, Map<String, String> environment, Path log, String aptPackage) {
        if (!Files.isExecutable(Path.of(command.getFirst()))) {
            throw new IllegalStateException(command.getFirst() + " is missing: apt-get install " + aptPackage);
        }
        List<String> all = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all)
                .directory(log.resolveSibling("").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        // The kernel signals the child when the thread that made it ends, so that thread stays.
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread.ofPlatform().name("daemon " + log.getFileName()).daemon().start(() -> {
            try {
                Process process = builder.start();
                process.getOutputStream().close();
                started.complete(process);
                process.waitFor();
            } catch (IOException | InterruptedException e) {
                started.completeExceptionally(e);
            }
        });
        return new Daemon(started.join(), log);
    }

    void awaitPort(int port) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    kill();
                    throw new IllegalStateException("it does not listen on port " + port + ": " + tail(), e);
                }
            }
            pause();
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks it to end, and waits until it has. */
    void stop() {
        process.destroy();
        await();
    }

    /** Ends it without a chance to tidy up. */
    void kill() {
        process.destroyForcibly();
        await();
    }

    /** Makes it stand still as one that hangs: it is there, and answers nothing until it is thawed. */
    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("it cannot be sent " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void await() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("it does not end: " + tail());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new folder, in memory where the machine has a /dev/shm. */
    static Path folder(String name) {
        Path memory = Path.of("/dev/shm");
        Path parent = Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
        try {
            return Files.createTempDirectory(
                    parent, DatabaseServer.PREFIX + ProcessHandle.current().pid() + "-" + name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

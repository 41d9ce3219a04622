package io.nacre.compute.qemu;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.compute.Command;
import io.nacre.compute.DiskFull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A guest's QEMU as a process of the host.
 *
 * <p>It is started by {@code setsid}, not with QEMU's own {@code -daemonize}: that cannot be combined with the full
 * sandbox (which forbids setsid and fork), and it would throw away QEMU's later complaints. Its own session and files
 * instead of pipes are what lets it outlive the agent.
 */
final class QemuProcess {
    private static final Logger LOG = LoggerFactory.getLogger(QemuProcess.class);
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration KILL = Duration.ofSeconds(20);
    /** A guest's process needs none of root's powers: devices are there before it starts, files are its owner's. */
    private static final List<String> POWERLESS =
            List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs");

    private static final int WORDS = 300;

    private QemuProcess() {}

    /**
     * Starts QEMU and waits until it answers.
     *
     * @param namespace network namespace to run in; null for ours
     * @throws FaultException with QEMU's own words when it ends instead; nothing is left running
     */
    static Qmp start(GuestDirectory files, List<String> qemu, @Nullable String namespace, Consumer<Qmp.Event> events) {
        List<String> words = new ArrayList<>(List.of("setsid"));
        if (namespace != null) {
            words.addAll(List.of("ip", "netns", "exec", namespace));
        }
        if (ProcessHandle.current().info().user().orElse("").equals("root")) {
            words.addAll(POWERLESS);
        }
        words.addAll(qemu);
        files.deleteSockets();
        ProcessBuilder builder = new ProcessBuilder(words);
        Command.environment(builder);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        // appended, not just written to, so that it can be cut while it is open
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo(files.processLog().toFile()));
        builder.redirectErrorStream(true);
        Process process;
        try {
            Files.deleteIfExists(files.processLog());
            Files.deleteIfExists(files.pidFile());
            process = builder.start();
        } catch (IOException e) {
            throw DiskFull.fault("a process", e);
        }
        return await(files, process, events);
    }

    private static Qmp await(GuestDirectory files, Process process, Consumer<Qmp.Event> events) {
        long end = System.nanoTime() + START.toNanos();
        try {
            while (System.nanoTime() < end) {
                boolean listening = Files.exists(files.qmp());
                if (process.waitFor(listening ? 1 : 5, TimeUnit.MILLISECONDS)) {
                    throw refused(files);
                }
                if (listening) {
                    try {
                        return Qmp.connect(files.qmp(), CONNECT, events);
                    } catch (IOException e) {
                        LOG.debug("QEMU is not ready yet, or ended at once", e);
                    }
                }
            }
            process.destroyForcibly();
            throw Fault.internal("The hypervisor did not start the guest in " + START.toSeconds() + " s.");
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The agent is stopping.").because(e);
        }
    }

    static FaultException refused(GuestDirectory files) {
        String words = "";
        try {
            words = Files.readString(files.processLog(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            words = "it said nothing";
        }
        if (words.contains("Cannot allocate memory")) {
            return Fault.unavailable("The host has not enough memory for the guest.");
        }
        return Fault.internal("The hypervisor could not start the guest: " + plain(words));
    }

    /** The end of what a tool said, without the names of our directories, which are nobody's business. */
    static String plain(String words) {
        String[] lines = words.strip().split("\n");
        String last = String.join(" ", Arrays.asList(lines).subList(Math.max(0, lines.length - 3), lines.length));
        String plain = last.replaceAll("(/[^/\\s'\",:]+)+/", "")
                .replaceAll("(qemu-system-x86_64|qemu-img): ", "")
                .strip();
        return plain.length() > WORDS ? plain.substring(0, WORDS) + " ..." : plain;
    }

    /** The guest's process; empty when it has ended, even if its number is another process's by now. */
    static Optional<ProcessHandle> find(GuestDirectory files) {
        try {
            long pid = Long.parseLong(Files.readString(files.pidFile()).strip());
            String line = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.UTF_8);
            boolean ours = List.of(line.split("\0")).contains(files.pidFile().toString());
            return ours ? ProcessHandle.of(pid) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether the process has ended within the time. */
    static boolean awaitEnd(GuestDirectory files, Duration limit) {
        Optional<ProcessHandle> process = find(files);
        if (process.isEmpty()) {
            return true;
        }
        try {
            process.get().onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return find(files).isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends the process by force; afterwards there is none. */
    static void kill(GuestDirectory files) {
        find(files).ifPresent(ProcessHandle::destroyForcibly);
        if (!awaitEnd(files, KILL)) {
            throw Fault.internal("The guest's hypervisor process does not end.");
        }
    }
}

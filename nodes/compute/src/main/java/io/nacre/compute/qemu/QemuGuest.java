package io.nacre.compute.qemu;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.contracts.node.ComputeNode.GuestReport;
import io.nacre.contracts.node.ComputeNode.PowerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** One guest: its directory, its record, and the connection to its process while there is one. */
final class QemuGuest {
    private static final Logger LOG = LoggerFactory.getLogger(QemuGuest.class);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    /** What a listing of all guests may be held up by one that hangs. */
    private static final Duration STATUS = Duration.ofSeconds(3);

    private static final Duration END = Duration.ofSeconds(5);
    /** A guest that is still booting does not hear the power button, so it is pressed again. */
    private static final Duration PRESS_AGAIN = Duration.ofSeconds(10);

    private static final Duration RECONNECT = Duration.ofSeconds(5);
    private static final Set<String> NEWS = Set.of("SHUTDOWN", "STOP", "RESUME", "GUEST_PANICKED", "SUSPEND", "WAKEUP");

    /** What guests of one host have in common. */
    record Host(Path images, QemuProgram program, @Nullable String namespace, Consumer<String> stirred) {}

    private final Host host;
    private final GuestDirectory files;
    private volatile GuestRecord record;
    private volatile @Nullable Qmp qmp;

    QemuGuest(Host host, GuestDirectory files, GuestRecord record) {
        this.host = host;
        this.files = files;
        this.record = record;
    }

    GuestDirectory files() {
        return files;
    }

    GuestRecord record() {
        return record;
    }

    void write(GuestRecord next) {
        files.write(next);
        record = next;
    }

    GuestReport report() {
        Qmp now = qmp;
        if (now != null) {
            try {
                return report(now.execute("query-status", Map.of(), STATUS));
            } catch (IOException | QmpError e) {
                LOG.debug("Guest {} does not answer", record.id(), e);
                if (now.closed().isDone()) {
                    // a process that ends closes its connection a little earlier
                    QemuProcess.awaitEnd(files, END);
                }
            }
        }
        if (QemuProcess.find(files).isPresent()) {
            return new GuestReport(record.id(), PowerState.NOSTATE, "The hypervisor does not answer.");
        }
        boolean saved = Files.exists(files.memory());
        return new GuestReport(record.id(), saved ? PowerState.SUSPENDED : PowerState.SHUTDOWN, null);
    }

    /** QEMU's run states (qapi/run-state.json) as power states. */
    private GuestReport report(JsonNode answer) {
        String status = answer.path("status").asString("");
        PowerState state = switch (status) {
            case "running" -> PowerState.RUNNING;
            case "paused",
                    "prelaunch",
                    "debug",
                    "io-error",
                    "watchdog",
                    "postmigrate",
                    "finish-migrate",
                    "save-vm",
                    "restore-vm",
                    "colo",
                    "suspended" -> PowerState.PAUSED;
            case "shutdown" -> PowerState.SHUTDOWN;
            case "guest-panicked", "internal-error" -> PowerState.CRASHED;
            default -> PowerState.NOSTATE;
        };
        String reason = switch (status) {
            case "io-error" -> "The guest was stopped by an error of its disk, which may be out of space.";
            case "internal-error" -> "The hypervisor came to a stop at an internal error.";
            case "guest-panicked" -> "The guest's system has crashed.";
            default -> null;
        };
        return new GuestReport(record.id(), state, reason);
    }

    /** QEMU's own word for what it does; null when it does not answer. */
    private @Nullable String status() {
        Qmp now = qmp;
        try {
            return now == null
                    ? null
                    : now.execute("query-status", Map.of(), ANSWER)
                            .path("status")
                            .asString("");
        } catch (IOException | QmpError e) {
            LOG.debug("Guest {} does not answer", record.id(), e);
            return null;
        }
    }

    /** Connects to the process of an earlier run and puts an end to what was interrupted there. */
    void adopt() {
        if (QemuProcess.find(files).isEmpty()) {
            files.deleteSockets();
            return;
        }
        try {
            watch(Qmp.connect(files.qmp(), ANSWER, this::event));
        } catch (IOException e) {
            LOG.warn("Guest {} runs but does not answer", record.id(), e);
            watchUnconnected();
            return;
        }
        String status = status();
        boolean neverRan = "prelaunch".equals(status) || "inmigrate".equals(status);
        boolean saved = Files.exists(files.memory()) && !"running".equals(status);
        if (neverRan || saved) {
            LOG.info("Guest {} was being started, stopped or resumed ({}); it is shut down", record.id(), status);
            end();
        }
    }

    /** Starts a process that takes up saved memory, if there is some, and lets the guest run. */
    void start() {
        QemuProcess.kill(files);
        TapDevices.check(record.vifs());
        String namespace = record.nics().isEmpty()
                ? host.namespace()
                : record.nics().getFirst().vif().namespace();
        write(record.in(namespace));
        boolean saved = Files.exists(files.memory());
        List<String> words = new ArrayList<>(
                QemuArguments.of(record, files, image(), host.program().kvm()));
        if (saved) {
            words.addAll(List.of("-incoming", "defer"));
        }
        try {
            Qmp started = QemuProcess.start(files, words, namespace, this::event);
            watch(started);
            if (saved) {
                SavedMemory.load(started, files);
                // before the guest runs: from then on its disk no longer fits this memory
                Files.delete(files.memory());
            }
            command("cont", Map.of());
        } catch (IOException | RuntimeException e) {
            end();
            throw e instanceof FaultException fault
                    ? fault
                    : Fault.internal("The hypervisor could not start the guest.")
                            .because(e);
        }
    }

    private @Nullable Path image() {
        if (record.spec().image() == null) {
            return null;
        }
        Path image = host.images().resolve(record.spec().image().imageId());
        if (!Files.exists(image)) {
            throw Fault.internal("The image of the guest is missing on the host.");
        }
        return image;
    }

    /** Presses the power button and waits for the guest to go; whether it went. */
    boolean shutDown(Duration grace) {
        long end = System.nanoTime() + grace.toNanos();
        Qmp now = qmp;
        while (now != null && System.nanoTime() < end) {
            try {
                now.execute("system_powerdown", Map.of(), ANSWER);
                long wait = Math.min(PRESS_AGAIN.toNanos(), end - System.nanoTime());
                now.closed().get(wait, TimeUnit.NANOSECONDS);
                return QemuProcess.awaitEnd(files, END);
            } catch (TimeoutException e) {
                LOG.debug("Guest {} is still there", record.id(), e);
            } catch (IOException | QmpError | ExecutionException e) {
                LOG.debug("Guest {} does not answer", record.id(), e);
                return QemuProcess.awaitEnd(files, END);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.unavailable("The agent is stopping.").because(e);
            }
        }
        return false;
    }

    /** Ends the process, if there is one, as pulling the plug does. */
    void end() {
        Qmp now = qmp;
        qmp = null;
        if (now != null) {
            try {
                now.execute("quit", Map.of(), END);
            } catch (IOException | QmpError e) {
                LOG.debug("Guest {} does not quit", record.id(), e);
            }
            now.close();
        }
        if (now == null || !QemuProcess.awaitEnd(files, END)) {
            QemuProcess.kill(files);
        }
        files.deleteSockets();
    }

    /** Saves the guest's memory and ends its process. */
    void suspend() {
        Qmp now = connected();
        boolean ran = "running".equals(status());
        command("stop", Map.of());
        try {
            SavedMemory.save(now, files);
        } catch (FaultException e) {
            if (ran) {
                command("cont", Map.of());
            }
            throw e;
        }
        end();
    }

    private Qmp connected() {
        Qmp now = qmp;
        if (now == null) {
            throw Fault.internal("The guest's hypervisor does not answer.");
        }
        return now;
    }

    /**
     * Sends a command that is expected to succeed.
     *
     * @throws QmpError when QEMU refuses
     * @throws FaultException when QEMU does not answer
     */
    JsonNode command(String name, Map<String, ?> arguments) {
        try {
            return connected().execute(name, arguments, ANSWER);
        } catch (IOException e) {
            throw Fault.internal("The guest's hypervisor does not answer.").because(e);
        }
    }

    Qmp.Expected expect(String event, String device) {
        return connected()
                .expect(event, data -> data.path("device").asString("").equals(device));
    }

    boolean kvm() {
        return host.program().kvm();
    }

    private void event(Qmp.Event event) {
        if (NEWS.contains(event.name())) {
            host.stirred().accept(record.id());
        }
    }

    private void watch(Qmp connection) {
        qmp = connection;
        Thread.ofVirtual().name("watch-" + record.id()).start(() -> {
            connection.closed().join();
            // an end that we brought about has taken the connection away before
            if (connection.equals(qmp)) {
                lost();
            }
        });
    }

    private void watchUnconnected() {
        Thread.ofVirtual().name("watch-" + record.id()).start(this::lost);
    }

    /** The connection is gone: the process is too, or it answers again some time. */
    private void lost() {
        Qmp before = qmp;
        while (!QemuProcess.awaitEnd(files, RECONNECT)) {
            if (before != qmp || Thread.currentThread().isInterrupted()) {
                return;
            }
            try {
                watch(Qmp.connect(files.qmp(), ANSWER, this::event));
                break;
            } catch (IOException e) {
                LOG.debug("Guest {} does not answer", record.id(), e);
            }
        }
        host.stirred().accept(record.id());
    }

    /** Lets go of the process, which goes on. */
    void release() {
        Qmp now = qmp;
        qmp = null;
        if (now != null) {
            now.close();
        }
    }
}

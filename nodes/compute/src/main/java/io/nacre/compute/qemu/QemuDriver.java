package io.nacre.compute.qemu;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.compute.ComputeConfig;
import io.nacre.compute.DiskFull;
import io.nacre.compute.HostFacts;
import io.nacre.compute.HypervisorDriver;
import io.nacre.compute.Specs;
import io.nacre.compute.image.CachedImage;
import io.nacre.contracts.node.ComputeNode.GuestReport;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.HostReport;
import io.nacre.contracts.node.ComputeNode.ImageSource;
import io.nacre.contracts.node.ComputeNode.PowerCommand;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Guests as QEMU processes of this host. */
public final class QemuDriver implements HypervisorDriver {
    private static final Logger LOG = LoggerFactory.getLogger(QemuDriver.class);
    private static final Duration LOG_CHECK = Duration.ofSeconds(2);
    private static final long PROCESS_LOG = 256 * 1024;
    /** A socket's name has at most 107 bytes; the longest of ours in a guest's directory takes 50. */
    private static final int LONGEST_DIRECTORY = 107 - 50;

    private final ComputeConfig config;
    private final Path directory;
    private final Path sockets;
    private final Path images;
    private final InstantSource clock;
    private final QemuProgram program;
    private final HostFacts facts;
    private final Map<String, QemuGuest> guests = new ConcurrentHashMap<>();
    private final Thread logWatch = Thread.ofVirtual().name("console-logs").unstarted(this::watchLogs);
    private volatile Consumer<String> stirred = id -> {};

    public static QemuDriver open(ComputeConfig config, Path state, InstantSource clock) {
        return new QemuDriver(config, state.toAbsolutePath().normalize(), clock);
    }

    private QemuDriver(ComputeConfig config, Path state, InstantSource clock) {
        this.config = config;
        this.directory = state.resolve("guests");
        this.sockets = socketsFor(directory);
        this.images = state.resolve("images");
        this.clock = clock;
        this.facts = new HostFacts(Path.of("/proc"), clock);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw DiskFull.fault("its state directory", e);
        }
        this.program = QemuProgram.look(config.virtType(), state);
    }

    /** A short place for sockets when the state directory's name is too long for them. */
    private static Path socketsFor(Path directory) {
        byte[] name = directory.toString().getBytes(StandardCharsets.UTF_8);
        return name.length <= LONGEST_DIRECTORY
                ? directory
                : Path.of(
                        "/run",
                        "nacre-" + UUID.nameUUIDFromBytes(name).toString().substring(0, 8));
    }

    private GuestDirectory files(String id) {
        return new GuestDirectory(directory.resolve(id), sockets.resolve(id));
    }

    @Override
    public HostReport report(String host, String hostIp) {
        boolean kvm = program.kvm();
        HostFacts.Cpu cpu = facts.cpu();
        HostFacts.Memory memory = facts.memory();
        HostFacts.Disk disk = HostFacts.disk(directory);
        return new HostReport(
                kvm ? "KVM" : "QEMU",
                program.version(),
                host,
                hostIp,
                cpu.count(),
                memory.totalMiB(),
                memory.usedMiB(),
                disk.totalGiB(),
                disk.freeGiB(),
                cpu.info("x86_64"),
                QemuTraits.of(kvm, cpu.features()),
                facts.bootedAt(),
                facts.loadAverages());
    }

    @Override
    public List<Adopted> adopt(Consumer<String> stirred) {
        this.stirred = stirred;
        List<Adopted> adopted = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try (Stream<Path> found = Files.list(directory)) {
            // side by side, so that one that does not answer keeps only itself waiting
            for (Path path : found.filter(Files::isDirectory).toList()) {
                threads.add(Thread.startVirtualThread(() -> {
                    Adopted guest = adopt(path.getFileName().toString());
                    if (guest != null) {
                        synchronized (adopted) {
                            adopted.add(guest);
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (IOException e) {
            throw DiskFull.fault("its state directory", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The agent is stopping.").because(e);
        }
        logWatch.start();
        return adopted;
    }

    private @Nullable Adopted adopt(String id) {
        GuestDirectory files = files(id);
        GuestRecord record = files.record();
        try {
            if (record == null || !record.complete()) {
                LOG.info("Removing what an unfinished command left of guest {}", id);
                QemuProcess.kill(files);
                files.delete();
                return null;
            }
            QemuGuest guest = new QemuGuest(host(), files, record);
            guest.adopt();
            guests.put(id, guest);
            return new Adopted(guest.report(), record.state());
        } catch (FaultException e) {
            LOG.warn("Guest {} could not be taken up", id, e);
            return null;
        }
    }

    private QemuGuest.Host host() {
        return new QemuGuest.Host(images, program, config.namespace(), id -> stirred.accept(id));
    }

    @Override
    public @Nullable GuestReport find(String guestId) {
        QemuGuest guest = guests.get(guestId);
        return guest == null ? null : guest.report();
    }

    @Override
    public GuestReport spawn(GuestSpec spec, @Nullable CachedImage image) {
        QemuGuest there = guests.get(spec.guestId());
        if (there != null) {
            if (!Specs.same(there.record().spec(), spec)) {
                throw Fault.conflict("Instance " + spec.guestId() + " is already here and is another one.");
            }
            return there.report();
        }
        if (image == null && spec.rootGiB() == 0) {
            throw Fault.invalid(
                    "A guest without an image needs a root disk; booting from a volume is not possible yet.");
        }
        QemuArguments.check(spec);
        GuestRecord record = new GuestRecord(
                        Specs.stored(spec),
                        false,
                        program.machine(spec.properties().getOrDefault("hw_machine_type", "pc")),
                        image == null ? 0 : image.virtualBytes(),
                        PowerState.NOSTATE,
                        List.of(),
                        null)
                .with(spec.vifs());
        if (record == null) {
            throw Fault.invalid("A guest has at most " + GuestRecord.NICS + " interfaces.");
        }
        GuestDirectory files = files(spec.guestId());
        QemuGuest guest = new QemuGuest(host(), files, record);
        try {
            remove(files);
            files.create();
            guest.write(record);
            GuestDisks.make(spec, files, image, clock);
            guest.start();
            guest.write(guest.record().finished());
        } catch (FaultException e) {
            abandon(guest, e);
            throw e;
        }
        guests.put(spec.guestId(), guest);
        return guest.report();
    }

    private static void remove(GuestDirectory files) {
        if (files.exists()) {
            QemuProcess.kill(files);
            files.delete();
        }
    }

    /** Leaves nothing of a spawn that failed; should even that fail, the next start of the agent does it. */
    private static void abandon(QemuGuest guest, FaultException reason) {
        try {
            guest.end();
            guest.files().delete();
        } catch (FaultException e) {
            reason.addSuppressed(e);
            LOG.warn("Guest {} left something behind", guest.record().id(), e);
        }
    }

    @Override
    public void destroy(String guestId) {
        QemuGuest guest = guests.get(guestId);
        if (guest != null) {
            guest.end();
        }
        remove(files(guestId));
        guests.remove(guestId);
    }

    @Override
    public GuestReport power(PowerCommand command) {
        QemuGuest guest = guest(command.guestId());
        PowerState now = guest.report().state();
        switch (command.action()) {
            case START, REBOOT_HARD -> restart(guest, command);
            case REBOOT_SOFT -> {
                // a new process also here, as after a stop and a start: the guest gets its interfaces as they are now,
                // and a guest that reboots by itself without powering off would never tell that it did
                shutDown(guest, now, command.grace());
                restart(guest, command);
            }
            case STOP -> {
                shutDown(guest, now, command.grace());
                guest.end();
            }
            case PAUSE -> guest.command("stop", Map.of());
            case UNPAUSE -> guest.command("cont", Map.of());
            case SUSPEND -> guest.suspend();
            case RESUME -> {
                if (now == PowerState.PAUSED) {
                    guest.command("cont", Map.of());
                } else {
                    guest.start();
                }
            }
        }
        GuestReport report = guest.report();
        guest.write(guest.record().with(report.state()));
        return report;
    }

    private static void shutDown(QemuGuest guest, PowerState now, Duration grace) {
        if (now == PowerState.RUNNING && grace.isPositive() && !guest.shutDown(grace)) {
            LOG.info("Guest {} did not shut down in {} s", guest.record().id(), grace.toSeconds());
        }
    }

    private static void restart(QemuGuest guest, PowerCommand command) {
        GuestRecord next = guest.record().with(command.vifs());
        if (next == null) {
            throw Fault.invalid("A guest has at most " + GuestRecord.NICS + " interfaces.");
        }
        guest.end();
        try {
            Files.deleteIfExists(guest.files().memory());
        } catch (IOException e) {
            throw DiskFull.fault("the guest's memory", e);
        }
        guest.write(next);
        guest.start();
    }

    @Override
    public GuestReport attach(String guestId, Vif vif) {
        QemuGuest guest = guest(guestId);
        NicPlug.plug(guest, vif, runs(guest));
        return guest.report();
    }

    @Override
    public GuestReport detach(String guestId, Vif vif) {
        QemuGuest guest = guest(guestId);
        NicPlug.unplug(guest, vif, runs(guest));
        return guest.report();
    }

    private static boolean runs(QemuGuest guest) {
        return switch (guest.report().state()) {
            case RUNNING, PAUSED, CRASHED -> true;
            case SHUTDOWN -> false;
            case SUSPENDED -> throw Fault.conflict("The interfaces of a suspended guest cannot be changed.");
            case NOSTATE -> throw Fault.internal("The guest's hypervisor does not answer.");
        };
    }

    @Override
    public String consoleLog(String guestId, @Nullable Integer lines) {
        try {
            String log = ConsoleFiles.read(
                    guest(guestId).files().consoleLog(), config.consoleLog().count());
            return Specs.lastLines(log, lines);
        } catch (IOException e) {
            throw Fault.internal("The console log could not be read.").because(e);
        }
    }

    @Override
    public Path console(String guestId, String protocol) {
        GuestDirectory files = guest(guestId).files();
        return protocol.equals("vnc") ? files.vnc() : files.serial();
    }

    @Override
    public Set<String> imagesInUse() {
        return guests.values().stream()
                .map(guest -> guest.record().spec().image())
                .flatMap(Stream::ofNullable)
                .map(ImageSource::imageId)
                .collect(Collectors.toSet());
    }

    private QemuGuest guest(String guestId) {
        QemuGuest guest = guests.get(guestId);
        if (guest == null) {
            throw Fault.notFound("Instance " + guestId + " could not be found on this host.");
        }
        return guest;
    }

    private void watchLogs() {
        try {
            while (true) {
                for (QemuGuest guest : guests.values()) {
                    ConsoleFiles.cap(
                            guest.files().consoleLog(), config.consoleLog().count());
                    ConsoleFiles.cap(guest.files().processLog(), PROCESS_LOG);
                }
                Thread.sleep(LOG_CHECK);
            }
        } catch (InterruptedException e) {
            LOG.debug("No longer watching console logs", e);
        }
    }

    @Override
    public void close() {
        stirred = id -> {};
        logWatch.interrupt();
        guests.values().forEach(QemuGuest::release);
    }
}

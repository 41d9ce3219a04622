package io.nacre.compute.fake;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.compute.ComputeConfig;
import io.nacre.compute.DiskFull;
import io.nacre.compute.HostFacts;
import io.nacre.compute.HypervisorDriver;
import io.nacre.compute.Specs;
import io.nacre.compute.image.CachedImage;
import io.nacre.contracts.node.ComputeNode.GuestReport;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.HostReport;
import io.nacre.contracts.node.ComputeNode.PowerCommand;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Guests that are a small JSON file each. */
public final class FakeDriver implements HypervisorDriver {
    private static final String SUFFIX = ".json";

    private final ComputeConfig.Fake config;
    private final Path directory;
    private final InstantSource clock;
    private final HostFacts facts;
    private final FakeControl control;
    private final Map<String, FakeGuest> guests = new ConcurrentHashMap<>();
    private volatile Consumer<String> stirred = id -> {};

    public static FakeDriver open(ComputeConfig.Fake config, Path state, InstantSource clock) {
        return new FakeDriver(config, state.resolve("fake"), clock);
    }

    private FakeDriver(ComputeConfig.Fake config, Path directory, InstantSource clock) {
        this.config = config;
        this.directory = directory;
        this.clock = clock;
        this.facts = new HostFacts(Path.of("/proc"), clock);
        this.control = new FakeControl(config.delay());
    }

    public FakeControl control() {
        return control;
    }

    /** The guest dies, as if its hypervisor process had been killed. */
    public void kill(String guestId) {
        guests.computeIfPresent(guestId, (id, guest) -> store(guest.with(PowerState.SHUTDOWN)));
        stirred.accept(guestId);
    }

    @Override
    public HostReport report(String host, String hostIp) {
        int usedMiB = 0;
        long usedGiB = 0;
        for (FakeGuest guest : guests.values()) {
            usedMiB += guest.spec().memoryMiB();
            usedGiB += guest.spec().rootGiB() + guest.spec().ephemeralGiB();
        }
        int diskGiB = (int) (config.disk().count() >> 30);
        return new HostReport(
                "fake",
                1_000_000,
                host,
                hostIp,
                config.vcpus(),
                (int) (config.memory().count() >> 20),
                usedMiB,
                diskGiB,
                (int) Math.max(0, diskGiB - usedGiB),
                new HostFacts.Cpu("Nacre", "fake", config.vcpus(), 1, config.vcpus(), List.of()).info("x86_64"),
                List.of(
                        "COMPUTE_IMAGE_TYPE_ISO",
                        "COMPUTE_IMAGE_TYPE_QCOW2",
                        "COMPUTE_IMAGE_TYPE_RAW",
                        "COMPUTE_NET_ATTACH_INTERFACE",
                        "COMPUTE_NET_VIF_MODEL_VIRTIO",
                        "COMPUTE_NODE",
                        "COMPUTE_STORAGE_BUS_VIRTIO"),
                facts.bootedAt(),
                facts.loadAverages());
    }

    @Override
    public List<Adopted> adopt(Consumer<String> stirred) {
        this.stirred = stirred;
        try {
            Files.createDirectories(directory);
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    if (file.toString().endsWith(SUFFIX)) {
                        FakeGuest guest = Json.read(Files.readString(file), FakeGuest.class);
                        guests.put(guest.spec().guestId(), guest);
                    } else {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw DiskFull.fault("its state directory", e);
        }
        return guests.values().stream()
                .map(guest -> new Adopted(guest.report(), guest.state()))
                .toList();
    }

    @Override
    public @Nullable GuestReport find(String guestId) {
        FakeGuest guest = guests.get(guestId);
        return guest == null ? null : guest.report();
    }

    @Override
    public GuestReport spawn(GuestSpec spec, @Nullable CachedImage image) {
        control.enter("spawn");
        FakeGuest there = guests.get(spec.guestId());
        if (there != null) {
            if (!Specs.same(there.spec(), spec)) {
                throw Fault.conflict("Instance " + spec.guestId() + " is already here and is another one.");
            }
            return there.report();
        }
        if (image != null && spec.rootGiB() > 0 && image.virtualBytes() > ((long) spec.rootGiB() << 30)) {
            throw Specs.diskTooSmall(spec.rootGiB(), image);
        }
        FakeGuest guest = new FakeGuest(Specs.stored(spec), PowerState.RUNNING, spec.vifs(), List.of(clock.instant()));
        return put(guest).report();
    }

    @Override
    public void destroy(String guestId) {
        control.enter("destroy");
        try {
            Files.deleteIfExists(file(guestId));
        } catch (IOException e) {
            throw DiskFull.fault("its state directory", e);
        }
        guests.remove(guestId);
    }

    @Override
    public GuestReport power(PowerCommand command) {
        control.enter("power");
        FakeGuest guest = guest(command.guestId());
        return put(switch (command.action()) {
                    case START, REBOOT_SOFT, REBOOT_HARD ->
                        guest.with(List.copyOf(command.vifs())).booted(clock.instant());
                    case UNPAUSE, RESUME -> guest.with(PowerState.RUNNING);
                    case STOP -> guest.with(PowerState.SHUTDOWN);
                    case PAUSE -> guest.with(PowerState.PAUSED);
                    case SUSPEND -> guest.with(PowerState.SUSPENDED);
                })
                .report();
    }

    @Override
    public GuestReport attach(String guestId, Vif vif) {
        control.enter("attach");
        FakeGuest guest = guest(guestId);
        List<Vif> vifs = new ArrayList<>(guest.vifs());
        vifs.removeIf(other -> other.portId().equals(vif.portId()));
        vifs.add(vif);
        return put(guest.with(List.copyOf(vifs))).report();
    }

    @Override
    public GuestReport detach(String guestId, Vif vif) {
        control.enter("detach");
        FakeGuest guest = guest(guestId);
        List<Vif> vifs = guest.vifs().stream()
                .filter(other -> !other.portId().equals(vif.portId()))
                .toList();
        return put(guest.with(vifs)).report();
    }

    @Override
    public String consoleLog(String guestId, @Nullable Integer lines) {
        return Specs.lastLines(guest(guestId).consoleLog(), lines);
    }

    /** Where the socket would be: nobody listens there, as there is nothing to see. */
    @Override
    public Path console(String guestId, String protocol) {
        return directory.resolve(guestId + "." + protocol);
    }

    @Override
    public Set<String> imagesInUse() {
        return guests.values().stream()
                .map(guest -> guest.spec().image())
                .filter(Objects::nonNull)
                .map(image -> image.imageId())
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        stirred = id -> {};
    }

    private FakeGuest guest(String guestId) {
        FakeGuest guest = guests.get(guestId);
        if (guest == null) {
            throw Fault.notFound("Instance " + guestId + " could not be found on this host.");
        }
        return guest;
    }

    private FakeGuest put(FakeGuest guest) {
        guests.put(guest.spec().guestId(), store(guest));
        return guest;
    }

    private FakeGuest store(FakeGuest guest) {
        Path file = file(guest.spec().guestId());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.write(part, Json.bytes(guest));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw DiskFull.fault("its state directory", e);
        }
        return guest;
    }

    private Path file(String guestId) {
        return directory.resolve(guestId + SUFFIX);
    }
}

package io.nacre.compute.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.compute.Command;
import io.nacre.compute.Compute;
import io.nacre.compute.ComputeConfig;
import io.nacre.compute.ImageServer;
import io.nacre.contracts.event.GuestChanged;
import io.nacre.contracts.node.ComputeNode.GuestRef;
import io.nacre.contracts.node.ComputeNode.GuestReport;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.ImageSource;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong, and that nothing is left of it. */
class QemuFailureTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private Path state;
    private final List<GuestChanged> changes = new CopyOnWriteArrayList<>();
    private ImageServer server;
    private Compute compute;
    private boolean mounted;

    @BeforeEach
    void start() throws IOException {
        server = new ImageServer();
        state = directory;
        compute = open();
    }

    @AfterEach
    void stop() {
        for (GuestReport guest : compute.guests().guests()) {
            compute.destroy(new GuestRef(guest.guestId()));
        }
        compute.close();
        server.close();
        if (mounted) {
            Command.run(LIMIT, List.of("umount", state.toString()));
        }
    }

    private Compute open() {
        return Compute.start(
                ComputeConfig.DEFAULTS.with(ComputeConfig.VirtType.QEMU),
                state,
                "host-1",
                InstantSource.system(),
                changes::add);
    }

    private GuestSpec spec(
            int vcpus, int memoryMiB, List<Vif> vifs, Map<String, byte[]> drive, Map<String, String> properties) {
        return new GuestSpec(
                UUID.randomUUID().toString(),
                "instance-00000001",
                vcpus,
                memoryMiB,
                1,
                0,
                0,
                server.add("blank", "raw", new byte[4096]),
                vifs,
                drive,
                properties);
    }

    private GuestSpec spec() {
        return spec(1, 64, List.of(), null, Map.of());
    }

    private void assertNothingLeft(GuestSpec guest) throws IOException {
        assertThat(compute.guests().guests()).isEmpty();
        try (Stream<Path> files = Files.list(state.resolve("guests"))) {
            assertThat(files).isEmpty();
        }
        assertThat(processes(guest)).isEmpty();
    }

    private static List<ProcessHandle> processes(GuestSpec guest) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(words -> List.of(words).contains(guest.guestId()))
                        .orElse(false))
                .toList();
    }

    private static FaultException failure(Runnable call) {
        try {
            call.run();
        } catch (FaultException e) {
            return e;
        }
        throw new AssertionError("it did not fail");
    }

    @Test
    void aHypervisorThatDiesAtItsStartSaysWhyAndLeavesNothing() throws IOException {
        GuestSpec guest = spec(1000, 64, List.of(), null, Map.of());
        FaultException e = failure(() -> compute.spawn(guest));
        assertThat(e.fault().kind()).isEqualTo(Fault.Kind.INTERNAL);
        assertThat(e.fault().message())
                .startsWith("The hypervisor could not start the guest: Invalid SMP CPUs 1000")
                .doesNotContain(state.toString(), "qemu");
        assertNothingLeft(guest);
    }

    @Test
    void moreMemoryThanThereIsIsALackOfMemory() throws IOException {
        GuestSpec guest = spec(1, 1_000_000_000, List.of(), null, Map.of());
        FaultException e = failure(() -> compute.spawn(guest));
        assertThat(e.fault().kind()).isEqualTo(Fault.Kind.UNAVAILABLE);
        assertThat(e.fault().message()).contains("not enough memory");
        assertNothingLeft(guest);
    }

    @Test
    void aPortThatIsNotPluggedIsNoticedBeforeTheStart() throws IOException {
        Vif vif = new Vif("port-1", "fa:16:3e:00:00:01", "nctest-absent", null, 1500, "virtio");
        GuestSpec guest = spec(1, 64, List.of(vif), null, Map.of());
        FaultException e = failure(() -> compute.spawn(guest));
        assertThat(e.fault().kind()).isEqualTo(Fault.Kind.UNAVAILABLE);
        assertThat(e.fault().message()).contains("Port port-1 is not plugged");
        assertNothingLeft(guest);
    }

    @ParameterizedTest
    @CsvSource({
        "hw_machine_type, pdp-11",
        "hw_disk_bus, punched-cards",
        "hw_video_model, teletype",
        "hw_firmware_type, uefi"
    })
    void hardwareThatIsNotThereIsRefused(String property, String value) throws IOException {
        GuestSpec guest = spec(1, 64, List.of(), null, Map.of(property, value));
        FaultException e = failure(() -> compute.spawn(guest));
        assertThat(e.fault().kind()).isEqualTo(Fault.Kind.INVALID);
        assertThat(e.fault().message()).contains(value);
        assertNothingLeft(guest);
    }

    @Test
    void aFullDiskIsToldAsOneAndLeavesNothing() throws IOException {
        compute.close();
        state = Files.createDirectory(directory.resolve("small"));
        mounted = Command.run(LIMIT, List.of("mount", "-t", "tmpfs", "-o", "size=2m", "none", state.toString()))
                .ok();
        assertThat(mounted).as("a small disk for the test").isTrue();
        compute = open();
        GuestSpec guest = spec(1, 64, List.of(), Map.of("openstack/latest/user_data", new byte[3 << 20]), Map.of());
        FaultException e = failure(() -> compute.spawn(guest));
        assertThat(e.fault().kind()).isEqualTo(Fault.Kind.UNAVAILABLE);
        assertThat(e.fault().message()).contains("not enough disk space");
        assertNothingLeft(guest);

        ImageSource image = server.add("large", "raw", new byte[3 << 20]);
        GuestSpec large = new GuestSpec(guest.guestId(), "x", 1, 64, 1, 0, 0, image, List.of(), null, Map.of());
        assertThatThrownBy(() -> compute.spawn(large)).hasMessageContaining("not enough disk space for image large");
        assertNothingLeft(large);
        try (Stream<Path> files = Files.list(state.resolve("images"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("blank");
        }
    }

    @Test
    void whatAnInterruptedSpawnLeftIsRemovedAtTheNextStart() throws IOException {
        GuestSpec guest = spec();
        compute.spawn(guest);
        compute.close();
        // as if the agent had been killed just before its last word
        GuestDirectory files = files(guest);
        GuestRecord record = files.record();
        files.write(new GuestRecord(
                record.spec(), false, record.machine(), record.imageBytes(), PowerState.NOSTATE, List.of(), null));
        Files.createDirectories(state.resolve("guests").resolve("earlier"));
        compute = open();
        assertNothingLeft(guest);
        compute.spawn(guest);
        assertThat(compute.guests().guests()).hasSize(1);
    }

    @Test
    void aGuestThatDiedWhileNobodyLookedIsNewsAtTheNextStart() throws IOException {
        GuestSpec guest = spec();
        compute.spawn(guest);
        compute.close();
        QemuProcess.kill(files(guest));
        compute = open();
        GuestReport report = new GuestReport(guest.guestId(), PowerState.SHUTDOWN, null);
        assertThat(changes).containsExactly(new GuestChanged("host-1", report));
        assertThat(compute.guests().guests()).containsExactly(report);
    }

    @Test
    void aPidThatIsAnotherProcessByNowIsLeftAlone() throws IOException {
        GuestSpec guest = spec();
        compute.spawn(guest);
        GuestDirectory files = files(guest);
        QemuProcess.kill(files);
        Files.writeString(files.pidFile(), Long.toString(ProcessHandle.current().pid()));
        assertThat(QemuProcess.find(files)).isEmpty();
        compute.destroy(new GuestRef(guest.guestId()));
        assertNothingLeft(guest);
    }

    @Test
    void noTokenIsWrittenDown() throws IOException {
        GuestSpec guest = spec();
        compute.spawn(guest);
        try (Stream<Path> files = Files.walk(state.resolve("guests"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("json")).toList()) {
                assertThat(Files.readString(file)).contains(guest.guestId()).doesNotContain("secret", "127.0.0.1");
            }
        }
    }

    private GuestDirectory files(GuestSpec guest) {
        Path path = state.resolve("guests").resolve(guest.guestId());
        return new GuestDirectory(path, path);
    }
}

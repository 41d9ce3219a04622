package io.nacre.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.contracts.event.GuestChanged;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.node.ComputeNode.ConsoleLogQuery;
import io.nacre.contracts.node.ComputeNode.ConsoleQuery;
import io.nacre.contracts.node.ComputeNode.GuestRef;
import io.nacre.contracts.node.ComputeNode.GuestReport;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.HostReport;
import io.nacre.contracts.node.ComputeNode.ImageSource;
import io.nacre.contracts.node.ComputeNode.PowerAction;
import io.nacre.contracts.node.ComputeNode.PowerCommand;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.testkit.image.HostileImages;
import io.nacre.testkit.image.SampleImages;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every driver owes to the controller. Guests here need not boot: an empty disk is image enough. */
public abstract class ComputeNodeContract {
    @TempDir
    protected Path state;

    protected ImageServer server;
    protected final List<GuestChanged> changes = new CopyOnWriteArrayList<>();
    protected Compute compute;

    /** A node on {@link #state}, as after a start of the agent. */
    protected abstract Compute open();

    /** Ends the guest's hypervisor without a word. */
    protected abstract void kill(String guestId);

    /** A bootable or at least harmless image of the driver's liking. */
    protected ImageSource image() {
        return server.add("blank", "raw", new byte[1 << 20]);
    }

    @BeforeEach
    void start() throws IOException {
        server = new ImageServer();
        compute = open();
    }

    @AfterEach
    void stop() {
        for (GuestReport guest : compute.guests().guests()) {
            compute.destroy(new GuestRef(guest.guestId()));
        }
        compute.close();
        server.close();
    }

    protected void reopen() {
        compute.close();
        compute = open();
    }

    protected GuestSpec spec(ImageSource image) {
        return new GuestSpec(
                UUID.randomUUID().toString(),
                "instance-00000001",
                1,
                64,
                1,
                0,
                0,
                image,
                List.of(),
                null,
                Map.of("hw_disk_bus", "virtio"));
    }

    protected GuestReport power(GuestSpec guest, PowerAction action) {
        return compute.power(new PowerCommand(guest.guestId(), action, Duration.ZERO, guest.vifs()));
    }

    protected void await(String guestId, PowerState state) {
        Wait.until(guestId + " to be " + state, () -> states().contains(guestId + " " + state));
    }

    protected List<String> states() {
        return compute.guests().guests().stream()
                .map(guest -> guest.guestId() + " " + guest.state())
                .toList();
    }

    protected static void assertFault(Fault.Kind kind, String message, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault().kind()).isEqualTo(kind))
                .hasMessageContaining(message);
    }

    protected List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(state)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> state.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void reportsWhatTheHostHas() {
        HostReport host = compute.report();
        assertThat(host.hypervisorHostname()).isEqualTo("host-1");
        assertThat(host.vcpus()).isPositive();
        assertThat(host.memoryMiB()).isGreaterThan(host.memoryUsedMiB());
        assertThat(host.diskGiB()).isGreaterThanOrEqualTo(host.diskFreeGiB()).isPositive();
        assertThat(host.hypervisorVersion()).isGreaterThanOrEqualTo(1_000_000);
        assertThat(host.cpu()).containsKeys("arch", "model", "vendor", "topology", "features");
        assertThat(host.traits()).contains("COMPUTE_NODE").isSorted();
        assertThat(host.loadAverages().split(", ")).hasSize(3);
    }

    @Test
    void aSpawnedGuestRunsAndIsListed() {
        GuestSpec guest = spec(image());
        assertThat(compute.spawn(guest).state()).isEqualTo(PowerState.RUNNING);
        assertThat(states()).containsExactly(guest.guestId() + " RUNNING");
    }

    @Test
    void spawningTwiceMakesOneGuest() {
        GuestSpec guest = spec(image());
        compute.spawn(guest);
        compute.spawn(guest);
        assertThat(compute.guests().guests()).hasSize(1);
    }

    @Test
    void anotherGuestUnderTheSameIdIsRefused() {
        GuestSpec guest = spec(image());
        compute.spawn(guest);
        GuestSpec other = new GuestSpec(
                guest.guestId(), guest.name(), 2, 64, 1, 0, 0, guest.image(), List.of(), null, guest.properties());
        assertFault(Fault.Kind.CONFLICT, "already here", () -> compute.spawn(other));
        assertThat(states()).containsExactly(guest.guestId() + " RUNNING");
    }

    @Test
    void aDestroyedGuestLeavesNothingAndMayBeDestroyedAgain() throws IOException {
        GuestSpec guest = spec(image());
        compute.spawn(guest);
        compute.destroy(new GuestRef(guest.guestId()));
        compute.destroy(new GuestRef(guest.guestId()));
        assertThat(compute.guests().guests()).isEmpty();
        assertThat(files()).noneMatch(file -> file.contains(guest.guestId()));
    }

    @Test
    void powerActionsReachTheirStateAndMayBeRepeated() {
        GuestSpec guest = spec(image());
        compute.spawn(guest);
        Map<PowerAction, PowerState> aims = Map.of(
                PowerAction.PAUSE, PowerState.PAUSED,
                PowerAction.UNPAUSE, PowerState.RUNNING,
                PowerAction.SUSPEND, PowerState.SUSPENDED,
                PowerAction.RESUME, PowerState.RUNNING,
                PowerAction.STOP, PowerState.SHUTDOWN,
                PowerAction.START, PowerState.RUNNING,
                PowerAction.REBOOT_SOFT, PowerState.RUNNING,
                PowerAction.REBOOT_HARD, PowerState.RUNNING);
        for (PowerAction action : List.of(
                PowerAction.PAUSE,
                PowerAction.UNPAUSE,
                PowerAction.SUSPEND,
                PowerAction.RESUME,
                PowerAction.STOP,
                PowerAction.START,
                PowerAction.REBOOT_SOFT,
                PowerAction.REBOOT_HARD)) {
            assertThat(power(guest, action).state()).as("first %s", action).isEqualTo(aims.get(action));
            assertThat(power(guest, action).state()).as("second %s", action).isEqualTo(aims.get(action));
            assertThat(states()).containsExactly(guest.guestId() + " " + aims.get(action));
        }
        assertThat(changes).as("nothing happened without being told to").isEmpty();
    }

    @Test
    void anActionThatTheStateForbidsIsAConflict() {
        GuestSpec guest = spec(image());
        compute.spawn(guest);
        power(guest, PowerAction.STOP);
        assertFault(
                Fault.Kind.CONFLICT,
                "Cannot pause a guest while it is shut down",
                () -> power(guest, PowerAction.PAUSE));
    }

    @Test
    void anUnknownGuestIsNotFound() {
        GuestSpec guest = spec(null);
        assertFault(Fault.Kind.NOT_FOUND, guest.guestId(), () -> power(guest, PowerAction.STOP));
        assertFault(
                Fault.Kind.NOT_FOUND,
                guest.guestId(),
                () -> compute.consoleLog(new ConsoleLogQuery(guest.guestId(), 5)));
        assertFault(
                Fault.Kind.NOT_FOUND, guest.guestId(), () -> compute.console(new ConsoleQuery(guest.guestId(), "vnc")));
    }

    @Test
    void aGuestThatDiesIsNews() {
        GuestSpec guest = spec(image());
        compute.spawn(guest);
        kill(guest.guestId());
        Wait.until("the news", () -> !changes.isEmpty());
        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.host()).isEqualTo("host-1");
            assertThat(change.guest().guestId()).isEqualTo(guest.guestId());
            assertThat(change.guest().state()).isEqualTo(PowerState.SHUTDOWN);
        });
        assertThat(power(guest, PowerAction.START).state()).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void guestsAreFoundAgainAfterARestart() {
        GuestSpec running = spec(image());
        GuestSpec paused = spec(image());
        GuestSpec stopped = spec(image());
        compute.spawn(running);
        compute.spawn(paused);
        compute.spawn(stopped);
        power(paused, PowerAction.PAUSE);
        power(stopped, PowerAction.STOP);
        reopen();
        assertThat(states())
                .containsExactlyInAnyOrder(
                        running.guestId() + " RUNNING", paused.guestId() + " PAUSED", stopped.guestId() + " SHUTDOWN");
        assertThat(changes).isEmpty();
        compute.spawn(running);
        assertThat(compute.guests().guests()).hasSize(3);
    }

    @Test
    void theConsoleIsReachedOnlyWhileTheGuestRuns() {
        GuestSpec guest = spec(image());
        compute.spawn(guest);
        assertThat(compute.console(new ConsoleQuery(guest.guestId(), "vnc")).socket())
                .startsWith("/");
        assertFault(
                Fault.Kind.INVALID, "vnc or serial", () -> compute.console(new ConsoleQuery(guest.guestId(), "spice")));
        power(guest, PowerAction.STOP);
        assertFault(
                Fault.Kind.CONFLICT, "no console", () -> compute.console(new ConsoleQuery(guest.guestId(), "serial")));
    }

    @Test
    void anImageWithAWrongChecksumIsRefusedAndLeavesNothing() throws IOException {
        byte[] content = new byte[1000];
        ImageSource right = server.add("corrupt", "raw", content);
        content[7] = 1;
        GuestSpec guest = spec(right);
        assertFault(Fault.Kind.INVALID, "its sha512 checksum is wrong", () -> compute.spawn(guest));
        assertThat(compute.guests().guests()).isEmpty();
        assertThat(files()).noneMatch(file -> file.contains("corrupt") || file.contains(guest.guestId()));
    }

    @Test
    void anImageThatBreaksOffIsUnavailableAndLeavesNothing() throws IOException {
        ImageSource image = server.add("broken", "raw", new byte[100_000]);
        server.breakAfter(1000);
        GuestSpec guest = spec(image);
        assertFault(Fault.Kind.UNAVAILABLE, "could not be fetched", () -> compute.spawn(guest));
        assertThat(files()).noneMatch(file -> file.contains("broken") || file.contains(guest.guestId()));
    }

    @Test
    void anImageLargerThanTheDiskIsRefused() throws IOException {
        ImageSource image = server.add(
                "large",
                "qcow2",
                SampleImages.qcow2(head -> head.putLong(24, 3L << 30).putInt(36, 6)));
        GuestSpec guest = spec(image);
        assertFault(Fault.Kind.INVALID, "root disk of 1 GiB is smaller", () -> compute.spawn(guest));
        assertThat(files()).noneMatch(file -> file.contains(guest.guestId()));
    }

    @Test
    void aQcow2ThatNamesAnotherFileIsRefused() throws IOException {
        ImageSource image = server.add("backed", "qcow2", HostileImages.named("qcow2-backing-file"));
        GuestSpec guest = spec(image);
        assertFault(Fault.Kind.INVALID, "backing file", () -> compute.spawn(guest));
        ImageSource split = server.add("split", "qcow2", HostileImages.named("qcow2-data-file"));
        assertFault(Fault.Kind.INVALID, "external data file", () -> compute.spawn(spec(split)));
        assertThat(files()).noneMatch(file -> file.contains(guest.guestId()) || file.startsWith("images/"));
    }

    @Test
    void anImageIsFetchedOnceForManyGuests() throws InterruptedException {
        ImageSource image = image();
        CountDownLatch gate = server.hold();
        List<Thread> spawns = Stream.of(spec(image), spec(image), spec(image))
                .map(guest -> Thread.startVirtualThread(() -> compute.spawn(guest)))
                .toList();
        Wait.until("the download", () -> !server.requests().isEmpty());
        gate.countDown();
        for (Thread spawn : spawns) {
            assertThat(spawn.join(Duration.ofSeconds(60))).isTrue();
        }
        compute.spawn(spec(image));
        assertThat(compute.guests().guests()).hasSize(4);
        assertThat(server.requests()).containsExactly(image.imageId() + " secret");
    }

    @Test
    void destroyEndsASpawnThatWaitsForItsImage() throws InterruptedException {
        GuestSpec guest = spec(image());
        server.hold();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Thread spawn = Thread.startVirtualThread(() -> {
            try {
                compute.spawn(guest);
            } catch (FaultException e) {
                failures.add(e);
            }
        });
        Wait.until("the download", () -> !server.requests().isEmpty());
        compute.destroy(new GuestRef(guest.guestId()));
        assertThat(spawn.join(Duration.ofSeconds(30))).isTrue();
        assertThat(failures).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("deleted"));
        assertThat(compute.guests().guests()).isEmpty();
    }

    @Test
    void anImageThatIsGoneIsNotFound() {
        ImageSource image = new ImageSource(
                "gone",
                "raw",
                10,
                "md5",
                null,
                URI.create(image().url().resolve("gone").toString()),
                Map.of());
        assertFault(Fault.Kind.NOT_FOUND, "gone", () -> compute.spawn(spec(image)));
    }

    @Test
    void namesThatLeadElsewhereAreRefused() {
        ImageSource image = image();
        ImageSource outside = new ImageSource("../x", "raw", 10, "md5", null, image.url(), Map.of());
        assertFault(Fault.Kind.INVALID, "image id", () -> compute.spawn(spec(outside)));
        assertFault(Fault.Kind.INVALID, "guest id", () -> compute.destroy(new GuestRef("../images")));
        assertFault(
                Fault.Kind.INVALID,
                "path on a config drive",
                () -> compute.spawn(new ComputeNode.GuestSpec(
                        UUID.randomUUID().toString(),
                        "x",
                        1,
                        64,
                        1,
                        0,
                        0,
                        image,
                        List.of(),
                        Map.of("../../x", new byte[1]),
                        Map.of())));
    }
}

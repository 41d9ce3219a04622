package io.nacre.compute.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.compute.Command;
import io.nacre.compute.Compute;
import io.nacre.compute.ComputeConfig;
import io.nacre.compute.ImageServer;
import io.nacre.compute.Wait;
import io.nacre.contracts.event.GuestChanged;
import io.nacre.contracts.node.ComputeNode.ConsoleLogQuery;
import io.nacre.contracts.node.ComputeNode.ConsoleQuery;
import io.nacre.contracts.node.ComputeNode.GuestRef;
import io.nacre.contracts.node.ComputeNode.GuestReport;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.InterfaceCommand;
import io.nacre.contracts.node.ComputeNode.PowerAction;
import io.nacre.contracts.node.ComputeNode.PowerCommand;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that really boot, under emulation where there is no KVM. */
class QemuBootTest {
    private static final Duration GRACE = Duration.ofSeconds(90);

    @TempDir
    Path state;

    private final String namespace = "nctest-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<GuestChanged> changes = new CopyOnWriteArrayList<>();
    private ImageServer server;
    private Compute compute;

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
        Command.run(Duration.ofSeconds(10), List.of("ip", "netns", "del", namespace));
    }

    private Compute open() {
        ComputeConfig base = ComputeConfig.DEFAULTS;
        ComputeConfig config = new ComputeConfig(
                base.driver(), base.virtType(), base.myIp(), namespace, base.consoleLog(), base.images(), base.fake());
        ip("netns", "add", namespace);
        return Compute.start(config, state, "host-1", InstantSource.system(), changes::add);
    }

    private static void ip(String... arguments) {
        Command.run(
                Duration.ofSeconds(10),
                Stream.concat(Stream.of("ip"), Stream.of(arguments)).toList());
    }

    private GuestSpec spec(Map<String, byte[]> configDrive, Map<String, String> properties) throws IOException {
        return new GuestSpec(
                UUID.randomUUID().toString(),
                "instance-00000001",
                1,
                128,
                1,
                0,
                0,
                server.add("guest", "qcow2", TestGuest.image()),
                List.of(),
                configDrive,
                properties);
    }

    private static Map<String, byte[]> configDrive(String id) {
        byte[] metadata = Json.bytes(Map.of(
                "uuid",
                id,
                "hostname",
                "web-1.example",
                "name",
                "web-1",
                "public_keys",
                Map.of("k", "ssh-ed25519 AAAA")));
        byte[] script = "#!/bin/sh\necho script ran\n".getBytes(StandardCharsets.UTF_8);
        return Map.of(
                "openstack/latest/meta_data.json", metadata,
                "openstack/latest/user_data", script,
                "openstack/2018-08-27/meta_data.json", metadata,
                "ec2/latest/meta-data.json", metadata);
    }

    private String log(GuestSpec guest) {
        return compute.consoleLog(new ConsoleLogQuery(guest.guestId(), null)).text();
    }

    private void awaitBoots(GuestSpec guest, int boots) {
        Wait.until("boot " + boots, () -> log(guest).split("login: ", -1).length > boots);
    }

    private PowerState power(GuestSpec guest, PowerAction action) {
        return compute.power(new PowerCommand(guest.guestId(), action, GRACE, List.of()))
                .state();
    }

    private SerialLine serial(GuestSpec guest) throws IOException {
        return new SerialLine(
                compute.console(new ConsoleQuery(guest.guestId(), "serial")).socket());
    }

    @Test
    void aGuestLivesThroughAllThatIsDoneToIt() throws IOException, InterruptedException {
        GuestSpec plain = spec(null, Map.of());
        GuestSpec guest = new GuestSpec(
                plain.guestId(),
                plain.name(),
                1,
                128,
                1,
                1,
                64,
                plain.image(),
                List.of(),
                configDrive("one"),
                Map.of());
        compute.spawn(guest);
        awaitBoots(guest, 1);
        assertThat(log(guest))
                .contains("instance one; hostname web-1; from config drive", "1 ssh keys", "[user-data] script ran");

        try (SerialLine line = serial(guest)) {
            line.logIn();
            assertThat(line.run("sudo blkid"))
                    .contains("/dev/vdb: LABEL=\"ephemeral0\"", "/dev/vdc:", "TYPE=\"swap\"", "config-2");
            assertThat(line.run("cat /sys/class/block/vdb/serial /sys/class/block/vda/size"))
                    .contains("ephemeral", "2097152");
            line.run("echo remembered > /dev/shm/note 2>/dev/null || echo remembered > /tmp/note; X=in-memory");
            power(guest, PowerAction.PAUSE);
            power(guest, PowerAction.UNPAUSE);
            assertThat(power(guest, PowerAction.SUSPEND)).isEqualTo(PowerState.SUSPENDED);
        }
        compute.close();
        compute = open();
        assertThat(compute.guests().guests())
                .containsExactly(new GuestReport(guest.guestId(), PowerState.SUSPENDED, null));
        assertThat(power(guest, PowerAction.RESUME)).isEqualTo(PowerState.RUNNING);
        try (SerialLine line = serial(guest)) {
            assertThat(line.run("echo $X")).as("the shell still knows").contains("in-memory");
        }

        long begin = System.nanoTime();
        assertThat(power(guest, PowerAction.STOP)).isEqualTo(PowerState.SHUTDOWN);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .as("it heard the button")
                .isLessThan(GRACE);
        assertThat(log(guest)).contains("reboot: Power down");
        power(guest, PowerAction.START);
        awaitBoots(guest, 3);
        assertThat(log(guest).split("script ran", -1)).as("user data run once").hasSize(2);
        power(guest, PowerAction.REBOOT_SOFT);
        awaitBoots(guest, 4);
        assertThat(log(guest).split("reboot: Power down", -1)).hasSize(3);
        assertThat(changes).isEmpty();
    }

    @Test
    void aGuestThatTurnsItselfOffIsNews() throws IOException, InterruptedException {
        GuestSpec guest = spec(null, Map.of());
        compute.spawn(guest);
        awaitBoots(guest, 1);
        assertThat(compute.consoleLog(new ConsoleLogQuery(guest.guestId(), 1)).text())
                .endsWith("guest login: ");
        try (SerialLine line = serial(guest)) {
            line.logIn();
            line.type("sudo poweroff\n");
            Wait.until("the news", () -> !changes.isEmpty());
        }
        assertThat(changes)
                .containsExactly(
                        new GuestChanged("host-1", new GuestReport(guest.guestId(), PowerState.SHUTDOWN, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void interfacesComeAndGoWhileTheGuestRuns(String machine) throws IOException {
        GuestSpec guest = spec(configDrive("two"), Map.of("hw_machine_type", machine, "hw_disk_bus", "scsi"));
        Vif vif = new Vif(UUID.randomUUID().toString(), "fa:16:3e:00:00:01", "tapnc1", namespace, 1400, "virtio");
        ip("-n", namespace, "tuntap", "add", "dev", "tapnc1", "mode", "tap");
        compute.spawn(guest);
        awaitBoots(guest, 1);
        assertThat(log(guest)).contains("from config drive");
        compute.attachInterface(new InterfaceCommand(guest.guestId(), vif));
        compute.attachInterface(new InterfaceCommand(guest.guestId(), vif));
        Wait.until("the card", () -> log(guest).contains("[cloud] plugged eth0"));
        compute.close();
        compute = open();
        compute.detachInterface(new InterfaceCommand(guest.guestId(), vif));
        Wait.until("the card to go", () -> log(guest).contains("[cloud] unplugged eth0"));
        compute.detachInterface(new InterfaceCommand(guest.guestId(), vif));
        assertThat(changes).isEmpty();
    }
}

package io.nacre.compute.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Json;
import io.nacre.compute.Command;
import io.nacre.compute.Compute;
import io.nacre.compute.ComputeConfig;
import io.nacre.compute.ImageServer;
import io.nacre.contracts.node.ComputeNode.ConsoleQuery;
import io.nacre.contracts.node.ComputeNode.GuestRef;
import io.nacre.contracts.node.ComputeNode.GuestReport;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.HostReport;
import io.nacre.contracts.node.ComputeNode.PowerAction;
import io.nacre.contracts.node.ComputeNode.PowerCommand;
import io.nacre.contracts.node.ComputeNode.PowerState;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Machines of every make: that QEMU takes them, and shows in its own words what was asked for. */
class QemuHardwareTest {
    private static final List<String> MODELS =
            List.of("virtio", "e1000", "e1000e", "rtl8139", "ne2k_pci", "pcnet", "vmxnet3");

    @TempDir
    Path state;

    private final String namespace = "nctest-" + UUID.randomUUID().toString().substring(0, 8);
    private ImageServer server;
    private Compute compute;

    @BeforeEach
    void start() throws IOException {
        server = new ImageServer();
        ip("ip", "netns", "add", namespace);
        compute = Compute.start(
                ComputeConfig.DEFAULTS.with(ComputeConfig.VirtType.QEMU),
                state,
                "host-1",
                InstantSource.system(),
                change -> {});
    }

    @AfterEach
    void stop() {
        for (GuestReport guest : compute.guests().guests()) {
            compute.destroy(new GuestRef(guest.guestId()));
        }
        compute.close();
        server.close();
        ip("ip", "netns", "del", namespace);
    }

    private static void ip(String... words) {
        assertThat(Command.run(Duration.ofSeconds(10), List.of(words)).err()).isEmpty();
    }

    private List<Vif> vifs(int count) {
        List<Vif> vifs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String device = "nct" + i;
            ip("ip", "-n", namespace, "tuntap", "add", "dev", device, "mode", "tap");
            vifs.add(new Vif(
                    UUID.randomUUID().toString(),
                    String.format("fa:16:3e:00:00:%02x", i),
                    device,
                    namespace,
                    1450,
                    MODELS.get(i % MODELS.size())));
        }
        return vifs;
    }

    private GuestSpec spec(List<Vif> vifs, Map<String, String> properties) {
        return new GuestSpec(
                UUID.randomUUID().toString(),
                "a name, with a comma",
                4,
                64,
                1,
                1,
                16,
                server.add("blank", "raw", new byte[1000]),
                vifs,
                Map.of("openstack/latest/meta_data.json", "{}".getBytes(StandardCharsets.UTF_8)),
                properties);
    }

    private String ask(GuestSpec guest, String command) throws IOException {
        return ask(guest, command, Map.of());
    }

    private String ask(GuestSpec guest, String command, Map<String, String> arguments) throws IOException {
        Path socket = Path.of(compute.console(new ConsoleQuery(guest.guestId(), "vnc"))
                        .socket())
                .resolveSibling("qmp-debug");
        try (Qmp qmp = Qmp.connect(socket, Duration.ofSeconds(10), event -> {})) {
            return Json.write(qmp.execute(command, arguments, Duration.ofSeconds(10)));
        }
    }

    @ParameterizedTest
    @CsvSource({"pc, virtio", "pc, scsi", "pc, ide", "q35, virtio", "q35, scsi", "q35, sata", "pc-i440fx-6.2, virtio"})
    void everyMachineTakesEveryDiskAndSixteenCards(String machine, String bus) throws IOException {
        List<Vif> vifs = vifs(16);
        GuestSpec guest = spec(
                vifs,
                Map.of("hw_machine_type", machine, "hw_disk_bus", bus, "hw_cpu_cores", "2", "hw_cpu_threads", "2"));
        compute.spawn(guest);
        List<String> places = places(guest, vifs);
        assertThat(places).doesNotHaveDuplicates().hasSize(16);
        String disks = ask(guest, "query-block");
        assertThat(disks).contains("root-device", "ephemeral-device", "swap-device", "config-device");
        assertThat(ask(guest, "query-hotpluggable-cpus")).contains("\"core-id\":1", "\"thread-id\":1");
        assertThat(ask(guest, "query-name")).contains("a name, with a comma");
        // the same hardware again, from the journal alone
        compute.power(new PowerCommand(guest.guestId(), PowerAction.REBOOT_HARD, Duration.ZERO, vifs));
        assertThat(places(guest, vifs)).isEqualTo(places);
    }

    /** Model, bus and address of each card, in QEMU's words. */
    private List<String> places(GuestSpec guest, List<Vif> vifs) throws IOException {
        List<String> places = new ArrayList<>();
        for (Vif vif : vifs) {
            String path = "/machine/peripheral/nic-" + vif.portId();
            StringBuilder place = new StringBuilder();
            for (String property : List.of("type", "parent_bus", "addr", "mac")) {
                place.append(ask(guest, "qom-get", Map.of("path", path, "property", property)));
            }
            places.add(place.toString());
        }
        return places;
    }

    @Test
    void aCdImageIsReadAsOneBesideAnEmptyDisk() throws IOException {
        byte[] cd = ConfigDrive.image(Map.of("readme", new byte[10]), Instant.EPOCH);
        GuestSpec guest = new GuestSpec(
                UUID.randomUUID().toString(),
                "x",
                1,
                64,
                2,
                0,
                0,
                server.add("cd", "iso", cd),
                List.of(),
                null,
                Map.of("hw_video_model", "none"));
        compute.spawn(guest);
        assertThat(ask(guest, "query-block")).contains("cd-device", "\"virtual-size\":2147483648");
    }

    @Test
    void aRootDiskWithoutASizeIsAsLargeAsItsImage() throws IOException {
        GuestSpec guest = new GuestSpec(
                UUID.randomUUID().toString(),
                "x",
                1,
                64,
                0,
                0,
                0,
                server.add("odd", "raw", new byte[1000]),
                List.of(),
                null,
                Map.of());
        compute.spawn(guest);
        assertThat(ask(guest, "query-block")).contains("\"virtual-size\":1024");
    }

    @Test
    void theGuestsProcessIsConfined() throws IOException {
        GuestSpec guest = spec(List.of(), Map.of());
        compute.spawn(guest);
        Path directory = state.resolve("guests").resolve(guest.guestId());
        String pid = Files.readString(directory.resolve("pid")).strip();
        assertThat(Files.readString(Path.of("/proc", pid, "status")))
                .contains("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2");
        assertThat(Files.readString(Path.of("/proc", pid, "environ")).split("\0"))
                .hasSizeLessThanOrEqualTo(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void theSeventeenthCardIsRefused() {
        List<Vif> vifs = vifs(17);
        GuestSpec guest = spec(vifs, Map.of());
        assertThatThrownBy(() -> compute.spawn(guest)).hasMessageContaining("at most 16 interfaces");
    }

    @Test
    void aLongStateDirectoryDoesNotKeepGuestsFromRunning() throws IOException {
        Path deep = state.resolve("d".repeat(60)).resolve("e".repeat(60));
        Files.createDirectories(deep);
        try (Compute far = Compute.start(
                ComputeConfig.DEFAULTS.with(ComputeConfig.VirtType.QEMU),
                deep,
                "host-1",
                InstantSource.system(),
                change -> {})) {
            GuestSpec guest = spec(List.of(), Map.of());
            assertThat(far.spawn(guest).state()).isEqualTo(PowerState.RUNNING);
            Path socket = Path.of(
                    far.console(new ConsoleQuery(guest.guestId(), "vnc")).socket());
            assertThat(socket).exists();
            far.destroy(new GuestRef(guest.guestId()));
            assertThat(socket.getParent()).doesNotExist();
            Files.deleteIfExists(socket.getParent().getParent());
        }
    }

    @Test
    void theReportSaysWhatRunsGuests() {
        HostReport report = compute.report();
        assertThat(report.hypervisorType()).isEqualTo("QEMU");
        assertThat(report.hypervisorVersion()).isGreaterThan(6_000_000);
        assertThat(report.traits())
                .contains("COMPUTE_IMAGE_TYPE_QCOW2", "COMPUTE_NET_VIF_MODEL_VIRTIO")
                .noneMatch(trait -> trait.startsWith("HW_CPU_X86_"));
        assertThat(QemuTraits.of(true, List.of("avx", "pni", "vmx", "unheard-of")))
                .contains("HW_CPU_X86_AVX", "HW_CPU_X86_SSE3", "HW_CPU_X86_VMX", "HW_CPU_X86_INTEL_VMX")
                .noneMatch(trait -> trait.contains("HEARD"));
    }
}

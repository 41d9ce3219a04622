package io.nacre.network.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.Ref;
import io.nacre.network.DeviceNames;
import io.nacre.network.Specs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coming, going, and being found again. */
class LifecycleTest {
    @TempDir
    Path directory;

    private DataPlane plane;
    private Namespaces namespaces;
    private NetworkSpec network;

    @BeforeEach
    void start() {
        plane = DataPlane.start(directory);
        namespaces = new Namespaces(plane.tools);
        network = Specs.withDhcp(
                Specs.network(1, 1),
                1,
                Specs.dhcp(
                        20,
                        List.of("10.0.0.2/24"),
                        List.of(Specs.subnet("10.0.0.0/24", null, false)),
                        Specs.reservation(2, "10.0.0.5"),
                        Specs.reservation(3, "10.0.0.6")));
        plane.network().applyNetwork(network);
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private PortSpec port(int number, String address) {
        return Specs.filtered(Specs.port(number, 1, network, address), 1, Rules.everythingOut());
    }

    private String rules() {
        return plane.tools.run(null, "ip", "netns", "exec", plane.namespace(), "nft", "list", "ruleset");
    }

    @Test
    void unpluggedPortLeavesNothing() {
        String before = rules();
        plane.network().applyPort(port(2, "10.0.0.5"));
        assertThat(rules()).contains(DeviceNames.port(Specs.id(2)));
        plane.network().removePort(new Ref(Specs.id(2)));
        assertThat(rules()).isEqualTo(before);
        assertThat(Link.find(plane.tools, plane.namespace(), DeviceNames.port(Specs.id(2))))
                .isEmpty();
    }

    @Test
    void purgeLeavesNothing() throws Exception {
        plane.network().applyPort(port(2, "10.0.0.5"));
        ProcessHandle process =
                ProcessHandle.of(plane.dhcpProcess(network.id())).orElseThrow();
        String name = plane.namespace();
        Path run = plane.runDirectory();
        assertThat(namespaces.list(name)).hasSize(2);
        plane.network().purge();

        assertThat(namespaces.list(name)).isEmpty();
        assertThat(run).doesNotExist();
        Wait.until("the process ended", () -> !process.isAlive());
        try (var files = Files.walk(directory.resolve("state"))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        plane.restart();
        assertThat(plane.network().inventory().networks()).isEmpty();
    }

    @Test
    void everythingComesBackAfterTheHostWasStartedAgain() throws Exception {
        plane.network().applyPort(port(2, "10.0.0.5"));
        plane.network().applyPort(port(3, "10.0.0.6"));
        String name = plane.namespace();
        plane.network().close();
        // A reboot takes all processes, namespaces and /run.
        ProcessHandle.of(plane.dhcpProcess(network.id())).orElseThrow().destroyForcibly();
        plane.tools.run(null, "rm", "-r", plane.runDirectory().toString());
        namespaces.list(name).forEach(namespaces::delete);
        plane.restart();

        Guest one = new Guest(plane.tools, name, port(2, "10.0.0.5"), directory);
        try (one) {
            assertThat(one.lease(Duration.ofSeconds(8))).containsEntry("ip", "10.0.0.5");
            assertThat(one.get("http://169.254.169.254/")).isEqualTo("you are 10.0.0.5\n");
            assertThat(plane.network().inventory().ports()).hasSize(2);
        }
    }

    @Test
    void strayPortIsClosedAndShown() throws Exception {
        plane.network().applyPort(port(2, "10.0.0.5"));
        plane.network().close();
        Files.delete(directory.resolve("state/network/ports/" + Specs.id(2) + ".json"));
        plane.restart();

        String device = DeviceNames.port(Specs.id(2));
        assertThat(Link.find(plane.tools, plane.namespace(), device))
                .hasValueSatisfying(link -> assertThat(link.up()).isFalse());
        assertThat(plane.network().inventory().ports()).containsExactly(new Ref(Specs.id(2)));
        plane.network().removePort(new Ref(Specs.id(2)));
        assertThat(plane.network().inventory().ports()).isEmpty();
    }

    @Test
    void portWithoutItsFilterIsMissed() {
        plane.network().applyPort(port(2, "10.0.0.5"));
        plane.tools.run(
                null, "ip", "netns", "exec", plane.namespace(), "nft", "flush", "map", "bridge", "dp", "in_ports");
        assertThat(plane.network().inventory().ports()).isEmpty();
        plane.network().applyPort(port(2, "10.0.0.5"));
        assertThat(plane.network().inventory().ports()).containsExactly(new Ref(Specs.id(2)));
    }

    @Test
    void faultyDeclarationInTheJournalDoesNotCostTheOthers() {
        NetworkSpec nowhere = new NetworkSpec(Specs.id(7), 1, 0, 1500, List.of(), "no-such-place", null);
        assertThatThrownBy(() -> plane.network().applyNetwork(nowhere)).isInstanceOf(FaultException.class);
        plane.network().applyPort(port(2, "10.0.0.5"));
        plane.restart();

        assertThat(plane.network().inventory().networks()).containsExactly(new Ref(network.id()));
        assertThat(plane.network().inventory().ports()).containsExactly(new Ref(Specs.id(2)));
    }

    @Test
    void manyAtOnceDoNotDisturbEachOther() throws Exception {
        int count = 40;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = 100 + i;
                done.add(threads.submit(() -> {
                    plane.network().applyPort(port(number, "10.0.0." + number));
                    if (number % 2 == 0) {
                        plane.network().removePort(new Ref(Specs.id(number)));
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
        assertThat(plane.network().inventory().ports()).hasSize(count / 2);
        plane.network().removeNetwork(new Ref(network.id()));
        assertThat(plane.network().inventory().ports()).isEmpty();
        assertThat(rules()).doesNotContain("tap");
    }

    @Test
    void processesServeWhereTheLibraryIsMissing() {
        plane.network().applyPort(port(2, "10.0.0.5"));
        try (Nftables nft = FilterAccess.processes(plane.tools).open(plane.namespace())) {
            assertThat(nft.run("list map bridge dp in_ports\n")).contains(DeviceNames.port(Specs.id(2)));
            assertThatThrownBy(() -> nft.run("add rule bridge nowhere x accept\n"))
                    .isInstanceOf(FaultException.class);
        }
    }
}

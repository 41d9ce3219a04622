package io.nacre.network.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.contracts.node.NetworkNode.Dhcp;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.network.DeviceNames;
import io.nacre.network.Specs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts: each has a namespace with an address on the network between them, and an agent with its data plane. */
class TunnelTest {
    private static final String ONE = "192.0.2.1";
    private static final String TWO = "192.0.2.2";

    @TempDir
    Path directory;

    private final Tools tools = new Tools();
    private final Namespaces namespaces = new Namespaces(tools);
    private final String underlayOne = "nwt" + ProcessHandle.current().pid() + "-u1";
    private final String underlayTwo = "nwt" + ProcessHandle.current().pid() + "-u2";
    private DataPlane one;
    private DataPlane two;

    @BeforeEach
    void start() {
        Kernel.assumeRoot();
        namespaces.ensure(underlayOne);
        namespaces.ensure(underlayTwo);
        tools.ip(
                underlayOne,
                List.of("link add ul mtu 1600 type veth peer name ul mtu 1600 netns " + underlayTwo, "link set ul up"));
        tools.ip(underlayTwo, List.of("link set ul up", "address add " + TWO + "/24 dev ul"));
        tools.ip(underlayOne, List.of("address add " + ONE + "/24 dev ul"));
        one = new DataPlane(DataPlane.config(ONE, underlayOne), directory.resolve("one"));
        two = new DataPlane(DataPlane.config(TWO, underlayTwo), directory.resolve("two"));
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        namespaces.delete(underlayOne);
        namespaces.delete(underlayTwo);
    }

    private static NetworkSpec network(long generation, int segmentation, List<String> peers, @Nullable Dhcp dhcp) {
        return new NetworkSpec(Specs.id(1), generation, segmentation, Specs.MTU, peers, null, dhcp);
    }

    @Test
    void guestsOfTwoHostsReachEachOtherWhileTheHostsArePeers() {
        NetworkSpec network = network(1, 100, List.of(ONE, TWO), null);
        one.network().applyNetwork(network);
        two.network().applyNetwork(network);
        Guest here = one.boot(Specs.port(2, 1, network, "10.0.0.5"));
        two.boot(Specs.port(3, 1, network, "10.0.0.6"));
        assertThat(here.reaches("10.0.0.6")).isTrue();

        one.network().applyNetwork(network(2, 100, List.of(ONE), null));
        one.tools.bridge(one.namespace(), List.of("fdb flush dev " + DeviceNames.tunnel(Specs.id(1)) + " dynamic"));
        here.ip("neighbor flush dev eth0");
        assertThat(here.pings("10.0.0.6")).isFalse();

        one.network().applyNetwork(network(3, 100, List.of(ONE, TWO), null));
        assertThat(here.reaches("10.0.0.6")).isTrue();
    }

    @Test
    void anotherSegmentationIsAnotherNetwork() {
        NetworkSpec network = network(1, 100, List.of(ONE, TWO), null);
        one.network().applyNetwork(network);
        two.network().applyNetwork(network(1, 101, List.of(ONE, TWO), null));
        Guest here = one.boot(Specs.port(2, 1, network, "10.0.0.5"));
        two.boot(Specs.port(3, 1, network, "10.0.0.6"));
        assertThat(here.pings("10.0.0.6")).isFalse();

        two.network().applyNetwork(network(2, 100, List.of(ONE, TWO), null));
        assertThat(here.reaches("10.0.0.6")).isTrue();
    }

    @Test
    void addressAndMetadataComeFromTheHostThatServesThem() throws Exception {
        Dhcp dhcp = Specs.dhcp(
                20,
                List.of("10.0.0.2/24"),
                List.of(Specs.subnet("10.0.0.0/24", null, false)),
                Specs.reservation(3, "10.0.0.6"));
        one.network().applyNetwork(network(1, 100, List.of(ONE, TWO), dhcp));
        NetworkSpec network = network(1, 100, List.of(ONE, TWO), null);
        two.network().applyNetwork(network);
        PortSpec port = Specs.filtered(Specs.port(3, 1, network, "10.0.0.6"), 1, Rules.everythingOut());
        Guest there = two.plug(port);

        assertThat(there.lease(Duration.ofSeconds(10))).containsEntry("ip", "10.0.0.6");
        assertThat(there.get("http://169.254.169.254/")).isEqualTo("you are 10.0.0.6\n");
        assertThat(one.queries).hasSize(1);
        assertThat(two.queries).isEmpty();
    }

    @Test
    void filtersHoldAcrossHostsAndTunnelsSurviveARestart() throws Exception {
        NetworkSpec network = network(1, 100, List.of(ONE, TWO), null);
        one.network().applyNetwork(network);
        two.network().applyNetwork(network);
        Guest here = one.boot(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1, Rules.everythingOut()));
        Guest there = two.boot(Specs.filtered(Specs.port(3, 1, network, "10.0.0.6"), 1, Rules.in("tcp", 80, 80, null)));
        there.listen(80);
        there.listen(81);
        one.restart();
        two.restart();
        Wait.until("the way is found", () -> here.connects("10.0.0.6", 80));
        assertThat(here.connects("10.0.0.6", 81)).isFalse();
    }
}

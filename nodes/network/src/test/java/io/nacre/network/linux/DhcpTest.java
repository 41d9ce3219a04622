package io.nacre.network.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.contracts.node.MetadataSource.Query;
import io.nacre.contracts.node.NetworkNode.Dhcp;
import io.nacre.contracts.node.NetworkNode.DhcpSubnet;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.Ref;
import io.nacre.contracts.node.NetworkNode.Reservation;
import io.nacre.network.Specs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DhcpTest {
    private static final Duration SOON = Duration.ofSeconds(8);
    private static final List<String> SERVICE = List.of("10.0.0.2/24");

    @TempDir
    Path directory;

    private DataPlane plane;
    private final NetworkSpec bare = Specs.network(1, 1);

    @BeforeEach
    void start() {
        plane = DataPlane.start(directory);
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private NetworkSpec serve(long generation, DhcpSubnet subnet, Reservation... guests) {
        NetworkSpec network = Specs.withDhcp(bare, generation, Specs.dhcp(20, SERVICE, List.of(subnet), guests));
        plane.network().applyNetwork(network);
        return network;
    }

    @Test
    void guestGetsItsAddressAndWhatBelongsToIt() throws Exception {
        DhcpSubnet subnet = new DhcpSubnet(
                Specs.id(50),
                "10.0.0.0/24",
                "10.0.0.1",
                List.of("9.9.9.9"),
                Map.of("10.7.0.0/16", "10.0.0.77"),
                null,
                true);
        NetworkSpec network = serve(1, subnet, Specs.reservation(2, "10.0.0.5"));
        Guest guest = plane.plug(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1));

        Map<String, String> lease = guest.lease(SOON);
        assertThat(lease)
                .containsEntry("ip", "10.0.0.5")
                .containsEntry("mask", "24")
                .containsEntry("dns", "9.9.9.9")
                .containsEntry("domain", "openstacklocal")
                .containsEntry("hostname", "guest-2")
                .containsEntry("mtu", String.valueOf(Specs.MTU))
                .containsEntry("staticroutes", "10.7.0.0/16 10.0.0.77 0.0.0.0/0 10.0.0.1");
    }

    @Test
    void isolatedSubnetHasMetadataRouteAndNoGateway() throws Exception {
        NetworkSpec network = serve(1, Specs.subnet("10.0.0.0/24", null, false), Specs.reservation(2, "10.0.0.5"));
        Guest guest = plane.plug(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1));

        assertThat(guest.lease(SOON))
                .containsEntry("staticroutes", "169.254.169.254/32 10.0.0.2")
                .containsEntry("dns", "10.0.0.2")
                .doesNotContainKey("router");
    }

    @Test
    void strangersGetNothing() throws Exception {
        NetworkSpec network = serve(1, Specs.subnet("10.0.0.0/24", null, false), Specs.reservation(2, "10.0.0.5"));
        Guest stranger = plane.plug(Specs.port(3, 1, network, "10.0.0.6"));

        assertThat(stranger.lease(Duration.ofSeconds(2))).isEmpty();
    }

    @Test
    void laterPortIsServedByTheSameProcess() throws Exception {
        DhcpSubnet subnet = Specs.subnet("10.0.0.0/24", "10.0.0.1", false);
        NetworkSpec network = serve(1, subnet, Specs.reservation(2, "10.0.0.5"));
        long process = plane.dhcpProcess(bare.id());
        serve(2, subnet, Specs.reservation(2, "10.0.0.5"), Specs.reservation(3, "10.0.0.6"));
        Guest later = plane.plug(Specs.filtered(Specs.port(3, 1, network, "10.0.0.6"), 1));

        assertThat(later.lease(SOON)).containsEntry("ip", "10.0.0.6");
        assertThat(plane.dhcpProcess(bare.id())).isEqualTo(process);
    }

    @Test
    void changedOptionsReachGuestsWithoutNewProcess() throws Exception {
        NetworkSpec network = serve(1, Specs.subnet("10.0.0.0/24", "10.0.0.1", true), Specs.reservation(2, "10.0.0.5"));
        long process = plane.dhcpProcess(bare.id());
        Guest guest = plane.plug(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1));
        assertThat(guest.lease(SOON)).containsEntry("router", "10.0.0.1");

        serve(2, Specs.subnet("10.0.0.0/24", "10.0.0.254", true), Specs.reservation(2, "10.0.0.5"));
        Wait.until(
                "the new gateway", () -> "10.0.0.254".equals(guest.lease(SOON).get("router")));
        assertThat(plane.dhcpProcess(bare.id())).isEqualTo(process);
    }

    @Test
    void addressPassesToAnotherPortWhileItsLeaseRuns() throws Exception {
        DhcpSubnet subnet = Specs.subnet("10.0.0.0/24", null, false);
        NetworkSpec network = serve(1, subnet, Specs.reservation(2, "10.0.0.5"));
        Guest first = plane.plug(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1));
        assertThat(first.lease(SOON)).containsEntry("ip", "10.0.0.5");
        plane.network().removePort(new Ref(Specs.id(2)));
        serve(2, subnet);
        serve(3, subnet, Specs.reservation(3, "10.0.0.5"));

        Guest second = plane.plug(Specs.filtered(Specs.port(3, 1, network, "10.0.0.5"), 1));
        assertThat(second.lease(SOON)).containsEntry("ip", "10.0.0.5");
    }

    @Test
    void badOptionOfOnePortCostsNobodyAnAddress() throws Exception {
        DhcpSubnet subnet = Specs.subnet("10.0.0.0/24", null, false);
        Reservation good = new Reservation(
                Specs.id(2), Specs.mac(2), List.of("10.0.0.5"), "guest-2", Map.of("tftp-server", "10.0.0.9"));
        Reservation bad = new Reservation(
                Specs.id(3), Specs.mac(3), List.of("10.0.0.6"), "guest-3", Map.of("no-such-option", "1"));
        NetworkSpec network = serve(1, subnet, good, bad);
        Guest guest = plane.plug(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1));
        Guest other = plane.plug(Specs.filtered(Specs.port(3, 1, network, "10.0.0.6"), 1));

        assertThat(guest.lease(SOON)).containsEntry("ip", "10.0.0.5").containsEntry("tftp", "10.0.0.9");
        assertThat(other.lease(SOON)).containsEntry("ip", "10.0.0.6");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ignore", "1234", "30m", "infinite"})
    void nameThatIsAWordOfTheServiceIsOnlyAName(String name) throws Exception {
        Reservation named = new Reservation(Specs.id(2), Specs.mac(2), List.of("10.0.0.5"), name, Map.of());
        NetworkSpec network = serve(1, Specs.subnet("10.0.0.0/24", null, false), named);
        Guest guest = plane.plug(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1));
        assertThat(guest.lease(SOON)).containsEntry("ip", "10.0.0.5").containsEntry("hostname", name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"under_score", "-dash", ""})
    void nameThatIsNoneCostsNobodyAnAddress(String name) throws Exception {
        Reservation named = new Reservation(Specs.id(2), Specs.mac(2), List.of("10.0.0.5"), name, Map.of());
        NetworkSpec network = serve(1, Specs.subnet("10.0.0.0/24", null, false), named);
        Guest guest = plane.plug(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1));
        assertThat(guest.lease(SOON)).containsEntry("ip", "10.0.0.5");
    }

    @Test
    void killedServiceIsStartedAgain() throws Exception {
        NetworkSpec network = serve(1, Specs.subnet("10.0.0.0/24", null, false), Specs.reservation(2, "10.0.0.5"));
        long process = plane.dhcpProcess(bare.id());
        ProcessHandle.of(process).orElseThrow().destroyForcibly();
        Wait.until("another process", () -> plane.dhcpProcess(bare.id()) != process);

        Guest guest = plane.plug(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1));
        assertThat(guest.lease(SOON)).containsEntry("ip", "10.0.0.5");
    }

    @Test
    void restartedAgentKeepsTheProcessAndAnswersForMetadata() throws Exception {
        NetworkSpec network = serve(1, Specs.subnet("10.0.0.0/24", null, false), Specs.reservation(2, "10.0.0.5"));
        Guest guest = plane.plug(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1, Rules.everythingOut()));
        long process = plane.dhcpProcess(bare.id());
        plane.restart();

        assertThat(plane.dhcpProcess(bare.id())).isEqualTo(process);
        assertThat(guest.lease(SOON)).containsEntry("ip", "10.0.0.5");
        assertThat(guest.get("http://169.254.169.254/x")).isEqualTo("you are 10.0.0.5\n");
    }

    @Test
    void strangeProcessIsNotTakenForTheService() throws Exception {
        serve(1, Specs.subnet("10.0.0.0/24", null, false));
        ProcessHandle.of(plane.dhcpProcess(bare.id())).orElseThrow().destroyForcibly();
        Process other = new ProcessBuilder("sleep", "60").start();
        Path pid = plane.runDirectory().resolve("dhcp").resolve(bare.id()).resolve("pid");
        Files.writeString(pid, other.pid() + "\n");
        Wait.until("the service runs again", () -> plane.dhcpProcess(bare.id()) != other.pid());

        assertThat(other.isAlive()).isTrue();
        other.destroyForcibly();
    }

    @Test
    void metadataKnowsEachGuestByNetworkAndAddress() throws Exception {
        NetworkSpec network = serve(
                1,
                Specs.subnet("10.0.0.0/24", null, false),
                Specs.reservation(2, "10.0.0.5"),
                Specs.reservation(3, "10.0.0.6"));
        Guest one = plane.plug(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1, Rules.everythingOut()));
        Guest two = plane.plug(Specs.filtered(Specs.port(3, 1, network, "10.0.0.6"), 1, Rules.everythingOut()));
        one.lease(SOON);
        two.lease(SOON);

        assertThat(one.get("http://169.254.169.254/openstack/latest/meta_data.json"))
                .isEqualTo("you are 10.0.0.5\n");
        assertThat(two.get("http://169.254.169.254/latest/meta-data/")).isEqualTo("you are 10.0.0.6\n");
        assertThat(plane.queries)
                .containsExactly(
                        new Query(bare.id(), "10.0.0.5", "GET", "/openstack/latest/meta_data.json", ""),
                        new Query(bare.id(), "10.0.0.6", "GET", "/latest/meta-data/", ""));
    }

    @Test
    void portsAreKnownByNameAndNothingElseIs() throws Exception {
        NetworkSpec network = serve(
                1,
                Specs.subnet("10.0.0.0/24", null, false),
                Specs.reservation(2, "10.0.0.5"),
                Specs.reservation(3, "10.0.0.6"));
        Guest guest = plane.plug(Specs.filtered(Specs.port(2, 1, network, "10.0.0.5"), 1, Rules.everythingOut()));
        guest.lease(SOON);

        assertThat(guest.attempt("busybox", "nslookup", "guest-3.openstacklocal", "10.0.0.2")
                        .out())
                .contains("10.0.0.6");
        assertThat(guest.attempt("busybox", "nslookup", "example.org", "10.0.0.2")
                        .out())
                .contains("REFUSED");
    }

    @Test
    void serviceGoesWhenTheNetworkNoLongerHasIt() throws Exception {
        serve(1, Specs.subnet("10.0.0.0/24", null, false));
        ProcessHandle process = ProcessHandle.of(plane.dhcpProcess(bare.id())).orElseThrow();
        plane.network().applyNetwork(Specs.withDhcp(bare, 2, null));

        Wait.until("the process ended", () -> !process.isAlive());
        assertThat(new Namespaces(plane.tools).list(plane.namespace() + "-dhcp-"))
                .isEmpty();
        Dhcp again = Specs.dhcp(20, SERVICE, List.of(Specs.subnet("10.0.0.0/24", null, false)));
        plane.network().applyNetwork(Specs.withDhcp(bare, 3, again));
        assertThat(ProcessHandle.of(plane.dhcpProcess(bare.id()))).isPresent();
    }
}

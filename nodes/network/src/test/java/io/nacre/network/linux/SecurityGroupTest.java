package io.nacre.network.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.contracts.node.NetworkNode.AddressPair;
import io.nacre.contracts.node.NetworkNode.FilterRule;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.network.Specs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every test first sees the traffic pass, so that a network that carries nothing does not look secure. */
class SecurityGroupTest {
    private static final String CLIENT = "10.0.0.5";
    private static final String SERVER = "10.0.0.6";

    @TempDir
    Path directory;

    private DataPlane plane;
    private final NetworkSpec network = Specs.network(1, 1);
    private final PortSpec client = Specs.port(2, 1, network, CLIENT, "fd00::5");
    private final PortSpec server = Specs.port(3, 1, network, SERVER, "fd00::6");

    @BeforeEach
    void start() {
        plane = DataPlane.start(directory);
        plane.network().applyNetwork(network);
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private static FilterRule out6() {
        return new FilterRule(false, "IPv6", null, null, null, null, true);
    }

    private static FilterRule in6(String protocol, Integer min, Integer max, List<String> remotes) {
        return new FilterRule(true, "IPv6", protocol, min, max, remotes, true);
    }

    private Guest bootClient() {
        return plane.boot(Specs.filtered(client, 1, Rules.everythingOut(), out6()));
    }

    private void setServer(long generation, FilterRule... rules) {
        plane.network().applyPort(Specs.filtered(server, generation, rules));
    }

    @Test
    void unfilteredPortsReachEachOther() {
        Guest one = plane.boot(client);
        plane.boot(server);
        assertThat(one.reaches(SERVER)).isTrue();
        assertThat(one.reaches("fd00::6")).isTrue();
    }

    @Test
    void onlyTheAllowedTcpPortIsOpen() throws Exception {
        Guest from = bootClient();
        Guest to = plane.boot(Specs.filtered(server, 1, Rules.in("tcp", 80, 81, null)));
        to.listen(80);
        to.listen(81);
        to.listen(82);
        assertThat(from.connects(SERVER, 80)).isTrue();
        assertThat(from.connects(SERVER, 81)).isTrue();
        assertThat(from.connects(SERVER, 82)).isFalse();
        assertThat(from.pings(SERVER)).isFalse();
    }

    @Test
    void pingNeedsItsRuleByNameOrNumberAndType() {
        Guest from = bootClient();
        plane.boot(Specs.filtered(server, 1, Rules.in("icmp", null, null, null)));
        assertThat(from.reaches(SERVER)).isTrue();
        setServer(2, Rules.in("1", 8, 0, null));
        assertThat(from.pings(SERVER)).isTrue();
        setServer(3, Rules.in("icmp", 13, null, null));
        assertThat(from.pings(SERVER)).isFalse();
        setServer(4);
        assertThat(from.pings(SERVER)).isFalse();
    }

    @Test
    void remoteDecidesWhoMayCome() throws Exception {
        Guest from = bootClient();
        Guest to = plane.boot(Specs.filtered(server, 1, Rules.in("tcp", 80, 80, List.of("10.0.0.0/29"))));
        to.listen(80);
        assertThat(from.connects(SERVER, 80)).isTrue();
        setServer(2, Rules.in("tcp", 80, 80, List.of("10.0.0.8/29", "192.168.0.0/16")));
        assertThat(from.connects(SERVER, 80)).isFalse();
        setServer(3, Rules.in("tcp", 80, 80, List.of("10.0.0.5", "10.0.0.0/28", "10.0.0.5/32")));
        assertThat(from.connects(SERVER, 80)).isTrue();
        setServer(4, Rules.in("tcp", 80, 80, List.of()));
        assertThat(from.connects(SERVER, 80)).isFalse();
        setServer(5, Rules.in("tcp", 80, 80, List.of("0.0.0.0/0")));
        assertThat(from.connects(SERVER, 80)).isTrue();
    }

    @Test
    void egressIsClosedWithoutRuleAndAnswersComeBackByThemselves() throws Exception {
        Guest from = bootClient();
        Guest to = plane.boot(Specs.filtered(server, 1, Rules.in("tcp", 80, 80, null)));
        to.listen(80);
        // The client has no rule for what comes in: the answers pass because it asked.
        assertThat(from.connects(SERVER, 80)).isTrue();

        plane.network().applyPort(Specs.filtered(client, 2));
        assertThat(from.connects(SERVER, 80)).isFalse();
        FilterRule onlyWeb = new FilterRule(false, "IPv4", "tcp", 80, 80, List.of(SERVER + "/32"), true);
        plane.network().applyPort(Specs.filtered(client, 3, onlyWeb));
        assertThat(from.connects(SERVER, 80)).isTrue();
    }

    @Test
    void statelessAnswersNeedTheirOwnRule() {
        Guest from = bootClient();
        plane.boot(server);
        FilterRule out = Rules.stateless(Rules.everythingOut());
        assertThat(from.reaches(SERVER)).isTrue();
        plane.network().applyPort(Specs.filtered(client, 2, out));
        assertThat(from.pings(SERVER)).isFalse();
        FilterRule answers = Rules.stateless(Rules.in("icmp", 0, 0, null));
        plane.network().applyPort(Specs.filtered(client, 3, out, answers));
        assertThat(from.reaches(SERVER)).isTrue();
    }

    @Test
    void takenRuleEndsTheConnectionItAllowed() throws Exception {
        Guest from = bootClient();
        plane.boot(Specs.filtered(server, 1, Rules.in("icmp", null, null, null)));
        assertThat(from.reaches(SERVER)).isTrue();
        Path seen = directory.resolve("seen");
        Process stream = from.stream(SERVER, seen);
        try {
            Wait.until("answers come", () -> Guest.answers(seen) > 3);
            setServer(2);
            // All questions belong to one connection, and all fifteen are asked.
            assertThat(stream.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(Guest.answers(seen)).isLessThan(10);
        } finally {
            stream.destroyForcibly();
        }
    }

    @Test
    void foreignAddressesAreNotForwarded() {
        Guest from = bootClient();
        plane.boot(server);
        assertThat(from.reaches(SERVER)).isTrue();

        from.ip("address add 10.0.0.77/24 dev eth0");
        assertThat(from.pings(SERVER, "10.0.0.77")).isFalse();
        assertThat(from.attempt("busybox", "arping", "-c", "2", "-w", "2", "-I", "eth0", "-s", "10.0.0.77", SERVER)
                        .exit())
                .isNotZero();
        assertThat(from.attempt("busybox", "arping", "-c", "2", "-w", "2", "-I", "eth0", "-s", CLIENT, SERVER)
                        .exit())
                .isZero();
    }

    @Test
    void foreignHardwareAddressIsNotForwarded() {
        Guest from = bootClient();
        plane.boot(server);
        assertThat(from.reaches(SERVER)).isTrue();

        from.ip("link set dev eth0 address fa:16:3e:99:99:99");
        assertThat(from.pings(SERVER)).isFalse();
        from.ip("link set dev eth0 address " + client.mac());
        assertThat(from.reaches(SERVER)).isTrue();
    }

    @Test
    void allowedPairsOpenFurtherAddresses() {
        PortSpec paired = new PortSpec(
                client.id(),
                1,
                network.id(),
                client.mac(),
                client.addresses(),
                List.of(
                        new AddressPair("10.0.0.64/28", null),
                        new AddressPair("10.0.0.200/32", "fa:16:3e:aa:aa:aa"),
                        new AddressPair("fd00::100/120", null)),
                Specs.MTU,
                true,
                null);
        Guest from = plane.boot(Specs.filtered(paired, 1, Rules.everythingOut(), out6()));
        plane.boot(server);
        from.ip("address add 10.0.0.77/24 dev eth0", "address add 10.0.0.80/24 dev eth0");
        assertThat(from.reaches(SERVER, "10.0.0.77")).isTrue();
        assertThat(from.pings(SERVER, "10.0.0.80")).isFalse();
        from.ip("address add fd00::107/64 dev eth0 nodad");
        assertThat(from.reaches("fd00::6", "fd00::107")).isTrue();

        from.ip("link set dev eth0 address fa:16:3e:aa:aa:aa", "address add 10.0.0.200/24 dev eth0");
        assertThat(from.reaches(SERVER, "10.0.0.200")).isTrue();
        assertThat(from.pings(SERVER, CLIENT)).isFalse();
    }

    @Test
    void rulesHoldForIpv6() throws Exception {
        Guest from = bootClient();
        Guest to = plane.boot(Specs.filtered(server, 1, in6("tcp", 80, 80, List.of("fd00::/64"))));
        to.listen(80);
        to.listen(81);
        Wait.until("the way is found", () -> from.connects("fd00::6", 80));
        assertThat(from.connects("fd00::6", 81)).isFalse();
        assertThat(from.pings("fd00::6")).isFalse();
        setServer(2, in6("icmp", null, null, null));
        assertThat(from.pings("fd00::6")).isTrue();
        setServer(3, in6("ipv6-icmp", 128, 0, List.of("fd00::5/128")));
        assertThat(from.pings("fd00::6")).isTrue();
        setServer(4, in6("ipv6-icmp", 128, 0, List.of("fd00::7/128")));
        assertThat(from.pings("fd00::6")).isFalse();

        from.ip("address add fd00::77/64 dev eth0 nodad");
        setServer(5, in6("icmp", null, null, null));
        assertThat(from.pings("fd00::6", "fd00::77")).isFalse();
    }

    @Test
    void portSecurityCanBeTakenOffAndPutOn() {
        Guest from = bootClient();
        plane.boot(Specs.filtered(server, 1));
        assertThat(from.pings(SERVER)).isFalse();
        plane.network().applyPort(Specs.port(3, 2, network, SERVER));
        assertThat(from.reaches(SERVER)).isTrue();
        setServer(3);
        assertThat(from.pings(SERVER)).isFalse();
    }

    @Test
    void portThatIsDownCarriesNothing() {
        Guest from = bootClient();
        plane.boot(server);
        assertThat(from.reaches(SERVER)).isTrue();
        PortSpec down = new PortSpec(
                server.id(), 2, network.id(), server.mac(), server.addresses(), List.of(), Specs.MTU, false, null);
        plane.network().applyPort(down);
        assertThat(from.pings(SERVER)).isFalse();
        plane.network().applyPort(Specs.port(3, 3, network, SERVER));
        assertThat(from.reaches(SERVER)).isTrue();
    }

    @Test
    void equalAddressesInTwoNetworksDoNotMeet() throws Exception {
        Guest from = bootClient();
        Guest to = plane.boot(Specs.filtered(server, 1, Rules.in("tcp", 80, 80, null)));
        NetworkSpec other = Specs.network(11, 1);
        plane.network().applyNetwork(other);
        Guest otherFrom = plane.boot(Specs.filtered(Specs.port(12, 1, other, CLIENT), 1, Rules.everythingOut()));
        Guest otherTo = plane.boot(Specs.filtered(Specs.port(13, 1, other, SERVER), 1, Rules.in("tcp", 81, 81, null)));
        to.listen(80);
        to.listen(81);
        otherTo.listen(80);
        otherTo.listen(81);
        for (int i = 0; i < 3; i++) {
            assertThat(from.connects(SERVER, 80)).isTrue();
            assertThat(from.connects(SERVER, 81)).isFalse();
            assertThat(otherFrom.connects(SERVER, 80)).isFalse();
            assertThat(otherFrom.connects(SERVER, 81)).isTrue();
        }
    }

    @Test
    void rulesSurviveARestartOfTheAgent() throws Exception {
        Guest from = bootClient();
        Guest to = plane.boot(Specs.filtered(server, 1, Rules.in("tcp", 80, 80, null)));
        to.listen(80);
        to.listen(81);
        assertThat(from.connects(SERVER, 80)).isTrue();
        plane.restart();
        assertThat(from.connects(SERVER, 80)).isTrue();
        assertThat(from.connects(SERVER, 81)).isFalse();
        setServer(2, Rules.in("tcp", 81, 81, null));
        assertThat(from.connects(SERVER, 80)).isFalse();
        assertThat(from.connects(SERVER, 81)).isTrue();
    }
}

package io.nacre.network.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.contracts.node.MetadataSource.Query;
import io.nacre.contracts.node.NetworkNode.FloatingIp;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.Ref;
import io.nacre.contracts.node.NetworkNode.RouterLeg;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import io.nacre.network.Specs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tenant networks and the external one, 172.24.4.0/24, in which .50 plays somebody on the Internet. */
class RouterTest {
    private static final String OUTSIDE = "172.24.4.50";
    private static final String GATEWAY = "172.24.4.10";

    @TempDir
    Path directory;

    private DataPlane plane;
    private final NetworkSpec left = Specs.network(1, 1);
    private final NetworkSpec right = Specs.network(2, 1);
    private final NetworkSpec external = new NetworkSpec(Specs.id(3), 1, 0, 1500, List.of(), "public", null);
    private Guest one;
    private Guest other;
    private Guest outside;

    @BeforeEach
    void start() {
        plane = DataPlane.start(directory);
        plane.network().applyNetwork(left);
        plane.network().applyNetwork(right);
        plane.network().applyNetwork(external);
        one = plane.boot(Specs.port(11, 1, left, "10.0.1.5"));
        one.ip("route add default via 10.0.1.1");
        other = plane.boot(Specs.port(12, 1, right, "10.0.2.5"));
        other.ip("route add default via 10.0.2.1");
        outside = plane.boot(Specs.port(13, 1, external, OUTSIDE));
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private static RouterLeg leg(int port, NetworkSpec network, String... addresses) {
        return new RouterLeg(Specs.id(port), network.id(), Specs.mac(port), List.of(addresses), network.mtu());
    }

    private RouterSpec router(long generation, @Nullable String gateway, boolean snat, FloatingIp... floating) {
        return new RouterSpec(
                Specs.id(30),
                generation,
                List.of(leg(31, left, "10.0.1.1/24", "fd00:1::1/64"), leg(32, right, "10.0.2.1/24", "fd00:2::1/64")),
                gateway == null ? null : leg(33, external, gateway + "/24"),
                gateway == null ? null : "172.24.4.1",
                snat,
                Map.of(),
                List.of(floating));
    }

    private static FloatingIp floating(String floating, String fixed) {
        return new FloatingIp(Specs.id(90), floating, fixed);
    }

    @Test
    void guestsOfTwoNetworksReachEachOtherThroughTheRouter() {
        assertThat(one.pings("10.0.2.5")).isFalse();
        plane.network().applyRouter(router(1, null, false));
        assertThat(one.reaches("10.0.2.5")).isTrue();

        one.ip("address add fd00:1::5/64 dev eth0 nodad", "route add default via fd00:1::1");
        other.ip("address add fd00:2::5/64 dev eth0 nodad", "route add default via fd00:2::1");
        assertThat(one.reaches("fd00:2::5")).isTrue();
    }

    @Test
    void legThatIsTakenAwayIsNoWayAnyMore() {
        plane.network().applyRouter(router(1, null, false));
        assertThat(one.reaches("10.0.2.5")).isTrue();
        RouterSpec full = router(2, null, false);
        plane.network()
                .applyRouter(new RouterSpec(
                        full.id(), 2, full.legs().subList(0, 1), null, null, false, Map.of(), List.of()));
        assertThat(one.pings("10.0.2.5")).isFalse();
        plane.network().applyRouter(router(3, null, false));
        assertThat(one.reaches("10.0.2.5")).isTrue();
        plane.network().removeRouter(new Ref(Specs.id(30)));
        assertThat(one.pings("10.0.2.5")).isFalse();
    }

    @Test
    void guestsAreSeenOutsideWithTheRoutersAddress() throws Exception {
        outside.serve();
        plane.network().applyRouter(router(1, GATEWAY, true));
        Wait.until("the way out is found", () -> one.reaches(OUTSIDE));
        assertThat(one.seenBy(OUTSIDE)).isEqualTo(GATEWAY);
        assertThat(one.reaches("172.24.4.1")).isTrue();

        plane.network().applyRouter(router(2, GATEWAY, false));
        assertThat(one.pings(OUTSIDE)).isFalse();
        outside.ip("route add 10.0.1.0/24 via " + GATEWAY);
        assertThat(one.seenBy(OUTSIDE)).isEqualTo("10.0.1.5");
    }

    @Test
    void floatingAddressLeadsInAndOut() throws Exception {
        outside.serve();
        one.serve();
        plane.network().applyRouter(router(1, GATEWAY, true, floating("172.24.4.20", "10.0.1.5")));
        Wait.until("the way in is found", () -> outside.reaches("172.24.4.20"));
        assertThat(outside.seenBy("172.24.4.20")).isEqualTo(OUTSIDE);
        assertThat(one.seenBy(OUTSIDE)).isEqualTo("172.24.4.20");
        assertThat(other.seenBy(OUTSIDE)).isEqualTo(GATEWAY);
        // Guests may use it too, and from the host's namespace people log in.
        assertThat(other.seenBy("172.24.4.20")).isEqualTo(GATEWAY);
        assertThat(plane.tools
                        .attempt(
                                null,
                                List.of(
                                        "ip",
                                        "netns",
                                        "exec",
                                        plane.namespace(),
                                        "busybox",
                                        "wget",
                                        "-q",
                                        "-O",
                                        "-",
                                        "http://172.24.4.20/cgi-bin/caller"))
                        .out())
                .isEqualTo("172.24.4.1\n");
    }

    @Test
    void neighbourOfTheSameNetworkIsReachedByItsFloatingAddress() throws Exception {
        Guest neighbour = plane.boot(Specs.port(14, 1, left, "10.0.1.6"));
        neighbour.ip("route add default via 10.0.1.1");
        neighbour.serve();
        plane.network()
                .applyRouter(router(
                        1, GATEWAY, true, floating("172.24.4.20", "10.0.1.5"), floating("172.24.4.21", "10.0.1.6")));
        Wait.until("the way is found", () -> one.reaches("172.24.4.21"));
        assertThat(one.seenBy("172.24.4.21")).isEqualTo("172.24.4.20");
    }

    @Test
    void floatingAddressTakesItsConnectionsWithIt() throws Exception {
        one.serve();
        other.serve();
        plane.network().applyRouter(router(1, GATEWAY, true, floating("172.24.4.20", "10.0.1.5")));
        Wait.until("the way in is found", () -> outside.reaches("172.24.4.20"));
        Process stream = outside.stream("172.24.4.20", directory.resolve("seen"));
        Wait.until("answers come", () -> Guest.answers(directory.resolve("seen")) > 3);
        plane.network().applyRouter(router(2, GATEWAY, true, floating("172.24.4.20", "10.0.2.5")));
        // The kernel would translate the packets of this connection to the old guest for as long as they come.
        stream.waitFor();
        assertThat(Guest.answers(directory.resolve("seen"))).isLessThan(10);
        assertThat(outside.reaches("172.24.4.20")).isTrue();

        plane.network().applyRouter(router(3, GATEWAY, true));
        assertThat(outside.pings("172.24.4.20")).isFalse();
    }

    @Test
    void floatingAddressThatMovesToAnotherRouterIsFoundThere() throws Exception {
        plane.network().applyRouter(router(1, GATEWAY, true, floating("172.24.4.20", "10.0.1.5")));
        Wait.until("the way in is found", () -> outside.reaches("172.24.4.20"));
        RouterLeg inside = leg(41, right, "10.0.2.1/24");
        RouterSpec second = new RouterSpec(
                Specs.id(40),
                1,
                List.of(inside),
                leg(43, external, "172.24.4.11/24"),
                "172.24.4.1",
                true,
                Map.of(),
                List.of(floating("172.24.4.20", "10.0.2.5")));
        plane.network().applyRouter(router(2, GATEWAY, true));
        List<RouterLeg> legs = new ArrayList<>(router(3, GATEWAY, true).legs().subList(0, 1));
        plane.network().applyRouter(new RouterSpec(Specs.id(30), 3, legs, null, null, false, Map.of(), List.of()));
        plane.network().applyRouter(second);
        // Its neighbours were told, so that the first packet finds it.
        assertThat(outside.attempt("ip", "neighbor", "show", "172.24.4.20").out())
                .contains(Specs.mac(43));
        assertThat(outside.reaches("172.24.4.20")).isTrue();
    }

    @Test
    void routesOfTheRouterAreFollowed() {
        RouterSpec plain = router(1, null, false);
        plane.network().applyRouter(plain);
        other.ip("address add 192.168.7.1/32 dev lo");
        assertThat(one.pings("192.168.7.1")).isFalse();
        RouterSpec routed = new RouterSpec(
                plain.id(), 2, plain.legs(), null, null, false, Map.of("192.168.7.0/24", "10.0.2.5"), List.of());
        plane.network().applyRouter(routed);
        assertThat(one.reaches("192.168.7.1")).isTrue();
        plane.network().applyRouter(router(3, null, false));
        assertThat(one.pings("192.168.7.1")).isFalse();
    }

    @Test
    void metadataIsAnsweredAtTheGatewayAndNotOutside() throws Exception {
        plane.network().applyRouter(router(1, GATEWAY, true));
        Wait.until("the way is found", () -> one.reaches("10.0.2.5"));
        assertThat(one.get("http://169.254.169.254/a")).isEqualTo("you are 10.0.1.5\n");
        assertThat(other.get("http://169.254.169.254/b")).isEqualTo("you are 10.0.2.5\n");
        assertThat(plane.queries)
                .containsExactly(
                        new Query(left.id(), "10.0.1.5", "GET", "/a", ""),
                        new Query(right.id(), "10.0.2.5", "GET", "/b", ""));
        assertThat(outside.get("http://" + GATEWAY + ":" + RouterRules.METADATA_PORT + "/"))
                .isEmpty();
        assertThat(one.get("http://10.0.1.1:" + RouterRules.METADATA_PORT + "/"))
                .isEmpty();

        plane.restart();
        assertThat(one.get("http://169.254.169.254/a")).isEqualTo("you are 10.0.1.5\n");
        assertThat(one.reaches("10.0.2.5")).isTrue();
    }
}

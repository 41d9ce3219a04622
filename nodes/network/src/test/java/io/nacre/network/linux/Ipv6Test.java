package io.nacre.network.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.contracts.node.NetworkNode.DhcpSubnet;
import io.nacre.contracts.node.NetworkNode.FilterRule;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.RouterLeg;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import io.nacre.network.Specs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Ipv6Test {
    @TempDir
    Path directory;

    private DataPlane plane;
    private NetworkSpec network;

    @BeforeEach
    void start() {
        plane = DataPlane.start(directory);
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private void serve(String raMode, boolean routed) {
        DhcpSubnet subnet =
                new DhcpSubnet(Specs.id(50), "fd00:5::/64", "fd00:5::1", List.of("fd00::53"), Map.of(), raMode, routed);
        network = Specs.withDhcp(
                Specs.network(1, 1),
                1,
                Specs.dhcp(20, List.of("fd00:5::2/64"), List.of(subnet), Specs.reservation(2, "fd00:5::77")));
        plane.network().applyNetwork(network);
    }

    private Guest boot(String... addresses) {
        FilterRule out = new FilterRule(false, "IPv6", null, null, null, null, true);
        PortSpec port = Specs.filtered(Specs.port(2, 1, network, addresses), 1, out);
        Guest guest = plane.plug(port);
        Namespaces.sysctl(guest.namespace(), List.of("ipv6/conf/eth0/accept_ra=2", "ipv6/conf/eth0/addr_gen_mode=0"));
        guest.ip("link set dev eth0 down", "link set dev eth0 up");
        return guest;
    }

    private static String shown(Guest guest, String what) {
        return guest.attempt("ip", "-6", what, "show", "dev", "eth0").out();
    }

    @Test
    void guestMakesItsAddressFromTheAnnouncedPrefix() throws Exception {
        serve("slaac", false);
        String own = "fd00:5::f816:3eff:fe00:2";
        Guest guest = boot(own);
        Wait.until("the address is there", () -> shown(guest, "address").contains(own));
        assertThat(shown(guest, "route")).doesNotContain("default");
        assertThat(guest.attempt("cat", "/proc/sys/net/ipv6/conf/eth0/mtu").out())
                .isEqualTo(Specs.MTU + "\n");
        Wait.until("the service is reached", () -> guest.pings("fd00:5::2"));
    }

    @Test
    void statefulPrefixLeavesTheAddressToTheService() throws Exception {
        serve("dhcpv6-stateful", false);
        Guest guest = boot("fd00:5::77");
        Wait.until("the prefix is there", () -> shown(guest, "route").contains("fd00:5::/64"));
        assertThat(shown(guest, "address")).doesNotContain("fd00:5::");
    }

    @Test
    void routerAnnouncesItselfAsTheWayOut() throws Exception {
        serve("slaac", true);
        plane.network()
                .applyRouter(new RouterSpec(
                        Specs.id(30),
                        1,
                        List.of(new RouterLeg(
                                Specs.id(31), network.id(), Specs.mac(31), List.of("fd00:5::1/64"), Specs.MTU)),
                        null,
                        null,
                        false,
                        Map.of(),
                        List.of()));
        Guest guest = boot("fd00:5::f816:3eff:fe00:2");
        String routersLinkLocal = "fe80::f816:3eff:fe00:1f";
        Wait.until("the way out is known", () -> shown(guest, "route").contains("default via " + routersLinkLocal));
        assertThat(shown(guest, "address")).contains("fd00:5::f816:3eff:fe00:2");

        plane.restart();
        assertThat(plane.network().inventory().routers()).hasSize(1);
    }
}

package io.nacre.network.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.contracts.node.NetworkNode.DhcpSubnet;
import io.nacre.contracts.node.NetworkNode.Reservation;
import io.nacre.network.Specs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DnsmasqFilesTest {
    private static DhcpSubnet subnet(
            int id,
            String cidr,
            @Nullable String gateway,
            List<String> dns,
            Map<String, String> routes,
            boolean routed) {
        return new DhcpSubnet(Specs.id(id), cidr, gateway, dns, routes, null, routed);
    }

    private static DnsmasqFiles files(List<String> own, List<DhcpSubnet> subnets, Reservation... guests) {
        return DnsmasqFiles.of(
                Specs.withDhcp(Specs.network(1, 1), 1, Specs.dhcp(20, own, subnets, guests)),
                new DnsmasqFiles.Folder(Path.of("/run/x")),
                Duration.ofHours(1));
    }

    private static String option(DnsmasqFiles files, String name) {
        return files.options()
                .lines()
                .filter(line -> line.contains(name))
                .findFirst()
                .map(line -> line.substring(line.indexOf(name) + name.length()))
                .orElse("none");
    }

    @Test
    void routedSubnetNeedsNoRoutesOfItsOwn() {
        DnsmasqFiles files = files(
                List.of("10.0.0.2/24"), List.of(subnet(50, "10.0.0.0/24", "10.0.0.1", List.of(), Map.of(), true)));
        assertThat(option(files, "option:router")).isEqualTo(",10.0.0.1");
        assertThat(option(files, "classless-static-route")).isEqualTo("none");
        assertThat(option(files, "249")).isEqualTo("none");
        assertThat(option(files, "option:dns-server")).isEqualTo(",10.0.0.2");
        assertThat(files.config())
                .contains("dhcp-range=set:subnet-" + Specs.id(50) + ",10.0.0.0,static,255.255.255.0,3600\n");
    }

    @Test
    void gatewayIsAmongTheRoutesWhenThereAreAny() {
        DnsmasqFiles files = files(
                List.of("10.0.0.2/24"), List.of(subnet(50, "10.0.0.0/24", "10.0.0.1", List.of(), Map.of(), false)));
        assertThat(option(files, "classless-static-route"))
                .isEqualTo(",169.254.169.254/32,10.0.0.2,0.0.0.0/0,10.0.0.1");
    }

    @Test
    void ownDefaultRouteOfTheSubnetWins() {
        DnsmasqFiles files = files(
                List.of("10.0.0.2/24"),
                List.of(subnet(50, "10.0.0.0/24", "10.0.0.1", List.of(), Map.of("0.0.0.0/0", "10.0.0.9"), true)));
        assertThat(option(files, "classless-static-route")).isEqualTo(",0.0.0.0/0,10.0.0.9");
    }

    @Test
    void subnetsOfOneNetworkAreNeighbours() {
        DnsmasqFiles files = files(
                List.of("10.0.0.2/24", "10.1.0.2/24"),
                List.of(
                        subnet(50, "10.0.0.0/24", "10.0.0.1", List.of(), Map.of(), true),
                        subnet(51, "10.1.0.0/24", null, List.of("1.1.1.1", "8.8.8.8"), Map.of(), true)));
        assertThat(files.options())
                .contains("tag:subnet-" + Specs.id(50)
                        + ",option:classless-static-route,10.1.0.0/24,0.0.0.0,0.0.0.0/0,10.0.0.1\n")
                .contains("tag:subnet-" + Specs.id(51)
                        + ",option:classless-static-route,169.254.169.254/32,10.1.0.2,10.0.0.0/24,0.0.0.0\n")
                .contains("tag:subnet-" + Specs.id(51) + ",option:dns-server,1.1.1.1,8.8.8.8\n");
    }

    @Test
    void zeroAddressMeansNoNameServer() {
        DnsmasqFiles files = files(
                List.of("10.0.0.2/24"), List.of(subnet(50, "10.0.0.0/24", null, List.of("0.0.0.0"), Map.of(), true)));
        assertThat(option(files, "option:dns-server")).isEmpty();
        assertThat(option(files, "option:router")).isEmpty();
    }

    @Test
    void guestsGetOneLineForEachAddressThatIsServed() {
        Reservation guest = new Reservation(
                Specs.id(2),
                "FA:16:3E:00:00:02",
                List.of("10.0.0.5", "10.9.9.9", "fd00::5"),
                "web.example.org",
                Map.of("42", "10.0.0.9"));
        DnsmasqFiles files = files(
                List.of("10.0.0.2/24"),
                List.of(
                        subnet(50, "10.0.0.0/24", null, List.of(), Map.of(), true),
                        subnet(51, "fd00::/64", null, List.of(), Map.of(), true)),
                guest);
        String tag = "fa:16:3e:00:00:02,set:port-" + Specs.id(2) + ",web.openstacklocal,";
        assertThat(files.hosts().get(Specs.id(2))).isEqualTo(tag + "10.0.0.5\n" + tag + "[fd00:0:0:0:0:0:0:5]\n");
        assertThat(files.options()).contains("tag:port-" + Specs.id(2) + ",42,10.0.0.9\n");
        assertThat(files.names().get(Specs.id(2))).startsWith("10.0.0.5 web.openstacklocal web\n");
    }

    @Test
    void ownersWordsCannotBecomeLinesOfTheFile() {
        Reservation guest = new Reservation(
                Specs.id(2),
                Specs.mac(2),
                List.of("10.0.0.5"),
                "x\ndhcp-script=/bin/sh",
                Map.of("42", "10.0.0.9\ntag:x,6,6.6.6.6", "a\nb", "1", "boot\u0000file", "x", "43", "a\"b"));
        DnsmasqFiles files = files(
                List.of("10.0.0.2/24"), List.of(subnet(50, "10.0.0.0/24", null, List.of(), Map.of(), true)), guest);
        assertThat(files.options()).doesNotContain("6.6.6.6").doesNotContain("port-");
        assertThat(files.hosts().get(Specs.id(2)))
                .isEqualTo("fa:16:3e:00:00:02,set:port-" + Specs.id(2) + ",10.0.0.5\n");
        assertThat(files.names().get(Specs.id(2))).isEmpty();
    }
}

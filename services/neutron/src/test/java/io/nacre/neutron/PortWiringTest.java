package io.nacre.neutron;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Caller;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.peer.Networks.Allocation;
import io.nacre.contracts.peer.Networks.Port;
import io.nacre.contracts.peer.Networks.Wish;
import io.nacre.database.Database;
import io.nacre.quota.Quotas;
import io.nacre.testkit.EveryEngine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a port of a server makes the hosts do. */
@EveryEngine(migrations = {Quotas.MIGRATIONS, Neutron.MIGRATIONS})
class PortWiringTest {
    private static final String MEMBER = "member@p1";
    private static final String ADMIN = "admin@admin";

    private final Database database;
    private Cloud cloud;

    PortWiringTest(Database database) {
        this.database = database;
    }

    @BeforeEach
    void start() {
        cloud = new Cloud(database, NeutronConfig.defaults());
        cloud.report("host1", Instant.EPOCH);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Caller member() {
        Caller.Person user = new Caller.Person("u", "u", "default", "Default");
        Caller.Person project = new Caller.Person("p1", "p1", "default", "Default");
        return new Caller(
                "req-1", null, user, new Caller.Scope(project, null, false), Set.of("member", "reader"), null);
    }

    @Test
    void aServersPortIsMadeBoundPluggedAndReleased() {
        String network = cloud.network(MEMBER, "blue");
        cloud.subnet(MEMBER, network, "10.0.0.0/24");
        var peer = cloud.neutron.peer();

        List<Wish> wishes = database.write(tx -> peer.resolve(tx, member(), List.of()));
        assertThat(wishes).singleElement().extracting(Wish::networkId).isEqualTo(network);
        List<Port> ports = database.write(tx ->
                peer.allocate(tx, member(), new Allocation("server1", "My Server", "p1", wishes, List.of("default"))));
        database.run(tx -> peer.bind(tx, "server1", "host2"));
        List<ComputeNode.Vif> vifs = peer.plug("server1", "host2");

        assertThat(vifs)
                .singleElement()
                .satisfies(vif -> assertThat(vif.device()).startsWith("tap"));
        FakeNode host1 = cloud.hosts.get("host1");
        FakeNode host2 = cloud.hosts.get("host2");
        NetworkSpec serving = host1.networks.get(network);
        assertThat(serving.dhcp()).isNotNull();
        assertThat(serving.dhcp().reservations()).singleElement().satisfies(reservation -> {
            assertThat(reservation.hostname()).isEqualTo("my-server");
            assertThat(reservation.addresses())
                    .containsExactly(ports.getFirst().addresses().getFirst().address());
        });
        assertThat(host2.networks.get(network).dhcp()).isNull();
        assertThat(host2.networks.get(network).peers()).containsExactly("10.9.9.9");
        assertThat(host2.ports.get(ports.getFirst().id()).security().rules()).hasSize(4);
        assertThat(cloud.events)
                .singleElement()
                .satisfies(event -> assertThat(event.deviceId()).isEqualTo("server1"));
        assertThat(database.read(tx -> peer.ports(tx, List.of("server1")))
                        .get("server1")
                        .getFirst()
                        .status())
                .isEqualTo("ACTIVE");
        String address = ports.getFirst().addresses().getFirst().address();
        Optional<String> server = database.read(tx -> peer.serverAt(tx, network, address));
        assertThat(server).contains("server1");

        peer.unplug("server1", "host2");
        database.run(tx -> peer.release(tx, "server1"));
        cloud.settle();
        assertThat(host2.ports).isEmpty();
        assertThat(host2.networks).isEmpty();
        assertThat(host1.networks.get(network).dhcp().reservations()).isEmpty();
    }

    @Test
    void aHostThatWasAwayOrBeganAnewGetsEverythingInTheEnd() {
        String network = cloud.network(MEMBER, "blue");
        cloud.hosts.get("host1").away = true;
        cloud.subnet(MEMBER, network, "10.0.0.0/24");
        cloud.settle();
        FakeNode lost = cloud.hosts.get("host1");
        assertThat(lost.networks).isEmpty();

        lost.away = false;
        lost.networks.put("leftover", new NetworkSpec("leftover", 1, 5, 1450, List.of(), null, null));
        cloud.report("host1", Instant.EPOCH.plusSeconds(9));
        cloud.settle();
        assertThat(lost.networks).containsOnlyKeys(network);
    }

    @Test
    void aRuleThatIsAddedReachesThePortsOfTheGroup() {
        String network = cloud.network(MEMBER, "blue");
        cloud.subnet(MEMBER, network, "10.0.0.0/24");
        String port = cloud.post(
                        ADMIN,
                        "/v2.0/ports",
                        "{'port': {'network_id': '" + network + "', 'project_id': 'p1', 'binding:host_id': 'host1'}}")
                .id();
        cloud.settle();
        assertThat(cloud.hosts.get("host1").ports.get(port).security().rules()).hasSize(4);

        String group = cloud.get(MEMBER, "/v2.0/security-groups")
                .body()
                .get(0)
                .get("id")
                .asString();
        cloud.post(
                MEMBER,
                "/v2.0/security-group-rules",
                "{'security_group_rule': {'security_group_id': '" + group
                        + "', 'direction': 'ingress', 'protocol': 'icmp'}}");
        cloud.settle();
        assertThat(cloud.hosts.get("host1").ports.get(port).security().rules()).hasSize(5);
        assertThat(cloud.get(MEMBER, "/v2.0/ports/" + port).body().get("status").asString())
                .isEqualTo("ACTIVE");
    }
}

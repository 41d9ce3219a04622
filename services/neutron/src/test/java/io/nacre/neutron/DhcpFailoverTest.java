package io.nacre.neutron;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.database.Database;
import io.nacre.quota.Quotas;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** DHCP goes to another host when its own is gone for good, and only then. */
@EveryEngine(migrations = {Quotas.MIGRATIONS, Neutron.MIGRATIONS})
class DhcpFailoverTest {
    private static final String MEMBER = "member@p1";
    private static final String ADMIN = "admin@admin";

    private final Database database;
    private final MutableClock clock = MutableClock.fixed();
    private Cloud cloud;
    private String network;

    DhcpFailoverTest(Database database) {
        this.database = database;
    }

    @BeforeEach
    void start() {
        cloud = new Cloud(database, NeutronConfig.defaults(), clock);
        cloud.report("host1", Instant.EPOCH);
        network = cloud.network(MEMBER, "blue");
        cloud.subnet(MEMBER, network, "10.0.0.0/24");
        cloud.report("host2", Instant.EPOCH);
        guestOn("host1");
        guestOn("host2");
        cloud.settle();
        assertThat(serving("host1")).isTrue();
        assertThat(serving("host2")).isFalse();
    }

    private void guestOn(String host) {
        assertThat(cloud.post(
                                ADMIN,
                                "/v2.0/ports",
                                "{'port': {'network_id': '" + network + "', 'project_id': 'p1', 'binding:host_id': '"
                                        + host + "'}}")
                        .status())
                .isEqualTo(201);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private boolean serving(String host) {
        NetworkSpec spec = cloud.hosts.get(host).networks.get(network);
        return spec.dhcp() != null;
    }

    /** Time goes by, and these hosts report. */
    private void pass(Duration time, String... reporting) {
        for (int i = 0; i < 5; i++) {
            clock.advance(time.dividedBy(5));
            for (String host : reporting) {
                cloud.report(host, Instant.EPOCH);
            }
            cloud.settle();
        }
    }

    @Test
    void aHostThatStaysSilentLosesItsServicesToOneThatLives() {
        cloud.hosts.get("host1").away = true;
        pass(Duration.ofSeconds(100), "host2");
        assertThat(serving("host2")).isFalse();
        pass(Duration.ofSeconds(75), "host2");
        NetworkSpec moved = cloud.hosts.get("host2").networks.get(network);
        assertThat(moved.dhcp()).isNotNull();
        assertThat(moved.dhcp().reservations()).hasSize(2);

        cloud.hosts.get("host1").away = false;
        pass(Duration.ofSeconds(200), "host1", "host2");
        assertThat(serving("host1")).isFalse();
        assertThat(serving("host2")).isTrue();
        assertThat(cloud.hosts.get("host1").networks.get(network).peers()).isNotEmpty();
    }

    @Test
    void nothingMovesWhenAllWereSilent() {
        pass(Duration.ofMinutes(10));
        pass(Duration.ofSeconds(30), "host2");
        pass(Duration.ofSeconds(300), "host1", "host2");
        assertThat(serving("host1")).isTrue();
        assertThat(serving("host2")).isFalse();
    }

    @Test
    void aServerStartsWhileItsNetworksDhcpIsAway() {
        assertThat(cloud.post(
                                ADMIN,
                                "/v2.0/ports",
                                "{'port': {'network_id': '" + network + "', 'project_id': 'p1',"
                                        + " 'device_id': 'server1', 'binding:host_id': 'host2'}}")
                        .status())
                .isEqualTo(201);
        cloud.hosts.get("host1").away = true;
        assertThat(cloud.neutron.peer().plug("server1", "host2")).hasSize(1);

        cloud.hosts.get("host1").away = false;
        cloud.settle();
        assertThat(cloud.hosts.get("host1").networks.get(network).dhcp().reservations())
                .hasSize(3);
    }
}

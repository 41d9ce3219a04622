package io.nacre.neutron;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.contracts.node.NetworkNode.FilterRule;
import io.nacre.database.Database;
import io.nacre.quota.Quotas;
import io.nacre.tasks.Reconciler;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every port of a group learns of every other one, and many that come in a row do not make for many tellings. */
@EveryEngine(migrations = {Quotas.MIGRATIONS, Neutron.MIGRATIONS})
class GroupMembersTest {
    private static final int GUESTS = 12;

    private final Database database;
    private final MutableClock clock = MutableClock.fixed();
    private Cloud cloud;
    private FakeNode node;
    private String network;

    GroupMembersTest(Database database) {
        this.database = database;
    }

    @BeforeEach
    void start() {
        cloud = new Cloud(database, NeutronConfig.defaults(), clock);
        cloud.report("host1", Instant.EPOCH);
        node = cloud.hosts.get("host1");
        network = cloud.network("member@p1", "blue");
        cloud.subnet("member@p1", network, "10.0.0.0/24");
        cloud.settle();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private String guest() {
        return cloud.post(
                        "admin@p1",
                        "/v2.0/ports",
                        "{'port': {'network_id': '" + network + "', 'binding:host_id': 'host1'}}")
                .id();
    }

    private List<String> letIn(String port) {
        return node.ports.get(port).security().rules().stream()
                .filter(rule -> rule.ingress() && rule.ethertype().equals("IPv4"))
                .map(FilterRule::remotes)
                .findFirst()
                .orElseThrow();
    }

    private Reconciler pusher() {
        return cloud.neutron.reconcilers().stream()
                .filter(one -> one.name().equals("neutron.push"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void membersThatComeInARowAreToldTogether() {
        String first = guest();
        cloud.settle();
        int before = node.tellings(first);

        List<String> others = new ArrayList<>();
        for (int i = 1; i < GUESTS; i++) {
            others.add(guest());
            cloud.settle();
        }
        assertThat(node.ports).containsKeys(others.toArray(String[]::new));
        assertThat(node.tellings(first)).isEqualTo(before);
        assertThat(pusher().period()).isLessThanOrEqualTo(Duration.ofMillis(200));

        clock.advance(Duration.ofMillis(200));
        cloud.settle();
        assertThat(letIn(first)).hasSize(GUESTS);
        assertThat(others).allSatisfy(other -> assertThat(letIn(other)).hasSize(GUESTS));
        assertThat(node.tellings(first)).isEqualTo(before + 1);
        assertThat(pusher().period()).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void aMemberThatGoesIsLetInNoLongerAndAnAddressPairIs() {
        String stays = guest();
        String goes = guest();
        clock.advance(Duration.ofSeconds(1));
        cloud.settle();
        assertThat(letIn(stays)).hasSize(2);

        cloud.delete("admin@p1", "/v2.0/ports/" + goes);
        cloud.put(
                "admin@p1",
                "/v2.0/ports/" + stays,
                "{'port': {'allowed_address_pairs': [{'ip_address': '10.7.0.0/24'}]}}");
        clock.advance(Duration.ofSeconds(1));
        cloud.settle();
        assertThat(letIn(stays)).hasSize(2).contains("10.7.0.0/24");
        assertThat(node.ports).doesNotContainKey(goes);
    }
}

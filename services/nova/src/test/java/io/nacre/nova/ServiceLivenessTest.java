package io.nacre.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Ids;
import io.nacre.contracts.event.AgentReported;
import io.nacre.database.Database;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.HostReports;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.host.Liveness;
import io.nacre.nova.service.ControllerHeartbeat;
import io.nacre.nova.service.InternalService;
import io.nacre.nova.service.InternalServiceStore;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who counts as up, and for how long after the last word. */
@EveryEngine(migrations = {"db/nova", "db/fake"})
class ServiceLivenessTest {
    private static final Duration DOWN_TIME = Duration.ofSeconds(20);

    private final Database database;
    private final MutableClock clock = MutableClock.fixed();
    private final Liveness liveness = new Liveness(clock, DOWN_TIME);
    private final InternalServiceStore services = new InternalServiceStore();
    private final HostStore hosts = new HostStore();

    ServiceLivenessTest(Database database) {
        this.database = database;
    }

    private ControllerHeartbeat controller(String host, int seed) {
        return new ControllerHeartbeat(database, services, host, Duration.ofSeconds(5), Ids.seeded(seed), clock);
    }

    private List<String> controllers(Predicate<InternalService> wanted) {
        return database.read(services::all).stream()
                .filter(wanted)
                .map(one -> one.host() + " " + one.binary())
                .toList();
    }

    @Test
    void aControllerIsDownWhenItIsSilentOrSaysThatItStops() {
        ControllerHeartbeat first = controller("c1", 1);
        ControllerHeartbeat second = controller("c2", 2);
        first.run();
        second.run();
        assertThat(controllers(one -> one.isUp(liveness)))
                .containsExactly("c1 nova-scheduler", "c1 nova-conductor", "c2 nova-scheduler", "c2 nova-conductor");

        clock.advance(DOWN_TIME);
        second.run();
        assertThat(controllers(one -> !one.isUp(liveness))).containsExactly("c1 nova-scheduler", "c1 nova-conductor");

        second.stop();
        assertThat(controllers(one -> one.isUp(liveness))).isEmpty();
    }

    @Test
    void aRestartedControllerKeepsItsRows() {
        controller("c1", 1).run();
        List<InternalService> before = database.read(services::all);
        clock.advance(Duration.ofHours(1));
        controller("c1", 7).run();
        List<InternalService> after = database.read(services::all);
        assertThat(after)
                .extracting(InternalService::id)
                .isEqualTo(before.stream().map(InternalService::id).toList());
        assertThat(after).allMatch(one -> one.isUp(liveness));
    }

    @Test
    void hostsAndControllersHaveNoNumberInCommon() {
        heard(false);
        controller("c1", 1).run();
        Stream<Long> numbers = database.read(tx -> Stream.concat(
                hosts.all(tx).stream().map(ComputeHost::number),
                services.all(tx).stream().map(InternalService::number)));
        assertThat(numbers).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void aHostIsDownAfterTheConfiguredTimeOrWhenItsAgentStops() {
        heard(false);
        assertThat(liveness.status(host())).isEqualTo("UP");
        clock.advance(DOWN_TIME.minusMillis(1));
        assertThat(liveness.isUp(host())).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(liveness.status(host())).isEqualTo("UNKNOWN");
        heard(false);
        assertThat(liveness.isUp(host())).isTrue();
        clock.advance(Duration.ofSeconds(1));
        heard(true);
        assertThat(liveness.status(host())).isEqualTo("DOWN");
    }

    private void heard(boolean stopping) {
        new HostReports(database, hosts, new FakePlacement(), Ids.seeded(3), clock, NovaConfig.defaults())
                .heard(new AgentReported(
                        "h1", clock.instant(), clock.instant(), new FakeNode("h1").report(), null, stopping));
    }

    private ComputeHost host() {
        return database.read(tx -> hosts.find(tx, "h1")).orElseThrow();
    }
}

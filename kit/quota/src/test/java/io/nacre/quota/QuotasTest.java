package io.nacre.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.database.Database;
import io.nacre.testkit.EveryEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = Quotas.MIGRATIONS)
class QuotasTest {
    private final Database database;
    private final Quotas quotas;

    QuotasTest(Database database) {
        this.database = database;
        Map<String, Long> limits = new LinkedHashMap<>();
        limits.put("instances", 10L);
        limits.put("cores", 20L);
        limits.put("ram", Quotas.UNLIMITED);
        this.quotas = new Quotas("nova", limits);
    }

    @Test
    void whatIsTakenIsCountedAndWhatIsGivenBackIsNot() {
        reserve(Map.of("instances", 2L, "cores", 8L));
        release(Map.of("instances", 1L, "cores", 4L));
        assertThat(usage("instances")).isEqualTo(new Quotas.Usage(1, 10));
        assertThat(usage("cores")).isEqualTo(new Quotas.Usage(4, 20));
        assertThat(usage("ram")).isEqualTo(new Quotas.Usage(0, -1));
    }

    @Test
    void whatIsTooMuchTakesNothingAtAllAndSaysWhy() {
        reserve(Map.of("instances", 9L));
        assertThatThrownBy(() -> reserve(Map.of("instances", 2L, "cores", 1L)))
                .isInstanceOfSatisfying(FaultException.class, e -> {
                    assertThat(e.is(Fault.Kind.QUOTA_EXCEEDED)).isTrue();
                    assertThat(e.fault().details())
                            .containsEntry("resource", "instances")
                            .containsEntry("requested", 2L)
                            .containsEntry("used", 9L)
                            .containsEntry("limit", 10L);
                });
        assertThat(usage("cores").used()).isZero();
        reserve(Map.of("instances", 1L));
        assertThat(usage("instances").used()).isEqualTo(10);
    }

    @Test
    void everythingThatIsShortIsNamed() {
        assertThatThrownBy(() -> reserve(Map.of("instances", 11L, "cores", 21L)))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat((List<?>) e.fault().details().get("exceeded"))
                                .hasSize(2));
    }

    @Test
    void ofManyWhoWantTheLastPiecesOnlySoManyGetThem() {
        AtomicInteger got = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 30; i++) {
                executor.execute(() -> {
                    try {
                        reserve(Map.of("instances", 1L, "cores", 1L));
                        got.incrementAndGet();
                    } catch (FaultException e) {
                        assertThat(e.is(Fault.Kind.QUOTA_EXCEEDED)).isTrue();
                        refused.incrementAndGet();
                    }
                });
            }
        }
        assertThat(got).hasValue(10);
        assertThat(refused).hasValue(20);
        assertThat(usage("instances").used()).isEqualTo(10);
        assertThat(usage("cores").used()).isEqualTo(10);
    }

    @Test
    void withoutALimitAnyAmountGoes() {
        reserve(Map.of("ram", 1L << 50));
        assertThat(usage("ram").used()).isEqualTo(1L << 50);
    }

    @Test
    void theProjectsLimitComesBeforeTheDefaultAndThatBeforeTheConfiguredOne() {
        database.run(tx -> quotas.setClassLimit(tx, "default", "instances", 5));
        assertThat(usage("instances").limit()).isEqualTo(5);
        database.run(tx -> quotas.setLimit(tx, "p", "instances", 7));
        assertThat(usage("instances").limit()).isEqualTo(7);
        assertThat(database.<Map<String, Long>>read(tx -> quotas.overrides(tx, "p")))
                .containsExactly(Map.entry("instances", 7L));
        assertThat(database.<Map<String, Long>>read(tx -> quotas.limits(tx, "other")))
                .containsEntry("instances", 5L)
                .containsEntry("cores", 20L);
        database.run(tx -> quotas.setLimit(tx, "p", "instances", 8));
        database.run(tx -> quotas.clearLimits(tx, "p"));
        assertThat(usage("instances").limit()).isEqualTo(5);
    }

    @Test
    void aClassButTheDefaultHoldsForNobody() {
        database.run(tx -> quotas.setClassLimit(tx, "default", "cores", 30));
        database.run(tx -> quotas.setClassLimit(tx, "gold", "instances", 50));
        database.run(tx -> quotas.setClassLimit(tx, "gold", "instances", 60));
        assertThat(database.<Map<String, Long>>read(tx -> quotas.classLimits(tx, "gold")))
                .containsExactly(Map.entry("instances", 60L), Map.entry("cores", 20L), Map.entry("ram", -1L));
        assertThat(database.<Map<String, Long>>read(tx -> quotas.classLimits(tx, "default")))
                .containsExactly(Map.entry("instances", 10L), Map.entry("cores", 30L), Map.entry("ram", -1L));
        assertThat(usage("instances").limit()).isEqualTo(10);
        assertThat(database.<List<String>>read(quotas::overridden)).isEmpty();
    }

    @Test
    void aLimitBelowTheUsageLetsOneGiveBackButTakeNothing() {
        reserve(Map.of("instances", 4L));
        database.run(tx -> quotas.setLimit(tx, "p", "instances", 2));
        assertThatThrownBy(() -> reserve(Map.of("instances", 1L))).isInstanceOf(FaultException.class);
        release(Map.of("instances", 3L));
        reserve(Map.of("instances", 1L));
        assertThat(usage("instances").used()).isEqualTo(2);
    }

    @Test
    void projectsAndServicesDoNotShareTheirCounts() {
        reserve(Map.of("instances", 10L));
        Quotas other = new Quotas("cinder", Map.of("instances", 1L));
        database.run(tx -> other.reserve(tx, "p", Map.of("instances", 1L)));
        database.run(tx -> quotas.reserve(tx, "q", Map.of("instances", 1L)));
        assertThat(usage("instances").used()).isEqualTo(10);
    }

    @Test
    void whatIsCountedElsewhereIsOnlyCompared() {
        database.run(tx -> quotas.check(tx, "p", "cores", 19, 1));
        assertThatThrownBy(() -> database.run(tx -> quotas.check(tx, "p", "cores", 20, 1)))
                .isInstanceOf(FaultException.class);
        assertThat(usage("cores").used()).isZero();
    }

    @Test
    void aForgottenProjectStartsFromNothing() {
        reserve(Map.of("instances", 3L));
        database.run(tx -> quotas.setLimit(tx, "p", "instances", 3));
        database.run(tx -> quotas.forget(tx, "p"));
        assertThat(usage("instances")).isEqualTo(new Quotas.Usage(0, 10));
    }

    @Test
    void senselessLimitsAndAmountsAreRefused() {
        assertThatThrownBy(() -> database.run(tx -> quotas.setLimit(tx, "p", "instances", -2)))
                .isInstanceOf(FaultException.class);
        assertThatThrownBy(() -> reserve(Map.of("instances", -1L))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> reserve(Map.of("horses", 1L))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> reserve(Map.of("ram", Long.MAX_VALUE, "cores", Long.MAX_VALUE)))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.QUOTA_EXCEEDED)).isTrue());
    }

    private void reserve(Map<String, Long> amounts) {
        database.run(tx -> quotas.reserve(tx, "p", amounts));
    }

    private void release(Map<String, Long> amounts) {
        database.run(tx -> quotas.release(tx, "p", amounts));
    }

    private Quotas.Usage usage(String resource) {
        return database.read(tx -> quotas.usage(tx, "p")).get(resource);
    }
}

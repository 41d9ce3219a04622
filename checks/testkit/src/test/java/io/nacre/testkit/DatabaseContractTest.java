package io.nacre.testkit;

import static io.nacre.testkit.SampleTable.AT;
import static io.nacre.testkit.SampleTable.BODY;
import static io.nacre.testkit.SampleTable.GENERATION;
import static io.nacre.testkit.SampleTable.ID;
import static io.nacre.testkit.SampleTable.KIND;
import static io.nacre.testkit.SampleTable.LABELS;
import static io.nacre.testkit.SampleTable.NAME;
import static io.nacre.testkit.SampleTable.RATIO;
import static io.nacre.testkit.SampleTable.READY;
import static io.nacre.testkit.SampleTable.SEAL;
import static io.nacre.testkit.SampleTable.T;
import static io.nacre.testkit.SampleTable.WEIGHT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import io.nacre.database.Database;
import io.nacre.database.DatabaseConfig;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jooq.Record;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = "db/sample")
class DatabaseContractTest {
    private final Database database;

    DatabaseContractTest(Database database) {
        this.database = database;
    }

    @Test
    void everyKindOfColumnReadsAsItWasWritten() {
        Instant at = Instant.parse("1969-07-20T20:17:40.123456Z");
        String body = "ä\u0000漢🎉".replace("\u0000", "") + "x".repeat(200_000);
        byte[] seal = {0, -1, 127, -128};
        database.run(tx -> Sql.in(tx)
                .insertInto(T.table())
                .set(ID, "i")
                .set(NAME, "n")
                .set(KIND, SampleTable.Kind.LARGE)
                .set(WEIGHT, Long.MAX_VALUE)
                .set(READY, true)
                .set(RATIO, 0.1)
                .set(LABELS, List.of("a", "b\"c"))
                .set(AT, at)
                .set(BODY, body)
                .set(SEAL, seal)
                .set(GENERATION, 1L)
                .execute());
        Record row = database.read(tx ->
                Sql.in(tx).select(T.all()).from(T.table()).where(ID.eq("i")).fetchSingle());
        assertThat(row.get(KIND)).isEqualTo(SampleTable.Kind.LARGE);
        assertThat(row.get(WEIGHT)).isEqualTo(Long.MAX_VALUE);
        assertThat(row.get(READY)).isTrue();
        assertThat(row.get(RATIO)).isEqualTo(0.1);
        assertThat(row.get(LABELS)).containsExactly("a", "b\"c");
        assertThat(row.get(AT)).isEqualTo(at);
        assertThat(row.get(BODY)).isEqualTo(body);
        assertThat(row.get(SEAL)).isEqualTo(seal);
    }

    @Test
    void anUnsetColumnReadsAsNull() {
        Record row = database.read(tx ->
                Sql.in(tx).select(T.all()).from(T.table()).where(ID.eq("seed")).fetchSingle());
        assertThat(row.get(KIND)).isNull();
        assertThat(row.get(WEIGHT)).isNull();
        assertThat(row.get(LABELS)).isNull();
        assertThat(row.get(AT)).isNull();
        assertThat(row.get(SEAL)).isNull();
    }

    @Test
    void textDiffersWhenOneByteDiffersAndSortsByBytes() {
        database.run(tx -> {
            for (String name : List.of("a", "A", "a ", "ä", "b")) {
                SampleTable.insert(tx, name, name, null);
            }
        });
        assertThat(database.read(SampleTable::names)).containsExactly("A", "a", "a ", "b", "seed", "ä");
        List<String> same = database.read(
                tx -> Sql.in(tx).select(ID).from(T.table()).where(NAME.eq("a")).fetch(ID));
        assertThat(same).containsExactly("a");
        assertThat(database.<Integer>read(tx -> Sql.in(tx).fetchCount(T.table(), NAME.startsWith("A"))))
                .isEqualTo(1);
    }

    @Test
    void whatThrowsLeavesNothing() {
        assertThatThrownBy(() -> database.run(tx -> {
                    SampleTable.insert(tx, "x", "x", null);
                    throw Fault.forbidden("no");
                }))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.FORBIDDEN)).isTrue());
        assertThat(database.read(SampleTable::names)).containsExactly("seed");
    }

    @Test
    void writingInAReadFails() {
        assertThatThrownBy(() -> database.<Integer>read(tx -> {
                    SampleTable.insert(tx, "x", "x", null);
                    return 1;
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(database.read(SampleTable::names)).containsExactly("seed");
        database.run(tx -> SampleTable.insert(tx, "y", "y", null));
        assertThat(database.read(SampleTable::names)).containsExactly("seed", "y");
    }

    @Test
    void aTransactionInsideATransactionIsRefused() {
        assertThatThrownBy(() -> database.run(outer -> database.run(inner -> {})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already open");
        assertThatThrownBy(() -> database.<Integer>read(outer -> database.read(inner -> 1)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(database.<Integer>write(tx -> 1)).isEqualTo(1);
    }

    @Test
    void aTransactionIsOfNoUseAfterItsClosure() {
        AtomicReference<Tx> kept = new AtomicReference<>();
        database.run(kept::set);
        assertThatThrownBy(() -> Sql.in(kept.get())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept.get().afterCommit(() -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void actionsFollowTheCommitOnceAndTheirFailureHurtsNobody() {
        List<String> seen = new ArrayList<>();
        AtomicInteger runs = new AtomicInteger();
        database.run(tx -> {
            SampleTable.insert(tx, "x", "x", null);
            tx.afterCommit(() -> {
                throw new IllegalStateException("expected in this test");
            });
            tx.afterCommit(() -> seen.addAll(database.read(SampleTable::names)));
            Sql.one(runs.incrementAndGet() == 1 ? 0 : 1, "the first try");
        });
        assertThat(seen).containsExactly("seed", "x");
        assertThatThrownBy(() -> database.run(tx -> {
                    tx.afterCommit(() -> seen.add("never"));
                    throw Fault.invalid("no");
                }))
                .isInstanceOf(FaultException.class);
        assertThat(seen).hasSize(2);
    }

    @Test
    void aBrokenUniqueKeyIsAConflict() {
        assertThatThrownBy(() -> database.run(tx -> SampleTable.insert(tx, "other", "seed", null)))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.CONFLICT)).isTrue());
    }

    @Test
    void aBrokenReferenceIsAConflict() {
        assertThatThrownBy(() -> database.run(
                        tx -> Sql.in(tx).execute("insert into sample_part (id, item_id) values ('p', 'none')")))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.CONFLICT)).isTrue());
    }

    @Test
    void guardedUpdatesFromManySidesAreAllCounted() throws Exception {
        atOnce(16, i -> {
            for (int round = 0; round < 5; round++) {
                database.run(tx -> {
                    Record row = seed(tx);
                    long generation = row.get(GENERATION);
                    Sql.one(
                            Sql.in(tx)
                                    .update(T.table())
                                    .set(GENERATION, generation + 1)
                                    .where(ID.eq("seed"))
                                    .and(GENERATION.eq(generation))
                                    .execute(),
                            "seed");
                });
            }
            return i;
        });
        assertThat(database.<Long>read(tx -> seed(tx).get(GENERATION))).isEqualTo(80);
    }

    @Test
    void evenAForgottenGuardLosesNoUpdate() throws Exception {
        atOnce(8, i -> {
            for (int round = 0; round < 5; round++) {
                database.run(tx -> {
                    long generation = seed(tx).get(GENERATION);
                    Sql.in(tx)
                            .update(T.table())
                            .set(GENERATION, generation + 1)
                            .where(ID.eq("seed"))
                            .execute();
                });
            }
            return i;
        });
        assertThat(database.<Long>read(tx -> seed(tx).get(GENERATION))).isEqualTo(40);
    }

    @Test
    void ofManyWhoLookAndThenInsertOneWinsAndTheOthersHearWhy() throws Exception {
        List<Object> results = atOnce(12, i -> {
            try {
                return database.<String>write(tx -> {
                    if (Sql.in(tx).fetchExists(T.table(), NAME.eq("wanted"))) {
                        throw Fault.of(Fault.Kind.CONFLICT, "Taken", "taken");
                    }
                    SampleTable.insert(tx, "id" + i, "wanted", null);
                    return "won";
                });
            } catch (FaultException e) {
                return e.fault().code();
            }
        });
        assertThat(results).containsOnlyOnce("won").contains("Taken").doesNotContain("Conflict");
    }

    @Test
    void aConnectionThatBreaksBeforeTheCommitIsReplaced() {
        AtomicInteger runs = new AtomicInteger();
        database.run(tx -> {
            SampleTable.insert(tx, "x", "x", null);
            if (runs.incrementAndGet() == 1) {
                switch (database.engine()) {
                    case SQLITE -> {}
                    case MARIADB -> Sql.in(tx).execute("kill connection_id()");
                    case POSTGRESQL -> Sql.in(tx).execute("select pg_terminate_backend(pg_backend_pid())");
                }
            }
        });
        assertThat(runs).hasValue(database.engine() == DatabaseConfig.Engine.SQLITE ? 1 : 2);
        assertThat(database.read(SampleTable::names)).containsExactly("seed", "x");
    }

    @Test
    void manyWhoWantTheSameRowAreAllServed() throws Exception {
        atOnce(100, i -> {
            database.run(tx -> {
                long generation = seed(tx).get(GENERATION);
                Sql.one(
                        Sql.in(tx)
                                .update(T.table())
                                .set(GENERATION, generation + 1)
                                .where(ID.eq("seed"))
                                .and(GENERATION.eq(generation))
                                .execute(),
                        "seed");
            });
            return i;
        });
        assertThat(database.<Long>read(tx -> seed(tx).get(GENERATION))).isEqualTo(100);
    }

    @Test
    void anUpdateThatChangesNothingStillCountsItsRow() {
        assertThat(database.<Integer>write(tx -> Sql.in(tx)
                        .update(T.table())
                        .set(NAME, "seed")
                        .where(ID.eq("seed"))
                        .execute()))
                .isEqualTo(1);
    }

    @Test
    void anInterruptedCallerStillLearnsHowItWent() throws Exception {
        Callable<Boolean> interrupted = () -> {
            Thread.currentThread().interrupt();
            database.run(tx -> SampleTable.insert(tx, "x", "x", null));
            return Thread.currentThread().isInterrupted();
        };
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(executor.submit(interrupted).get()).isTrue();
        }
        assertThat(database.read(SampleTable::names)).contains("x");
    }

    @Test
    void twoControllersOpenTheSameDatabase(DatabaseConfig config) {
        try (Database second = Database.open(config, List.of("db/sample"))) {
            database.run(tx -> SampleTable.insert(tx, "x", "x", null));
            assertThat(second.read(SampleTable::names)).contains("x");
            second.run(tx -> SampleTable.insert(tx, "y", "y", null));
            assertThat(database.read(SampleTable::names)).contains("y");
        }
    }

    private static Record seed(Tx tx) {
        return Sql.in(tx).select(T.all()).from(T.table()).where(ID.eq("seed")).fetchSingle();
    }

    private interface Work {
        Object run(int index) throws Exception;
    }

    private static List<Object> atOnce(int callers, Work work) throws InterruptedException, ExecutionException {
        List<Future<Object>> futures = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                int index = i;
                futures.add(executor.submit(() -> work.run(index)));
            }
        }
        List<Object> results = new ArrayList<>();
        for (Future<Object> future : futures) {
            results.add(future.get());
        }
        return results;
    }
}

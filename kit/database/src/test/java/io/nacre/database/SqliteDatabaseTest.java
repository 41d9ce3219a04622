package io.nacre.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.LostRace;
import io.nacre.base.Tx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jooq.Field;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest {
    private static final Columns ITEM = Columns.of("sample_item");
    private static final Field<String> ID = ITEM.text("id");
    private static final Field<String> NAME = ITEM.text("name");

    @TempDir
    Path folder;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseConfig.file(folder.resolve("state/nacre.db")), List.of("db/sample"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theFileAndItsSideFilesAreForTheOwnerOnly() throws Exception {
        insert("a");
        try (Stream<Path> files = Files.list(folder.resolve("state"))) {
            assertThat(files)
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void itSyncsEveryCommitAndChecksReferences() {
        assertThat(database.<String>write(
                        tx -> Sql.in(tx).fetchOne("pragma synchronous").get(0, String.class)))
                .isEqualTo("2");
        assertThatThrownBy(() -> database.run(
                        tx -> Sql.in(tx).execute("insert into sample_part (id, item_id) values ('p', 'none')")))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.CONFLICT)).isTrue());
    }

    @Test
    void aFailureInAGroupCostsOnlyTheOneThatFailed() throws Exception {
        CountDownLatch writerBusy = new CountDownLatch(1);
        CountDownLatch allQueued = new CountDownLatch(1);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = callers.submit(() -> database.run(tx -> {
                writerBusy.countDown();
                await(allQueued);
                insert(tx, "first");
            }));
            await(writerBusy);
            List<Future<?>> good = new ArrayList<>();
            List<Future<?>> bad = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String name = "n" + i;
                good.add(callers.submit(() -> insert(name)));
                bad.add(callers.submit(() -> database.run(tx -> {
                    insert(tx, name + "-bad");
                    throw Fault.invalid("no");
                })));
            }
            allQueued.countDown();
            first.get();
            for (Future<?> future : good) {
                future.get();
            }
            assertThat(bad)
                    .allSatisfy(future -> assertThatThrownBy(future::get).hasCauseInstanceOf(FaultException.class));
        }
        assertThat(names()).hasSize(21).noneMatch(name -> name.endsWith("bad"));
    }

    @Test
    void whoBreaksTheWholeGroupCostsTheOthersNothing() throws Exception {
        // A full disk makes SQLite drop the transaction with all its savepoints. The connection that is opened
        // after that has no limit any more, so that in the end all succeed.
        long pages = database.<Long>read(
                tx -> Sql.in(tx).fetchSingle("pragma page_count").get(0, Long.class));
        limitPages(pages + 20);
        CountDownLatch writerBusy = new CountDownLatch(1);
        CountDownLatch allQueued = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = callers.submit(() -> database.run(tx -> {
                runs.incrementAndGet();
                writerBusy.countDown();
                await(allQueued);
                insert(tx, "first");
            }));
            await(writerBusy);
            Future<?> greedy = callers.submit(() -> database.run(tx -> {
                insert(tx, "greedy");
                Sql.in(tx).execute("update sample_item set body = ? where id = 'greedy'", "x".repeat(1_000_000));
            }));
            // The greedy one has to be in the queue before the first one ends, else they are two groups.
            while (database.waiting() == 0) {
                java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
            }
            allQueued.countDown();
            first.get();
            greedy.get();
        }
        assertThat(runs).hasValue(2);
        assertThat(names()).containsExactly("first", "greedy");
    }

    private void limitPages(long pages) {
        database.run(tx -> Sql.in(tx).fetch("pragma max_page_count = " + pages));
    }

    @Test
    void whatWasAnsweredIsThereAfterReopening() {
        insert("kept");
        database.close();
        open();
        assertThat(names()).containsExactly("kept");
    }

    @Test
    void aDatabaseThatIsUpToDateIsNotMigratedAgainButOneWithOtherScriptsIs() {
        database.close();
        Path file = folder.resolve("state/nacre.db");
        // Flyway would find that the history lacks what is already there, and fail.
        try (Database touched = Database.open(DatabaseConfig.file(file), List.of("db/sample"))) {
            touched.run(tx -> Sql.in(tx).execute("delete from nacre_schema_history"));
        }
        open();
        database.close();
        assertThatThrownBy(() -> Database.open(DatabaseConfig.file(file), List.of("db/sample", "db/more")))
                .hasMessageContaining("sample_item");
        open();
    }

    @Test
    void aLostRaceStartsTheClosureOver() {
        AtomicInteger runs = new AtomicInteger();
        database.run(tx -> {
            insert(tx, "run" + runs.incrementAndGet());
            Sql.one(runs.get() < 3 ? 0 : 1, "sample");
        });
        assertThat(names()).containsExactly("run3");
    }

    @Test
    void aRaceThatIsLostForEverBecomesAConflict() {
        assertThatThrownBy(() -> database.run(tx -> {
                    throw new LostRace("always");
                }))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.CONFLICT)).isTrue());
    }

    @Test
    void aClosedDatabaseRefusesWork() {
        database.close();
        assertThatThrownBy(() -> insert("late")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(this::names).isInstanceOf(IllegalStateException.class);
    }

    private void insert(String name) {
        database.run(tx -> insert(tx, name));
    }

    private static void insert(Tx tx, String name) {
        Sql.in(tx).insertInto(ITEM.table(), ID, NAME).values(name, name).execute();
    }

    private List<String> names() {
        return database.read(
                tx -> Sql.in(tx).select(NAME).from(ITEM.table()).orderBy(NAME).fetch(NAME));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

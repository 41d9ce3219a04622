package io.nacre.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.database.Database;
import io.nacre.database.Sql;
import io.nacre.tasks.Saga;
import io.nacre.tasks.TaskEngine;
import io.nacre.tasks.Tasks;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of tasks when their database is away for a while. */
@EveryEngine(migrations = {"db/sample", TaskEngine.MIGRATIONS})
class TaskTroubleTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Database database;
    private final MutableClock clock = MutableClock.fixed();
    private final List<String> did = new CopyOnWriteArrayList<>();
    private final List<TaskEngine> engines = new ArrayList<>();

    record Work(int count) {}

    TaskTroubleTest(Database database) {
        this.database = database;
    }

    @AfterEach
    void stop() {
        engines.forEach(TaskEngine::abandon);
    }

    @Test
    void aDatabaseThatIsAwayIsWaitedForAndFailsNoStep() {
        Shaky shaky = new Shaky();
        Saga<Work> saga = Saga.named("thing.create", Work.class)
                .local("first", (tx, work) -> did("first", work))
                .remote("second", SOON, 0, (context, work) -> {
                    shaky.away = 5;
                    return did("second", work);
                })
                .local("third", (tx, work) -> did("third", work))
                .build();
        TaskEngine engine = engine("one", shaky, saga);
        start(engine, saga);
        Eventually.happens("the task is done", () -> status(engine) == Tasks.Status.DONE);
        assertThat(did).containsExactly("first", "second", "third");
        assertThat(shaky.away).isZero();
    }

    @Test
    void aControllerThatCannotRenewItsLeaseLetsGoOfItsTasks() throws Exception {
        Shaky shaky = new Shaky();
        CountDownLatch inFlight = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Saga<Work> saga = Saga.named("thing.create", Work.class)
                .remote("long", SOON, 0, (context, work) -> {
                    inFlight.countDown();
                    return runs.incrementAndGet() == 1 ? untilInterrupted(work) : did("done", work);
                })
                .local("after", (tx, work) -> did("after", work))
                .build();
        TaskEngine one = engine("one", shaky, saga);
        start(one, saga);
        inFlight.await();
        shaky.away = Integer.MAX_VALUE;
        clock.advance(Duration.ofSeconds(20));
        Eventually.happens("the step was interrupted", () -> did.contains("interrupted"));
        TaskEngine two = engine("two", database, saga);
        Eventually.happens("the other controller finished the task", () -> two.unfinished() == 0);
        shaky.away = 0;
        assertThat(did).containsExactly("interrupted", "done", "after");
        assertThat(status(two)).isEqualTo(Tasks.Status.DONE);
    }

    @Test
    void aControllerThatSleptThroughItsLeaseWritesNothingMore() throws Exception {
        CountDownLatch inFlight = new CountDownLatch(1);
        CountDownLatch wakeUp = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Saga<Work> saga = Saga.named("thing.create", Work.class)
                .remote("long", SOON, 0, (context, work) -> {
                    if (runs.incrementAndGet() == 1) {
                        inFlight.countDown();
                        await(wakeUp);
                        return new Work(99);
                    }
                    return new Work(2);
                })
                .local("after", (tx, work) -> did("after " + work.count(), work))
                .build();
        TaskEngine one = engine("one", database, saga);
        start(one, saga);
        inFlight.await();
        // As if its lease had run out without its noticing.
        database.run(tx -> Sql.in(tx).execute("update nacre_task set owner = 'nobody'"));
        TaskEngine two = engine("two", database, saga);
        Eventually.happens("the task was finished", () -> two.unfinished() == 0);
        wakeUp.countDown();
        one.close();
        assertThat(did).containsExactly("after 2");
        assertThat(status(two)).isEqualTo(Tasks.Status.DONE);
    }

    /** A way to the database that is blocked for the next so many transactions. */
    private final class Shaky implements Transactions {
        volatile int away;

        @Override
        public <T> T write(Function<Tx, T> body) {
            check();
            return database.write(body);
        }

        @Override
        public <T> T read(Function<Tx, T> body) {
            check();
            return database.read(body);
        }

        private synchronized void check() {
            if (away > 0) {
                away--;
                throw Fault.unavailable("The database is not available.").because(new SQLException("as wanted"));
            }
        }
    }

    private Work did(String what, Work work) {
        did.add(what);
        return work;
    }

    private Work untilInterrupted(Work work) {
        try {
            new CountDownLatch(1).await();
            return work;
        } catch (InterruptedException e) {
            did.add("interrupted");
            throw Fault.unavailable("Interrupted.");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private TaskEngine engine(String name, Transactions way, Saga<Work> saga) {
        TaskEngine engine = new TaskEngine(way, clock, Ids.secure(), TaskFixture.QUICK, name);
        engine.register(saga);
        engines.add(engine);
        engine.start();
        return engine;
    }

    private void start(TaskEngine engine, Saga<Work> saga) {
        database.run(tx -> engine.start(tx, Caller.nacre("req"), saga, "thing/1", new Work(0)));
    }

    private Tasks.Status status(TaskEngine engine) {
        return database.<List<Tasks.Timeline>>read(tx -> engine.timeline(tx, "thing/1"))
                .getFirst()
                .status();
    }
}

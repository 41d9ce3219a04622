package io.nacre.testkit;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.database.Database;
import io.nacre.tasks.Saga;
import io.nacre.tasks.TaskConfig;
import io.nacre.tasks.TaskEngine;
import io.nacre.tasks.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;

/** Engines on one database, sagas that tell what they did, and a clock that stands still. */
@EveryEngine(migrations = {"db/sample", TaskEngine.MIGRATIONS})
abstract class TaskFixture {
    static final Duration SOON = Duration.ofSeconds(30);
    static final TaskConfig QUICK = new TaskConfig(
            50,
            Duration.ofSeconds(15),
            Duration.ofMillis(50),
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofSeconds(5),
            Duration.ofDays(1));

    final Database database;
    final MutableClock clock = MutableClock.fixed();
    final Ids ids = Ids.seeded(7);
    final Caller caller = Caller.nacre("req-1");
    final List<String> did = new CopyOnWriteArrayList<>();
    final List<TaskEngine> engines = new ArrayList<>();

    record Work(String name, int count) {
        Work plus() {
            return new Work(name, count + 1);
        }
    }

    TaskFixture(Database database) {
        this.database = database;
    }

    @AfterEach
    void stop() {
        engines.forEach(TaskEngine::abandon);
    }

    final Saga<Work> both = Saga.named("thing.create", Work.class)
            .local("reserve", (tx, work) -> log(work, "reserve").plus())
            .remote("make", SOON, 0, (context, work) -> log(work, "make").plus())
            .local("show", (tx, work) -> log(work, "show " + work.count()))
            .build();

    Saga<Work> both() {
        return both;
    }

    Saga<Work> slow(CountDownLatch inFlight) {
        return Saga.named("thing.slow", Work.class)
                .local("reserve", (tx, work) -> log(work, "reserve"))
                .undo((tx, work) -> log(work, "release"))
                .remote("sleep", SOON, 3, (context, work) -> {
                    inFlight.countDown();
                    return sleep(work);
                })
                .undoRemote((context, work) -> log(work, "unsleep"))
                .build();
    }

    Work log(Work work, String what) {
        did.add(what);
        return work;
    }

    Work sleep(Work work) {
        try {
            new CountDownLatch(1).await();
            return work;
        } catch (InterruptedException e) {
            did.add("interrupted");
            throw Fault.unavailable("Interrupted.");
        }
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    TaskEngine engine(String name, Saga<?> saga) {
        TaskEngine engine = new TaskEngine(database, clock, ids, QUICK, name);
        engine.register(saga);
        engines.add(engine);
        engine.start();
        return engine;
    }

    String start(TaskEngine engine, Saga<Work> saga, String resource) {
        return database.write(tx -> engine.start(tx, caller, saga, resource, new Work("w", 0)));
    }

    static void finished(TaskEngine engine) {
        Eventually.happens("all tasks are finished", () -> engine.unfinished() == 0);
    }

    List<Tasks.Timeline> timeline(TaskEngine engine, String resource) {
        return database.read((Tx tx) -> engine.timeline(tx, resource));
    }
}

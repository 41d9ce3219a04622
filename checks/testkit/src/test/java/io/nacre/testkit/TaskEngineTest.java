package io.nacre.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.database.Database;
import io.nacre.tasks.Reconciler;
import io.nacre.tasks.Saga;
import io.nacre.tasks.TaskConfig;
import io.nacre.tasks.TaskEngine;
import io.nacre.tasks.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = {"db/sample", TaskEngine.MIGRATIONS})
class TaskEngineTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    static final TaskConfig QUICK = new TaskConfig(
            50,
            Duration.ofSeconds(15),
            Duration.ofMillis(50),
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofSeconds(5),
            Duration.ofDays(1));

    private final Database database;
    private final MutableClock clock = MutableClock.fixed();
    private final Ids ids = Ids.seeded(7);
    private final Caller caller = Caller.nacre("req-1");
    private final List<String> did = new CopyOnWriteArrayList<>();
    private final List<TaskEngine> engines = new ArrayList<>();

    record Work(String name, int count) {
        Work plus() {
            return new Work(name, count + 1);
        }
    }

    TaskEngineTest(Database database) {
        this.database = database;
    }

    @AfterEach
    void stop() {
        engines.forEach(TaskEngine::abandon);
    }

    @Test
    void stepsRunInOrderAndHandTheirStateOn() {
        TaskEngine engine = engine("one", both());
        String id = start(engine, both(), "thing/1");
        finished(engine);
        assertThat(did).containsExactly("reserve", "make", "show 2");
        Tasks.Timeline task = timeline(engine, "thing/1").getFirst();
        assertThat(task.taskId()).isEqualTo(id);
        assertThat(task.status()).isEqualTo(Tasks.Status.DONE);
        assertThat(task.caller()).isEqualTo(caller);
        assertThat(task.journal()).extracting(Tasks.Entry::step).containsExactly("reserve", "make", "show");
        assertThat(task.journal()).allSatisfy(entry -> {
            assertThat(entry.finishedAt()).isNotNull();
            assertThat(entry.controller()).isEqualTo("one");
            assertThat(entry.fault()).isNull();
        });
    }

    @Test
    void aFailureIsTakenBackStepByStepAndToldInTheEnd() {
        Saga<Work> saga = Saga.named("thing.fail", Work.class)
                .local("reserve", (tx, work) -> log(work, "reserve"))
                .undo((tx, work) -> log(work, "release"))
                .remote("make", SOON, 0, (context, work) -> log(work, "make"))
                .undoRemote((context, work) -> log(work, "break"))
                .local("check", (tx, work) -> log(work, "check"))
                .remote("start", SOON, 0, (context, work) -> {
                    throw Fault.of(Fault.Kind.UPSTREAM, "NoStart", "It does not start.");
                })
                .undoRemote((context, work) -> log(work, "stop"))
                .onFailure((tx, work, fault) -> log(work, "failed " + fault.code()));
        TaskEngine engine = engine("one", saga);
        start(engine, saga, "thing/1");
        finished(engine);
        assertThat(did).containsExactly("reserve", "make", "check", "stop", "break", "release", "failed NoStart");
        Tasks.Timeline task = timeline(engine, "thing/1").getFirst();
        assertThat(task.status()).isEqualTo(Tasks.Status.FAILED);
        assertThat(task.fault()).isNotNull();
        assertThat(task.fault().message()).isEqualTo("It does not start.");
        assertThat(task.journal())
                .filteredOn(entry -> !entry.undo() && entry.step().equals("start"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.fault()).isNotNull());
    }

    @Test
    void whatALocalStepWroteBeforeItFailedIsNotThere() {
        Saga<Work> saga = Saga.named("thing.half", Work.class)
                .local("write and fail", (tx, work) -> {
                    SampleTable.insert(tx, "half", "half", null);
                    throw new IllegalStateException("a defect, as wanted by this test");
                })
                .build();
        TaskEngine engine = engine("one", saga);
        start(engine, saga, "thing/1");
        finished(engine);
        assertThat(database.read(SampleTable::names)).containsExactly("seed");
        Tasks.Timeline task = timeline(engine, "thing/1").getFirst();
        assertThat(task.fault()).isNotNull();
        assertThat(task.fault().kind()).isEqualTo(Fault.Kind.INTERNAL);
        assertThat(task.fault().message()).doesNotContain("defect");
    }

    @Test
    void aPassingTroubleIsTriedAgainAndOnlyAsOftenAsAllowed() {
        AtomicInteger tries = new AtomicInteger();
        Saga<Work> saga = Saga.named("thing.retry", Work.class)
                .remote("twice", SOON, 2, (context, work) -> {
                    if (tries.incrementAndGet() < 3) {
                        throw Fault.unavailable("Not yet.");
                    }
                    return log(work, context.key());
                })
                .remote("never", SOON, 1, (context, work) -> {
                    log(work, context.key());
                    throw Fault.unavailable("Never.");
                })
                .build();
        TaskEngine engine = engine("one", saga);
        String id = start(engine, saga, "thing/1");
        finished(engine);
        assertThat(did).containsExactly(id + "/twice", id + "/never", id + "/never");
        assertThat(timeline(engine, "thing/1").getFirst().journal())
                .extracting(Tasks.Entry::step)
                .containsExactly("twice", "twice", "twice", "never", "never");
    }

    @Test
    void aStepThatOverstaysItsDeadlineIsInterrupted() {
        Saga<Work> saga = Saga.named("thing.late", Work.class)
                .remote("sleep", Duration.ofMillis(50), 0, (context, work) -> sleep(work))
                .build();
        TaskEngine engine = engine("one", saga);
        start(engine, saga, "thing/1");
        finished(engine);
        assertThat(did).containsExactly("interrupted");
        Tasks.Timeline task = timeline(engine, "thing/1").getFirst();
        assertThat(task.fault()).isNotNull();
        assertThat(task.fault().kind()).isEqualTo(Fault.Kind.TIMEOUT);
    }

    @Test
    void anUndoIsTriedUntilItWorks() {
        AtomicInteger tries = new AtomicInteger();
        Saga<Work> saga = Saga.named("thing.stubborn", Work.class)
                .local("take", (tx, work) -> log(work, "take"))
                .undo((tx, work) -> {
                    if (tries.incrementAndGet() < 20) {
                        throw Fault.conflict("Not yet.");
                    }
                    return log(work, "give");
                })
                .remote("make", SOON, 0, (context, work) -> log(work, "make"))
                .undoRemote((context, work) -> {
                    if (tries.incrementAndGet() < 15) {
                        throw new IllegalStateException("not yet, as wanted by this test");
                    }
                    return log(work, "break");
                })
                .local("fail", (tx, work) -> {
                    throw Fault.conflict("No.");
                })
                .build();
        TaskEngine engine = engine("one", saga);
        start(engine, saga, "thing/1");
        finished(engine);
        assertThat(did).containsExactly("take", "make", "break", "give");
        assertThat(timeline(engine, "thing/1").getFirst().journal()).hasSizeLessThan(20);
    }

    @Test
    void tasksOfOneResourceRunOneAfterTheOtherInTheirOrder() throws Exception {
        Set<String> inside = ConcurrentHashMap.newKeySet();
        List<Integer> order = new CopyOnWriteArrayList<>();
        Saga<Work> saga = Saga.named("thing.one", Work.class)
                .remote("alone", SOON, 0, (context, work) -> {
                    if (!inside.add(work.name())) {
                        throw new IllegalStateException("two tasks of " + work.name());
                    }
                    if (work.name().equals("a")) {
                        order.add(work.count());
                    }
                    inside.remove(work.name());
                    return work;
                })
                .build();
        TaskEngine engine = engine("one", saga);
        for (int i = 0; i < 20; i++) {
            for (String name : List.of("a", "b", "c")) {
                Work work = new Work(name, i);
                database.run(tx -> engine.start(tx, caller, saga, "thing/" + name, work));
            }
        }
        finished(engine);
        assertThat(order).isSorted().hasSize(20);
        assertThat(timeline(engine, "thing/b"))
                .allSatisfy(task -> assertThat(task.status()).isEqualTo(Tasks.Status.DONE));
    }

    @Test
    void aTaskThatIsRolledBackWithItsCauseNeverRuns() {
        TaskEngine engine = engine("one", both());
        assertThatThrownBy(() -> database.run(tx -> {
                    engine.start(tx, caller, both(), "thing/1", new Work("w", 0));
                    throw Fault.invalid("no");
                }))
                .isInstanceOf(RuntimeException.class);
        start(engine, both(), "thing/2");
        finished(engine);
        assertThat(timeline(engine, "thing/1")).isEmpty();
        assertThat(did).hasSize(3);
    }

    @Test
    void aCancelInterruptsTheStepInFlightAndTurnsBack() throws Exception {
        CountDownLatch inFlight = new CountDownLatch(1);
        Saga<Work> saga = slow(inFlight);
        TaskEngine engine = engine("one", saga);
        start(engine, saga, "thing/1");
        inFlight.await();
        database.run(tx -> engine.cancel(tx, "thing/1", "The user wants it so."));
        finished(engine);
        assertThat(did).containsExactly("reserve", "interrupted", "unsleep", "release");
        Tasks.Timeline task = timeline(engine, "thing/1").getFirst();
        assertThat(task.fault()).isNotNull();
        assertThat(task.fault().message()).isEqualTo("The user wants it so.");
    }

    @Test
    void aCancelReachesATaskOfAnotherController() throws Exception {
        CountDownLatch inFlight = new CountDownLatch(1);
        Saga<Work> saga = slow(inFlight);
        TaskEngine one = engine("one", saga);
        TaskEngine two = engine("two", saga);
        start(one, saga, "thing/1");
        inFlight.await();
        database.run(tx -> two.cancel(tx, "thing/1", "The user wants it so."));
        finished(one);
        assertThat(did).containsExactly("reserve", "interrupted", "unsleep", "release");
    }

    @Test
    void aDeadControllersTasksAreTakenOverOnceItsLeaseIsOver() throws Exception {
        CountDownLatch inFlight = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Saga<Work> saga = Saga.named("thing.long", Work.class)
                .local("reserve", (tx, work) -> log(work, "reserve"))
                .remote("long", SOON, 0, (context, work) -> {
                    inFlight.countDown();
                    return runs.incrementAndGet() == 1 ? sleep(work) : log(work, "done");
                })
                .build();
        TaskEngine one = engine("one", saga);
        start(one, saga, "thing/1");
        inFlight.await();
        one.abandon();
        TaskEngine two = engine("two", saga);
        assertThat(two.unfinished()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(16));
        finished(two);
        assertThat(did).containsExactlyInAnyOrder("reserve", "interrupted", "done");
        Tasks.Timeline task = timeline(two, "thing/1").getFirst();
        assertThat(task.status()).isEqualTo(Tasks.Status.DONE);
        assertThat(task.journal()).extracting(Tasks.Entry::controller).containsExactly("one", "one", "two");
        assertThat(task.journal().get(1).fault()).isNotNull();
    }

    @Test
    void aControllerThatComesBackTakesUpItsOwnTasksAtOnce() throws Exception {
        CountDownLatch inFlight = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Saga<Work> saga = Saga.named("thing.long", Work.class)
                .remote("long", SOON, 0, (context, work) -> {
                    inFlight.countDown();
                    return runs.incrementAndGet() == 1 ? sleep(work) : log(work, "done");
                })
                .build();
        TaskEngine before = engine("one", saga);
        start(before, saga, "thing/1");
        inFlight.await();
        before.abandon();
        finished(engine("one", saga));
        assertThat(did).contains("done");
    }

    @Test
    void closingGivesUnfinishedTasksAway() throws Exception {
        CountDownLatch inFlight = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Saga<Work> saga = Saga.named("thing.two", Work.class)
                .remote("first", SOON, 0, (context, work) -> {
                    inFlight.countDown();
                    await(goOn);
                    return log(work, "first");
                })
                .local("second", (tx, work) -> log(work, "second"))
                .build();
        TaskEngine one = engine("one", saga);
        start(one, saga, "thing/1");
        inFlight.await();
        Thread closing = Thread.ofVirtual().start(one::close);
        goOn.countDown();
        closing.join();
        assertThat(did).contains("first");
        finished(engine("two", saga));
        assertThat(did).containsExactly("first", "second");
    }

    @Test
    void aTaskNobodyHereUnderstandsIsLeftForSomebodyWhoDoes() {
        Saga<Work> newer = Saga.named("thing.newer", Work.class)
                .local("only here", (tx, work) -> log(work, "newer"))
                .build();
        TaskEngine one = new TaskEngine(database, clock, ids, QUICK, "one");
        one.register(newer);
        start(one, newer, "thing/1");
        Saga<Work> same = Saga.named("thing.newer", Work.class)
                .local("of old", (tx, work) -> log(work, "older"))
                .build();
        clock.advance(Duration.ofSeconds(16));
        TaskEngine two = engine("two", same);
        TaskEngine three = engine("three", both());
        start(three, both(), "thing/2");
        Eventually.happens("the other task is done", () -> two.unfinished() == 1);
        assertThat(did).doesNotContain("older");
        finished(engine("four", newer));
        assertThat(did).contains("newer").doesNotContain("older");
    }

    @Test
    void aReconcilerRunsAtOnceAgainAndWhenWoken() {
        AtomicInteger often = new AtomicInteger();
        AtomicInteger seldom = new AtomicInteger();
        TaskEngine engine = new TaskEngine(database, clock, ids, QUICK, "one");
        engine.add(every(Duration.ofMillis(5), "often", () -> {
            often.incrementAndGet();
            throw new IllegalStateException("as wanted by this test");
        }));
        engine.add(every(Duration.ofDays(1), "seldom", seldom::incrementAndGet));
        engines.add(engine);
        engine.start();
        Eventually.happens("the first ran again and again", () -> often.get() > 3);
        Eventually.happens("the second ran once", () -> seldom.get() == 1);
        engine.wake("seldom");
        Eventually.happens("the second ran when woken", () -> seldom.get() == 2);
    }

    @Test
    void finishedTasksAreForgottenAfterTheirTime() {
        TaskEngine one = engine("one", both());
        start(one, both(), "thing/1");
        finished(one);
        one.close();
        clock.advance(Duration.ofDays(2));
        TaskEngine two = engine("two", both());
        Eventually.happens(
                "the task was forgotten", () -> timeline(two, "thing/1").isEmpty());
    }

    private static Reconciler every(Duration period, String name, Runnable body) {
        return new Reconciler() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Duration period() {
                return period;
            }

            @Override
            public void run() {
                body.run();
            }
        };
    }

    private final Saga<Work> both = Saga.named("thing.create", Work.class)
            .local("reserve", (tx, work) -> log(work, "reserve").plus())
            .remote("make", SOON, 0, (context, work) -> log(work, "make").plus())
            .local("show", (tx, work) -> log(work, "show " + work.count()))
            .build();

    private Saga<Work> both() {
        return both;
    }

    private Saga<Work> slow(CountDownLatch inFlight) {
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

    private Work log(Work work, String what) {
        did.add(what);
        return work;
    }

    private Work sleep(Work work) {
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

    private TaskEngine engine(String name, Saga<?> saga) {
        TaskEngine engine = new TaskEngine(database, clock, ids, QUICK, name);
        engine.register(saga);
        engines.add(engine);
        engine.start();
        return engine;
    }

    private String start(TaskEngine engine, Saga<Work> saga, String resource) {
        return database.write(tx -> engine.start(tx, caller, saga, resource, new Work("w", 0)));
    }

    private static void finished(TaskEngine engine) {
        Eventually.happens("all tasks are finished", () -> engine.unfinished() == 0);
    }

    private List<Tasks.Timeline> timeline(TaskEngine engine, String resource) {
        return database.read((Tx tx) -> engine.timeline(tx, resource));
    }
}

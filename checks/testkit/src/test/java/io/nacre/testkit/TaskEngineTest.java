package io.nacre.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.database.Database;
import io.nacre.tasks.Saga;
import io.nacre.tasks.TaskEngine;
import io.nacre.tasks.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TaskEngineTest extends TaskFixture {

    TaskEngineTest(Database database) {
        super(database);
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
}

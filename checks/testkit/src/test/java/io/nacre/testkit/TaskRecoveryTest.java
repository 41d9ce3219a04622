package io.nacre.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.tasks.Reconciler;
import io.nacre.tasks.Saga;
import io.nacre.tasks.TaskEngine;
import io.nacre.tasks.Tasks;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tasks and their controllers: who takes up what others leave, and what runs beside the tasks. */
class TaskRecoveryTest extends TaskFixture {

    TaskRecoveryTest(Database database) {
        super(database);
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
}

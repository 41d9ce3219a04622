package io.nacre.testkit;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.tasks.Saga;
import io.nacre.tasks.TaskConfig;
import io.nacre.tasks.TaskEngine;
import io.nacre.tasks.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Proves of a saga that it always comes to one of its two ends, whatever happens on the way: everything is there, or
 * nothing is. A test on {@link EveryEngine} asks for a sweep as a parameter and gives it a maker of worlds; each
 * scenario has a world of its own on an emptied database.
 *
 * <p>The scenarios: undisturbed; each step twice; a failure before and after each step's work; each undo twice and
 * each undo failing once; a cancel during each remote step; a crash before and after each commit, on the way forward
 * and on the way back, after which another controller takes over.
 */
public final class SagaSweep {
    private static final TaskConfig CONFIG = new TaskConfig(
            20,
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            Duration.ofMillis(1),
            Duration.ofMillis(4),
            Duration.ofSeconds(2),
            // No purge: its commits would be counted among those of the saga.
            Duration.ZERO);
    private static final int MOST_COMMITS = 500;

    private final Transactions database;
    private final Runnable reset;
    private final Duration patience;
    private final List<String> played = new ArrayList<>();

    /** @param reset brings the database back to what the migrations left */
    public SagaSweep(Transactions database, Runnable reset) {
        this(database, reset, Duration.ofSeconds(20));
    }

    private SagaSweep(Transactions database, Runnable reset, Duration patience) {
        this.database = database;
        this.reset = reset;
        this.patience = patience;
    }

    /** How long a scenario may take before its task counts as stuck. */
    public SagaSweep within(Duration limit) {
        return new SagaSweep(database, reset, limit);
    }

    /** What the scenarios run on, for the assertions of a world. */
    public Transactions database() {
        return database;
    }

    /** Runs them all; the first that goes wrong is described in the error. Answers the names of the scenarios. */
    public List<String> run(SagaWorld.Maker maker) {
        played.clear();
        scenario(maker, "undisturbed", Change.NONE, noCrash(), true);
        List<Named> steps = names(maker);
        int last = steps.size() - 1;
        Change end = Change.of(last, Kind.FAILING_LATE);
        each(maker, steps, "%s twice", i -> Change.of(i, Kind.TWICE), true);
        each(maker, steps, "a failure of %s", i -> Change.of(i, Kind.FAILING), false);
        each(maker, steps, "a late failure of %s", i -> Change.of(i, Kind.FAILING_LATE), false);
        each(maker, steps, "a cancel during %s", i -> Change.of(i, Kind.CANCELLED), false);
        each(maker, steps, "the undo of %s twice", i -> end.and(i, Kind.UNDO_TWICE), false);
        each(maker, steps, "the undo of %s failing once", i -> end.and(i, Kind.UNDO_FAILING_ONCE), false);
        crashes(maker, "on the way forward", Change.NONE, true);
        crashes(maker, "on the way back", end, false);
        return List.copyOf(played);
    }

    private void each(SagaWorld.Maker maker, List<Named> steps, String name, IntFunction<Change> change, boolean done) {
        for (int i = 0; i < steps.size(); i++) {
            if (change.apply(i).kind() == Kind.CANCELLED && !steps.get(i).remote()) {
                // A local step is over before a cancel can reach it.
                continue;
            }
            scenario(maker, name.formatted("'" + steps.get(i).name() + "'"), change.apply(i), noCrash(), done);
        }
    }

    private void crashes(SagaWorld.Maker maker, String way, Change change, boolean done) {
        for (boolean before : List.of(true, false)) {
            for (int commit = 1; commit < MOST_COMMITS; commit++) {
                CrashPoint point = new CrashPoint(commit, before);
                String name = "a crash just " + (before ? "before" : "after") + " commit " + commit + " " + way;
                scenario(maker, name, change, point, done);
                if (!point.crashed()) {
                    break;
                }
            }
        }
    }

    private static CrashPoint noCrash() {
        return new CrashPoint(0, false);
    }

    private List<Named> names(SagaWorld.Maker maker) {
        reset.run();
        return make(maker, database, new Stage(database)).saga().steps().stream()
                .map(step -> new Named(step.name(), step.remote() != null))
                .toList();
    }

    private void scenario(SagaWorld.Maker maker, String name, Change change, CrashPoint point, boolean done) {
        reset.run();
        Stage stage = new Stage(database);
        played.add(name);
        try {
            play(maker, change, point, done, stage);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "With " + name + ": " + e.getMessage() + System.lineSeparator() + stage.describe(), e);
        } finally {
            stage.stop();
        }
    }

    private void play(SagaWorld.Maker maker, Change change, CrashPoint point, boolean done, Stage stage) {
        CrashPoint.Gate outside = new CrashPoint.Gate(database, point);
        SagaWorld world = make(maker, outside, stage);
        world.prepare();
        if (change.kind == Kind.CANCELLED
                && world.saga().steps().get(change.index).remote() == null) {
            return;
        }
        MutableClock clock = MutableClock.fixed();
        // The engine that dies is named here: by the time it does so, the stage may already hold its successor.
        TaskEngine mortal = stage.open(world, change, new CrashPoint.Gate(database, point), clock, "one");
        point.onCrash(mortal::abandon);
        point.arm();
        boolean begun = true;
        try {
            world.begin();
        } catch (CrashPoint.Crash e) {
            begun = stage.unfinished() > 0;
        }
        Eventually.happens("the task came to its end", patience, () -> point.crashed() || stage.unfinished() == 0);
        if (point.crashed()) {
            outside.revive();
            clock.advance(CONFIG.lease().plusSeconds(1));
            stage.open(world, change, database, clock, "two");
        }
        Eventually.happens("the task came to its end after the crash", patience, () -> stage.unfinished() == 0);
        if (!begun) {
            return;
        }
        stage.assertStatus(done ? Tasks.Status.DONE : Tasks.Status.FAILED);
        if (done) {
            world.assertDone();
        } else {
            world.assertTakenBack();
        }
    }

    private static SagaWorld make(SagaWorld.Maker maker, Transactions database, Tasks tasks) {
        try {
            return maker.make(database, tasks);
        } catch (Exception e) {
            throw new IllegalStateException("The world could not be made", e);
        }
    }

    private record Named(String name, boolean remote) {}

    private enum Kind {
        NONE,
        TWICE,
        FAILING,
        FAILING_LATE,
        UNDO_TWICE,
        UNDO_FAILING_ONCE,
        CANCELLED
    }

    /** Up to two disturbances of a saga. */
    private record Change(int index, Kind kind, @Nullable Change other) {
        static final Change NONE = new Change(0, Kind.NONE, null);

        static Change of(int index, Kind kind) {
            return new Change(index, kind, null);
        }

        Change and(int otherIndex, Kind otherKind) {
            return new Change(index, kind, of(otherIndex, otherKind));
        }

        <S extends Record> Saga<S> applied(Saga<S> saga, Runnable cancel) {
            UnaryOperator<Saga.Step<S>> change = switch (kind) {
                case NONE -> UnaryOperator.identity();
                case TWICE -> Meddling::twice;
                case FAILING -> Meddling::failing;
                case FAILING_LATE -> Meddling::failingLate;
                case UNDO_TWICE -> Meddling::undoTwice;
                case UNDO_FAILING_ONCE -> Meddling::undoFailingOnce;
                case CANCELLED -> step -> Meddling.meanwhile(step, cancel);
            };
            Saga<S> changed = Meddling.at(saga, index, change);
            return other == null ? changed : other.applied(changed, cancel);
        }
    }

    /** The engine of the moment, seen by the service as its {@link Tasks}. */
    private static final class Stage implements Tasks {
        private final Transactions database;
        private volatile @Nullable TaskEngine engine;
        private volatile @Nullable Saga<?> changed;
        private volatile @Nullable String resource;

        Stage(Transactions database) {
            this.database = database;
        }

        TaskEngine open(SagaWorld world, Change change, Transactions gate, MutableClock clock, String name) {
            TaskEngine next = new TaskEngine(gate, clock, Ids.secure(), CONFIG, name);
            // The same disturbed saga also after the crash: what fails, fails again.
            Saga<?> saga = changed != null ? changed : change.applied(world.saga(), this::cancelIt);
            changed = saga;
            next.register(saga);
            world.companions().forEach(next::register);
            engine = next;
            next.start();
            return next;
        }

        void stop() {
            TaskEngine now = engine;
            if (now != null) {
                now.abandon();
            }
        }

        int unfinished() {
            TaskEngine asking = new TaskEngine(database, MutableClock.fixed(), Ids.secure(), CONFIG, "watcher");
            return asking.unfinished();
        }

        void assertStatus(Status expected) {
            String what = resource;
            List<Timeline> tasks = what == null ? List.of() : database.read(tx -> timeline(tx, what));
            Saga<?> saga = Objects.requireNonNull(changed);
            Timeline task = tasks.stream()
                    .filter(one -> one.saga().equals(saga.name()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("The saga was never started."));
            if (task.status() != expected) {
                throw new AssertionError(
                        "The task ended as " + task.status() + " instead of " + expected + ": " + task.fault());
            }
        }

        String describe() {
            String what = resource;
            List<Timeline> tasks = what == null ? List.of() : database.read(tx -> timeline(tx, what));
            return tasks.stream().map(Stage::describe).collect(Collectors.joining(System.lineSeparator()));
        }

        private static String describe(Timeline task) {
            String steps = task.journal().stream()
                    .map(entry -> (entry.undo() ? "undo " : "") + entry.step() + " on " + entry.controller() + ": "
                            + (entry.finishedAt() == null ? "unfinished" : "finished")
                            + (entry.fault() == null ? "" : ", " + entry.fault().message()))
                    .collect(Collectors.joining(System.lineSeparator() + "  "));
            return "Timeline of " + task.saga() + ", " + task.status() + System.lineSeparator() + "  " + steps;
        }

        private void cancelIt() {
            database.run(tx -> cancel(tx, Objects.requireNonNull(resource), "The sweep wants it so."));
        }

        private TaskEngine now() {
            return Objects.requireNonNull(engine, "tasks can be started only from begin()");
        }

        @Override
        @SuppressWarnings("unchecked")
        public <S extends Record> String start(Tx tx, Caller caller, Saga<S> saga, String about, S state) {
            Saga<?> mine = Objects.requireNonNull(changed);
            if (!saga.name().equals(mine.name())) {
                return now().start(tx, caller, saga, about, state);
            }
            resource = about;
            return now().start(tx, caller, (Saga<S>) mine, about, state);
        }

        @Override
        public void cancel(Tx tx, String about, String why) {
            now().cancel(tx, about, why);
        }

        @Override
        public List<Timeline> timeline(Tx tx, String about) {
            return new TaskEngine(database, MutableClock.fixed(), Ids.secure(), CONFIG, "watcher").timeline(tx, about);
        }
    }
}

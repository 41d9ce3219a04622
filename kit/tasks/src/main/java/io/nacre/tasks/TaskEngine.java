package io.nacre.tasks;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.core.JacksonException;

/**
 * Carries tasks to their end.
 *
 * <p>A task that is started here runs here, right after the commit that made it and without another transaction to
 * claim it. What has no living controller, because one died, was stopped, or because the task had to wait for its
 * turn while nobody looked, is found by a round that comes with every heartbeat.
 *
 * <p>Register all sagas, then {@link #start()}; {@link #close()} lets each task finish its present step and hands the
 * rest to others.
 */
public final class TaskEngine implements Tasks, AutoCloseable {
    /** Where the tables come from, for {@code Database.open}. */
    public static final String MIGRATIONS = "db/tasks";

    private static final Logger LOG = LoggerFactory.getLogger(TaskEngine.class);

    private final Transactions database;
    private final InstantSource clock;
    private final Ids ids;
    private final TaskConfig config;
    private final String controller;

    private final TaskStore store = new TaskStore();
    private final Map<String, Saga<?>> sagas = new ConcurrentHashMap<>();
    private final Map<String, TaskRun<?>> active = new ConcurrentHashMap<>();
    private final Semaphore permits;
    private final Recovery recovery;
    private final Rounds rounds = new Rounds();
    private final CountDownLatch halt = new CountDownLatch(1);
    private volatile boolean started;
    private volatile boolean leaving;

    /** Thrown in a task's thread when the engine has stopped for good; nothing is written any more. */
    static final class Halted extends RuntimeException {
        Halted() {
            super("the task engine has stopped", null, false, false);
        }
    }

    /** @param controller stable over restarts and different from that of every other controller */
    public TaskEngine(Transactions database, InstantSource clock, Ids ids, TaskConfig config, String controller) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.config = config;
        this.controller = controller;
        this.permits = new Semaphore(config.concurrency(), true);
        this.recovery = new Recovery(this, store, controller, config);
        if (config.retention().isPositive()) {
            rounds.add(new Purge(database, store, clock, config.retention()));
        }
    }

    /** Makes a saga known, before the engine starts: also tasks of it that were begun elsewhere may come here. */
    public void register(Saga<?> saga) {
        if (sagas.putIfAbsent(saga.name(), saga) != null) {
            throw new IllegalArgumentException("there are two sagas " + saga.name());
        }
    }

    /** Runs a reconciler now and then; the first time when the engine starts, and on every controller. */
    public void add(Reconciler reconciler) {
        rounds.add(reconciler);
    }

    /** Lets a reconciler run now instead of at the end of its period. */
    public void wake(String reconciler) {
        rounds.wake(reconciler);
    }

    /** Takes up what was left behind, then works until closed. */
    public void start() {
        started = true;
        recovery.start();
        rounds.start();
    }

    @Override
    public <S extends Record> String start(Tx tx, Caller caller, Saga<S> saga, String resource, S state) {
        if (!saga.equals(sagas.get(saga.name()))) {
            throw new IllegalStateException("saga " + saga.name() + " is not registered");
        }
        Instant now = clock.instant();
        TaskStore.Place place = store.place(tx, resource);
        boolean ours = !place.occupied() && !leaving;
        Journal<S> journal = journal(saga);
        TaskRow row = journal.first(tx, first(caller, saga, resource, state, now), ours);
        store.insert(tx, row, place.last() + 1, ours ? controller : null, now);
        if (ours) {
            tx.afterCommit(() -> dispatch(new TaskRun<>(this, saga, journal, row, state)));
        } else {
            // Whoever occupied the resource may have finished meanwhile without having seen this task.
            tx.afterCommit(() -> Thread.ofVirtual().start(() -> takeNext(resource)));
        }
        return row.id();
    }

    private <S extends Record> TaskRow first(Caller caller, Saga<S> saga, String resource, S state, Instant now) {
        // The caller does not wait for the task, so their deadline is not the task's.
        Caller patient = caller.until(null);
        String step = saga.steps().getFirst().name();
        return new TaskRow(
                ids.uuid(),
                saga.name(),
                resource,
                Json.write(state),
                step,
                Status.RUNNING,
                null,
                patient,
                0,
                now,
                0,
                0);
    }

    @Override
    public void cancel(Tx tx, String resource, String why) {
        store.cancel(tx, resource, why);
        tx.afterCommit(() -> active.values().stream()
                .filter(run -> run.row().resource().equals(resource))
                .forEach(run -> run.cancel(why)));
    }

    @Override
    public List<Timeline> timeline(Tx tx, String resource) {
        return store.timeline(tx, resource);
    }

    /** How many tasks are not at their end, on all controllers. */
    public int unfinished() {
        return database.read(store::countOpen);
    }

    /**
     * Lets every task finish its present step, for the grace at the most, interrupts what is left for another grace,
     * and gives the unfinished ones away.
     */
    @Override
    public void close() {
        if (leaving) {
            return;
        }
        leaving = true;
        rounds.stop(config.grace());
        recovery.stop();
        active.values().forEach(TaskRun::wake);
        if (!awaitNone(config.grace())) {
            Fault leave = Fault.unavailable("The controller is stopping.").fault();
            active.values().forEach(run -> run.stop(leave));
            awaitNone(config.grace());
        }
        active.values().forEach(run -> LOG.error("{} did not stop in time", run));
        halt.countDown();
        recovery.leave();
    }

    /**
     * Stops at once, as a crash does: nothing is finished, written or given away. For tests of recovery; work that
     * has been interrupted may still be ending when this returns.
     */
    public void abandon() {
        leaving = true;
        halt.countDown();
        recovery.stop();
        rounds.stop(Duration.ZERO);
        active.values().forEach(TaskRun::lose);
    }

    Transactions database() {
        return database;
    }

    Instant now() {
        return clock.instant();
    }

    Duration grace() {
        return config.grace();
    }

    boolean leaving() {
        return leaving;
    }

    Duration pause(int attempt) {
        return config.pause(attempt, ids.random().nextDouble());
    }

    void checkHalted() {
        if (halt.getCount() == 0) {
            throw new Halted();
        }
    }

    /** Waits, unless the engine is halted. */
    void rest(Duration pause) {
        try {
            halt.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("A task's thread was interrupted.", e);
        }
    }

    boolean works(String taskId) {
        return active.containsKey(taskId);
    }

    Set<String> knownSagas() {
        return Set.copyOf(sagas.keySet());
    }

    void cancelHere(String taskId, String why) {
        TaskRun<?> run = active.get(taskId);
        if (run != null) {
            run.cancel(why);
        }
    }

    /** The lease is gone: others may work on our tasks by now. */
    void loseAll() {
        active.values().forEach(TaskRun::lose);
    }

    /** Takes a task that nobody works on. Answers false when this program cannot make sense of it. */
    boolean take(TaskRow row) {
        Saga<?> saga = sagas.get(row.saga());
        return saga != null && take(row, saga);
    }

    private <S extends Record> boolean take(TaskRow row, Saga<S> saga) {
        S state;
        try {
            if (row.step() != null) {
                saga.step(row.step());
            }
            state = Json.read(row.state(), saga.state());
        } catch (JacksonException | IllegalArgumentException e) {
            LOG.error(
                    "Task {} {} of {} was written by another version of Nacre and waits for a controller that knows it:"
                            + " {}",
                    row.saga(),
                    row.id(),
                    row.resource(),
                    e.getMessage());
            return false;
        }
        Journal<S> journal = journal(saga);
        Optional<TaskRow> taken = database.write(tx -> journal.take(tx, row));
        taken.ifPresent(ours -> {
            LOG.info("Taking up task {} {} of {} at {}", ours.saga(), ours.id(), ours.resource(), ours.step());
            dispatch(new TaskRun<>(this, saga, journal, ours, state));
        });
        return true;
    }

    private <S extends Record> Journal<S> journal(Saga<S> saga) {
        return new Journal<>(saga, store, clock, controller);
    }

    /** Starts the next task of a resource when nobody has it. The recovery round would, only later. */
    private void takeNext(String resource) {
        try {
            if (!leaving) {
                database.read(tx -> store.waiting(tx, resource)).ifPresent(this::take);
            }
        } catch (RuntimeException e) {
            LOG.warn("The next task of {} has to wait for the next round: {}", resource, e.toString());
        }
    }

    private void dispatch(TaskRun<?> run) {
        if (!started || halt.getCount() == 0) {
            return;
        }
        if (active.putIfAbsent(run.row().id(), run) == null) {
            Thread.ofVirtual().name(run.toString()).start(() -> carry(run));
        }
    }

    private void carry(TaskRun<?> run) {
        MDC.put("request", run.row().caller().requestId());
        try {
            Optional<Duration> pause = Optional.of(Duration.ZERO);
            while (pause.isPresent()) {
                if (leaving) {
                    release(run);
                    return;
                }
                run.rest(pause.get());
                permits.acquireUninterruptibly();
                try {
                    pause = leaving ? pause : run.move();
                } finally {
                    permits.release();
                }
            }
            gone(run);
            takeNext(run.row().resource());
        } catch (TaskLost e) {
            LOG.info("{}", e.getMessage());
            release(run);
        } catch (Halted e) {
            LOG.debug("{} is left as it is", run);
        } catch (Throwable e) {
            // Its row still names us, so the recovery round finds it again.
            if (halt.getCount() > 0) {
                LOG.error("{} broke off", run, e);
            }
        } finally {
            gone(run);
        }
    }

    /** Gives the task away when we are leaving; harmless when somebody has it already. */
    private void release(TaskRun<?> run) {
        if (leaving && halt.getCount() > 0 && !run.lost()) {
            database.write(tx -> store.own(tx, run.row(), null));
        }
    }

    private void gone(TaskRun<?> run) {
        synchronized (active) {
            active.remove(run.row().id(), run);
            active.notifyAll();
        }
    }

    private boolean awaitNone(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        synchronized (active) {
            while (!active.isEmpty()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                try {
                    active.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }
}

package io.nacre.tasks;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One task on its way, in the hands of this controller.
 *
 * <p>Every move is one transaction that first confirms that the task is still ours, then does the local body if there
 * is one, and writes journal and position. What this object remembers is what the last commit wrote.
 */
final class TaskRun<S extends Record> {
    private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);
    /** A closure that collides more often than this, after all the retries of the database, is wrong. */
    private static final int COLLISIONS = 5;

    private final TaskEngine engine;
    private final Saga<S> saga;
    private final Journal<S> journal;

    private volatile TaskRow row;
    private volatile S state;
    private volatile @Nullable RemoteCall<S> call;
    private volatile @Nullable Fault stop;
    private volatile boolean lost;
    private final Semaphore alarm = new Semaphore(0);

    TaskRun(TaskEngine engine, Saga<S> saga, Journal<S> journal, TaskRow row, S state) {
        this.engine = engine;
        this.saga = saga;
        this.journal = journal;
        this.row = row;
        this.state = state;
    }

    TaskRow row() {
        return row;
    }

    /** Interrupts a forward step that is in flight; the next move reads from the database that it must turn back. */
    void cancel(String why) {
        if (row.status() == Tasks.Status.RUNNING) {
            stop(Journal.cancelled(why));
        }
    }

    /** Interrupts whatever is in flight. */
    void stop(Fault why) {
        stop = why;
        RemoteCall<S> now = call;
        if (now != null) {
            now.stop(why);
        }
        wake();
    }

    /** Nothing more may be written: the lease ran out, others may work on the task by now. */
    void lose() {
        lost = true;
        stop(Fault.unavailable("The controller lost its lease.").fault());
    }

    boolean lost() {
        return lost;
    }

    /** Waits for the pause between two attempts, or until there is a reason not to. */
    void rest(Duration pause) {
        if (pause.isPositive() && !engine.leaving()) {
            try {
                boolean woken = alarm.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
                LOG.trace("{} goes on, woken {}", this, woken);
            } catch (InterruptedException e) {
                throw new IllegalStateException("A task's thread was interrupted.", e);
            }
        }
    }

    void wake() {
        alarm.release();
    }

    /** One move. Answers how long to wait before the next one, empty when there is none. */
    Optional<Duration> move() {
        TaskRow now = row;
        if (now.status() == Tasks.Status.RUNNING) {
            Saga.Step<S> step = saga.step(Objects.requireNonNull(now.step()));
            if (step.local() != null) {
                doLocal(step, step.local());
                return next(Duration.ZERO);
            }
            return next(doRemote(step, Objects.requireNonNull(step.remote())));
        }
        return next(now.step() == null ? end() : undo(saga.step(now.step())));
    }

    private Optional<Duration> next(Duration pause) {
        return row.open() ? Optional.of(pause) : Optional.empty();
    }

    private void doLocal(Saga.Step<S> step, Saga.Local<S> body) {
        Instant started = engine.now();
        TaskRow from = row;
        S before = state;
        try {
            write(tx -> {
                Optional<Fault> cancelled = journal.confirm(tx, from);
                if (cancelled.isPresent()) {
                    return journal.turnBack(tx, from, saga.before(step), before, cancelled.get());
                }
                S after = body.run(tx, before);
                return journal.advance(tx, journal.note(tx, from, step, false, started, null), step, after);
            });
        } catch (TaskLost | TaskEngine.Halted e) {
            throw e;
        } catch (Throwable e) {
            Fault fault = fault(step, e);
            write(tx -> {
                journal.confirm(tx, from);
                TaskRow noted = journal.note(tx, from, step, false, started, fault);
                return journal.turnBack(tx, noted, saga.before(step), before, fault);
            });
        }
    }

    private Duration doRemote(Saga.Step<S> step, Saga.Remote<S> body) {
        RemoteCall.Ending<S> ending = reach(step, body, false);
        TaskRow from = row;
        S before = state;
        S after = ending.state() == null ? before : ending.state();
        Fault fault = ending.thrown() == null ? null : fault(step, ending.thrown());
        Duration pause = engine.pause(from.attempt() + 1);
        return write(tx -> {
                    Optional<Fault> cancelled = journal.confirm(tx, from);
                    journal.close(tx, from, fault);
                    if (cancelled.isPresent()) {
                        return journal.turnBack(tx, from, step, after, cancelled.get());
                    }
                    if (fault == null) {
                        return journal.advance(tx, from, step, after);
                    }
                    return worthAnotherTry(fault, step, from)
                            ? journal.again(tx, from, before, pause)
                            : journal.turnBack(tx, from, step, before, fault);
                })
                .pause();
    }

    private Duration undo(Saga.Step<S> step) {
        Instant started = engine.now();
        TaskRow from = row;
        try {
            S before = step.undoRemote() == null ? state : undoRemotely(step, step.undoRemote());
            return write(tx -> {
                        journal.confirm(tx, from);
                        S after = step.undoLocal() == null
                                ? before
                                : step.undoLocal().run(tx, before);
                        TaskRow noted = from;
                        if (step.undoRemote() == null) {
                            noted = journal.note(tx, from, step, true, started, null);
                        } else {
                            journal.close(tx, from, null);
                        }
                        return journal.turnBack(tx, noted, saga.before(step), after, why(from));
                    })
                    .pause();
        } catch (TaskLost | TaskEngine.Halted e) {
            throw e;
        } catch (Throwable e) {
            return undoAgain(step, started, fault(step, e));
        }
    }

    private S undoRemotely(Saga.Step<S> step, Saga.Remote<S> body) {
        RemoteCall.Ending<S> ending = reach(step, body, true);
        if (ending.thrown() != null) {
            throw new FaultException(fault(step, ending.thrown()));
        }
        return Objects.requireNonNull(ending.state());
    }

    /** An undo is never skipped: it is tried until it works. */
    private Duration undoAgain(Saga.Step<S> step, Instant started, Fault fault) {
        TaskRow from = row;
        S before = state;
        Duration pause = engine.pause(from.attempt() + 1);
        LOG.warn(
                "{}: taking back '{}' failed for the {}. time, next try in {}: {}",
                this,
                step.name(),
                from.attempt() + 1,
                pause,
                fault.message());
        return write(tx -> {
                    journal.confirm(tx, from);
                    if (step.undoRemote() != null) {
                        journal.close(tx, from, fault);
                        return journal.again(tx, from, before, pause);
                    }
                    TaskRow noted = from.attempt() > 0 ? from : journal.note(tx, from, step, true, started, fault);
                    return journal.again(tx, noted, before, pause);
                })
                .pause();
    }

    /** The last words of a task that has been taken back; they too are tried until they work. */
    private Duration end() {
        TaskRow from = row;
        S last = state;
        try {
            return write(tx -> {
                        journal.confirm(tx, from);
                        if (saga.failed() != null) {
                            saga.failed().run(tx, last, why(from));
                        }
                        return journal.fail(tx, from, last, why(from));
                    })
                    .pause();
        } catch (TaskLost | TaskEngine.Halted e) {
            throw e;
        } catch (Throwable e) {
            engine.checkHalted();
            Duration pause = engine.pause(from.attempt() + 1);
            LOG.error("{}: its last words failed, next try in {}", this, pause, e);
            return write(tx -> {
                        journal.confirm(tx, from);
                        return journal.again(tx, from, last, pause);
                    })
                    .pause();
        }
    }

    private static Fault why(TaskRow row) {
        return row.fault() == null ? Journal.cancelled("The reason was not kept.") : row.fault();
    }

    /** Runs a remote body under its deadline. Throws {@link TaskLost} when this controller is to let go of the task. */
    private RemoteCall.Ending<S> reach(Saga.Step<S> step, Saga.Remote<S> body, boolean backwards) {
        TaskRow now = row;
        S before = state;
        String key = now.id() + "/" + step.name() + (backwards ? "/undo" : "");
        RemoteCall<S> remote = new RemoteCall<>(saga.name() + " " + key, step.deadline(), engine.grace());
        call = remote;
        Fault early = stop;
        if (early != null && !(backwards && early.code().equals("Cancelled"))) {
            remote.stop(early);
        }
        Caller caller = now.caller().until(engine.now().plus(step.deadline()));
        RemoteCall.Ending<S> ending = remote.run(() -> {
            MDC.put("request", caller.requestId());
            return body.run(new Saga.Context(caller, key, step.deadline()), before);
        });
        call = null;
        if (ending.stopped() && (lost || engine.leaving())) {
            throw new TaskLost(now.id());
        }
        return ending;
    }

    private static boolean worthAnotherTry(Fault fault, Saga.Step<?> step, TaskRow from) {
        boolean passing = fault.kind() == Fault.Kind.UNAVAILABLE || fault.kind() == Fault.Kind.TIMEOUT;
        return passing && from.attempt() < step.retries();
    }

    /** Commits a move. A database that is away is waited for: it says nothing about the step. */
    private Journal.Position<S> write(Function<Tx, Journal.Position<S>> body) {
        int collisions = 0;
        for (int tries = 1; ; tries++) {
            engine.checkHalted();
            if (lost) {
                throw new TaskLost(row.id());
            }
            try {
                Journal.Position<S> position = engine.database().write(body);
                row = position.row();
                state = position.state();
                return position;
            } catch (FaultException e) {
                boolean collided = e.fault().code().equals("Collision");
                collisions += collided ? 1 : 0;
                if (e.getCause() == null || !(collided || e.is(Fault.Kind.UNAVAILABLE)) || collisions > COLLISIONS) {
                    throw e;
                }
                LOG.warn("{}: the database refused a move, trying again: {}", this, e.getMessage());
            }
            engine.rest(engine.pause(tries));
        }
    }

    private Fault fault(Saga.Step<S> step, Throwable thrown) {
        engine.checkHalted();
        if (thrown instanceof FaultException known) {
            LOG.info("{}: '{}' failed: {}", this, step.name(), known.getMessage(), known.getCause());
            return known.fault();
        }
        if (row.attempt() == 0) {
            LOG.error("{}: '{}' failed unexpectedly", this, step.name(), thrown);
        } else {
            LOG.error("{}: '{}' failed unexpectedly again: {}", this, step.name(), thrown.toString());
        }
        return Fault.internal("An unexpected error occurred at '" + step.name() + "'.")
                .fault();
    }

    @Override
    public String toString() {
        return "task " + saga.name() + " " + row.id() + " of " + row.resource();
    }
}

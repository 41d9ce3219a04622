package io.nacre.tasks;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.base.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a task moves along its saga, in the database. Each method is a part of one transaction and changes nothing in
 * memory, so it may be run again.
 */
final class Journal<S extends Record> {
    /** Beyond this an undo that keeps failing writes over its newest entry. */
    private static final int ENTRIES_PER_UNDO = 10;

    private final Saga<S> saga;
    private final TaskStore store;
    private final InstantSource clock;
    private final String controller;

    /**
     * Where a task stands after a move.
     *
     * @param pause how long to wait before the next move
     */
    record Position<S>(TaskRow row, S state, Duration pause) {}

    Journal(Saga<S> saga, TaskStore store, InstantSource clock, String controller) {
        this.saga = saga;
        this.store = store;
        this.clock = clock;
        this.controller = controller;
    }

    /** Checks that the task is ours still. Answers with a fault when somebody wants it cancelled. */
    Optional<Fault> confirm(Tx tx, TaskRow row) {
        return store.confirm(tx, row, controller).map(Journal::cancelled);
    }

    static Fault cancelled(String why) {
        return Fault.of(Fault.Kind.CONFLICT, "Cancelled", why).fault();
    }

    /** Writes a step that began and ended within this transaction, or has just failed in its own. */
    TaskRow note(Tx tx, TaskRow row, Saga.Step<S> step, boolean backwards, Instant startedAt, @Nullable Fault fault) {
        TaskRow noted = row.withEntries(row.entries() + 1);
        store.entry(tx, noted, step.name(), backwards, startedAt, clock.instant(), fault, controller);
        return noted;
    }

    /** Ends the entry of a remote step. */
    void close(Tx tx, TaskRow row, @Nullable Fault fault) {
        store.close(tx, row, clock.instant(), fault);
    }

    /** Goes on to the step after the given one, or to the end. */
    Position<S> advance(Tx tx, TaskRow row, Saga.Step<S> done, S state) {
        Saga.Step<S> next = saga.after(done);
        Tasks.Status status = next == null ? Tasks.Status.DONE : Tasks.Status.RUNNING;
        TaskRow moved = row.at(next == null ? null : next.name(), status, Json.write(state), null);
        return save(tx, begin(tx, moved), state, Duration.ZERO);
    }

    /** Goes back, beginning with the undo of the given step; null when none has been done. */
    Position<S> turnBack(Tx tx, TaskRow row, Saga.@Nullable Step<S> from, S state, Fault fault) {
        Saga.Step<S> step = from;
        while (step != null && step.undoLocal() == null && step.undoRemote() == null) {
            step = saga.before(step);
        }
        String name = step == null ? null : step.name();
        TaskRow moved = row.at(name, Tasks.Status.UNDOING, Json.write(state), fault);
        return save(tx, begin(tx, moved), state, Duration.ZERO);
    }

    /** Stays at the step and tries it again after a pause. */
    Position<S> again(Tx tx, TaskRow row, S state, Duration pause) {
        TaskRow waiting = row.again(clock.instant().plus(pause));
        if (row.status() == Tasks.Status.UNDOING && row.attempt() >= ENTRIES_PER_UNDO && remoteNext(row)) {
            store.reopen(tx, row, controller);
        } else {
            waiting = begin(tx, waiting);
        }
        return save(tx, waiting, state, pause);
    }

    /** The end of a task that has been taken back. */
    Position<S> fail(Tx tx, TaskRow row, S state, Fault fault) {
        return save(tx, row.at(null, Tasks.Status.FAILED, row.state(), fault), state, Duration.ZERO);
    }

    /**
     * A new task.
     *
     * @param now false when it has to wait for its turn
     */
    TaskRow first(Tx tx, TaskRow row, boolean now) {
        return now ? begin(tx, row) : row;
    }

    /** Makes a task ours that nobody works on. Empty when somebody was faster. */
    Optional<TaskRow> take(Tx tx, TaskRow row) {
        return store.own(tx, row, controller).map(ours -> {
            store.close(tx, ours, clock.instant(), interrupted());
            return store.save(tx, begin(tx, ours), clock.instant());
        });
    }

    private static Fault interrupted() {
        return Fault.unavailable("The controller stopped before the end of the step.")
                .fault();
    }

    /**
     * Opens the entry of a remote step or undo that comes next, so that the timeline shows what is going on without
     * a transaction of its own.
     */
    private TaskRow begin(Tx tx, TaskRow row) {
        if (!remoteNext(row) || row.step() == null) {
            return row;
        }
        TaskRow begun = row.withEntries(row.entries() + 1);
        boolean backwards = row.status() == Tasks.Status.UNDOING;
        Instant at = clock.instant();
        store.open(tx, begun, row.step(), backwards, row.nextAt().isAfter(at) ? row.nextAt() : at, controller);
        return begun;
    }

    private boolean remoteNext(TaskRow row) {
        if (!row.open() || row.step() == null) {
            return false;
        }
        Saga.Step<S> step = saga.step(row.step());
        return row.status() == Tasks.Status.RUNNING ? step.remote() != null : step.undoRemote() != null;
    }

    private Position<S> save(Tx tx, TaskRow row, S state, Duration pause) {
        return new Position<>(store.save(tx, row, clock.instant()), state, pause);
    }
}

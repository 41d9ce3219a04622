package io.nacre.tasks;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as it stands in the database.
 *
 * @param step the step to do or to undo next; null when only the end of a failed task is left
 * @param attempt how often that step has failed so far
 * @param entries the number of the newest journal entry
 */
record TaskRow(
        String id,
        String saga,
        String resource,
        String state,
        @Nullable String step,
        Tasks.Status status,
        @Nullable Fault fault,
        Caller caller,
        int attempt,
        Instant nextAt,
        int entries,
        long version) {

    TaskRow at(@Nullable String nextStep, Tasks.Status nextStatus, String nextState, @Nullable Fault why) {
        return new TaskRow(
                id, saga, resource, nextState, nextStep, nextStatus, why, caller, 0, nextAt, entries, version);
    }

    TaskRow again(Instant when) {
        return new TaskRow(id, saga, resource, state, step, status, fault, caller, attempt + 1, when, entries, version);
    }

    TaskRow withEntries(int count) {
        return new TaskRow(id, saga, resource, state, step, status, fault, caller, attempt, nextAt, count, version);
    }

    TaskRow withVersion(long next) {
        return new TaskRow(id, saga, resource, state, step, status, fault, caller, attempt, nextAt, entries, next);
    }

    boolean open() {
        return status == Tasks.Status.RUNNING || status == Tasks.Status.UNDOING;
    }
}

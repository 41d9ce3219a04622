package io.nacre.tasks;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts sagas and tells what became of them. The engine behind it is {@code TaskEngine}. */
public interface Tasks {

    /**
     * Writes the task in the caller's transaction; it starts when that commits. Tasks of one resource run one after
     * the other, in the order in which they were started.
     *
     * @param resource what it is about, such as {@code server/UUID}
     * @return the task's identifier
     */
    <S extends Record> String start(Tx tx, Caller caller, Saga<S> saga, String resource, S state);

    /** Asks every unfinished task of the resource to stop and take back what it did, at the next step's end. */
    void cancel(Tx tx, String resource, String why);

    /** The resource's tasks, newest first. */
    List<Timeline> timeline(Tx tx, String resource);

    /** One unfinished or finished task with its journal. */
    record Timeline(
            String taskId,
            String saga,
            String resource,
            Caller caller,
            Instant startedAt,
            Instant updatedAt,
            Status status,
            @Nullable Fault fault,
            List<Entry> journal) {}

    enum Status {
        RUNNING,
        UNDOING,
        DONE,
        FAILED
    }

    /** One line of the journal: a step or its undo, begun and perhaps ended. */
    record Entry(
            String step,
            boolean undo,
            Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Fault fault,
            String controller) {}
}

package io.nacre.tasks;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL about tasks and their journal. */
final class TaskStore {
    private static final Columns TASK = Columns.of("nacre_task");
    private static final Field<String> ID = TASK.text("id");
    private static final Field<String> SAGA = TASK.text("saga");
    private static final Field<String> RESOURCE = TASK.text("resource");
    private static final Field<Long> SEQ = TASK.number("seq");
    private static final Field<String> STATE = TASK.text("state");
    private static final Field<String> STEP = TASK.text("step");
    private static final Field<Tasks.Status> STATUS = TASK.choice("status", Tasks.Status.class);
    private static final Field<Fault> FAULT = TASK.json("fault", Fault.class);
    private static final Field<String> CANCEL_REASON = TASK.text("cancel_reason");
    private static final Field<Caller> CALLER = TASK.json("caller", Caller.class);
    private static final Field<String> OWNER = TASK.text("owner");
    private static final Field<Integer> ATTEMPT = TASK.integer("attempt");
    private static final Field<Instant> NEXT_AT = TASK.instant("next_at");
    private static final Field<Integer> ENTRIES = TASK.integer("entries");
    private static final Field<Instant> CREATED_AT = TASK.instant("created_at");
    private static final Field<Instant> UPDATED_AT = TASK.instant("updated_at");
    private static final Field<Long> VERSION = TASK.number("version");

    private static final Columns JOURNAL = Columns.of("nacre_task_journal");
    private static final Field<String> TASK_ID = JOURNAL.text("task_id");
    private static final Field<Integer> ENTRY = JOURNAL.integer("entry");
    private static final Field<String> ENTRY_STEP = JOURNAL.text("step");
    private static final Field<Boolean> BACKWARDS = JOURNAL.bool("backwards");
    private static final Field<Instant> STARTED_AT = JOURNAL.instant("started_at");
    private static final Field<Instant> FINISHED_AT = JOURNAL.instant("finished_at");
    private static final Field<Fault> ENTRY_FAULT = JOURNAL.json("fault", Fault.class);
    private static final Field<String> CONTROLLER = JOURNAL.text("controller");

    private static final Condition OPEN = STATUS.in(Tasks.Status.RUNNING, Tasks.Status.UNDOING);

    /**
     * Where a new task of a resource would stand.
     *
     * @param last the highest place taken so far, 0 for none
     * @param occupied an older task is unfinished
     */
    record Place(long last, boolean occupied) {}

    Place place(Tx tx, String resource) {
        // Tasks of a resource finish in order, so only when the last one is unfinished can any be.
        return Sql.in(tx)
                .select(SEQ, STATUS)
                .from(TASK.table())
                .where(RESOURCE.eq(resource))
                .orderBy(SEQ.desc())
                .limit(1)
                .fetchOptional()
                .map(row -> new Place(row.get(SEQ), isOpen(row.get(STATUS))))
                .orElse(new Place(0, false));
    }

    void insert(Tx tx, TaskRow row, long seq, @Nullable String owner, Instant now) {
        Sql.in(tx)
                .insertInto(TASK.table())
                .set(ID, row.id())
                .set(SAGA, row.saga())
                .set(RESOURCE, row.resource())
                .set(SEQ, seq)
                .set(STATE, row.state())
                .set(STEP, row.step())
                .set(STATUS, row.status())
                .set(CALLER, row.caller())
                .set(OWNER, owner)
                .set(ATTEMPT, row.attempt())
                .set(NEXT_AT, row.nextAt())
                .set(ENTRIES, row.entries())
                .set(CREATED_AT, now)
                .set(UPDATED_AT, now)
                .set(VERSION, row.version())
                .execute();
    }

    /** Checks that the task is still the owner's, as last seen. Answers why it is to be cancelled, if it is. */
    Optional<String> confirm(Tx tx, TaskRow row, String owner) {
        Record found = Sql.in(tx)
                .select(CANCEL_REASON)
                .from(TASK.table())
                .where(ID.eq(row.id()))
                .and(OWNER.eq(owner))
                .and(VERSION.eq(row.version()))
                .fetchOne();
        if (found == null) {
            throw new TaskLost(row.id());
        }
        return Optional.ofNullable(found.get(CANCEL_REASON));
    }

    /** Writes how far the task has come; {@link #confirm} has been called in the same transaction. */
    TaskRow save(Tx tx, TaskRow row, Instant now) {
        int changed = Sql.in(tx)
                .update(TASK.table())
                .set(STATE, row.state())
                .set(STEP, row.step())
                .set(STATUS, row.status())
                .set(FAULT, row.fault())
                .set(ATTEMPT, row.attempt())
                .set(NEXT_AT, row.nextAt())
                .set(ENTRIES, row.entries())
                .set(UPDATED_AT, now)
                .set(VERSION, row.version() + 1)
                .where(ID.eq(row.id()))
                .and(VERSION.eq(row.version()))
                .execute();
        Sql.one(changed, "task " + row.id());
        return row.withVersion(row.version() + 1);
    }

    /** Gives the task to a controller, or with null to whoever comes first. Empty when it has moved on meanwhile. */
    Optional<TaskRow> own(Tx tx, TaskRow row, @Nullable String owner) {
        int changed = Sql.in(tx)
                .update(TASK.table())
                .set(OWNER, owner)
                .set(ENTRIES, row.entries())
                .set(VERSION, row.version() + 1)
                .where(ID.eq(row.id()))
                .and(VERSION.eq(row.version()))
                .execute();
        return changed == 1 ? Optional.of(row.withVersion(row.version() + 1)) : Optional.empty();
    }

    void cancel(Tx tx, String resource, String why) {
        Sql.in(tx)
                .update(TASK.table())
                .set(CANCEL_REASON, why)
                .where(RESOURCE.eq(resource))
                .and(STATUS.eq(Tasks.Status.RUNNING))
                .and(CANCEL_REASON.isNull())
                .execute();
    }

    void open(Tx tx, TaskRow row, String step, boolean backwards, Instant at, String controller) {
        entry(tx, row, step, backwards, at, null, null, controller);
    }

    void entry(
            Tx tx,
            TaskRow row,
            String step,
            boolean backwards,
            Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Fault fault,
            String controller) {
        Sql.in(tx)
                .insertInto(JOURNAL.table())
                .set(TASK_ID, row.id())
                .set(ENTRY, row.entries())
                .set(ENTRY_STEP, step)
                .set(BACKWARDS, backwards)
                .set(STARTED_AT, startedAt)
                .set(FINISHED_AT, finishedAt)
                .set(ENTRY_FAULT, fault)
                .set(CONTROLLER, controller)
                .execute();
    }

    void close(Tx tx, TaskRow row, Instant finishedAt, @Nullable Fault fault) {
        Sql.in(tx)
                .update(JOURNAL.table())
                .set(FINISHED_AT, finishedAt)
                .set(ENTRY_FAULT, fault)
                .where(TASK_ID.eq(row.id()))
                .and(ENTRY.eq(row.entries()))
                .and(FINISHED_AT.isNull())
                .execute();
    }

    /** The same entry once more, for an undo that fails again and again. */
    void reopen(Tx tx, TaskRow row, String controller) {
        Sql.in(tx)
                .update(JOURNAL.table())
                .setNull(FINISHED_AT)
                .set(CONTROLLER, controller)
                .where(TASK_ID.eq(row.id()))
                .and(ENTRY.eq(row.entries()))
                .execute();
    }

    /** The unfinished task of a resource whose turn it is, unless somebody has it already. */
    Optional<TaskRow> waiting(Tx tx, String resource) {
        return Sql.in(tx)
                .select(TASK.all())
                .from(TASK.table())
                .where(RESOURCE.eq(resource))
                .and(OPEN)
                .orderBy(SEQ)
                .limit(1)
                .fetchOptional()
                .filter(row -> row.get(OWNER) == null)
                .map(TaskStore::row);
    }

    /** Tasks whose turn it is and that no living controller works on. */
    List<TaskRow> orphans(
            Tx tx,
            Collection<String> living,
            Collection<String> sagas,
            Collection<String> except,
            Instant now,
            int limit) {
        Table<Record> older = TASK.table().as("older");
        Condition first = DSL.notExists(DSL.selectOne()
                .from(older)
                .where(older(RESOURCE).eq(RESOURCE))
                .and(older(SEQ).lt(SEQ))
                .and(older(STATUS).in(Tasks.Status.RUNNING, Tasks.Status.UNDOING)));
        return Sql.in(tx)
                .select(TASK.all())
                .from(TASK.table())
                .where(OPEN)
                .and(OWNER.isNull().or(OWNER.notIn(living)))
                .and(NEXT_AT.le(now))
                .and(SAGA.in(sagas))
                .and(ID.notIn(except))
                .and(first)
                .orderBy(NEXT_AT)
                .limit(limit)
                .fetch(TaskStore::row);
    }

    /** Names of sagas that have unfinished tasks but that this controller does not know. */
    List<String> unknownSagas(Tx tx, Collection<String> known) {
        return Sql.in(tx)
                .selectDistinct(SAGA)
                .from(TASK.table())
                .where(OPEN)
                .and(SAGA.notIn(known))
                .fetch(SAGA);
    }

    /** A controller's unfinished tasks, and which of them somebody wants cancelled. */
    Map<String, Optional<String>> mine(Tx tx, String owner) {
        return Sql.in(tx).select(ID, CANCEL_REASON).from(TASK.table()).where(OWNER.eq(owner)).and(OPEN).stream()
                .collect(Collectors.toMap(row -> row.get(ID), row -> Optional.ofNullable(row.get(CANCEL_REASON))));
    }

    Optional<TaskRow> find(Tx tx, String id) {
        return Sql.in(tx)
                .select(TASK.all())
                .from(TASK.table())
                .where(ID.eq(id))
                .fetchOptional()
                .map(TaskStore::row);
    }

    int countOpen(Tx tx) {
        return Sql.in(tx).fetchCount(TASK.table(), OPEN);
    }

    List<Tasks.Timeline> timeline(Tx tx, String resource) {
        List<Record> tasks = List.copyOf(Sql.in(tx)
                .select(TASK.all())
                .from(TASK.table())
                .where(RESOURCE.eq(resource))
                .orderBy(SEQ.desc())
                .fetch());
        Map<String, List<Tasks.Entry>> journals = Sql.in(tx)
                .select(JOURNAL.all())
                .from(JOURNAL.table())
                .where(TASK_ID.in(tasks.stream().map(row -> row.get(ID)).toList()))
                .orderBy(TASK_ID, ENTRY)
                .stream()
                .collect(Collectors.groupingBy(
                        row -> row.get(TASK_ID), Collectors.mapping(TaskStore::entry, Collectors.toList())));
        return tasks.stream()
                .map(row -> new Tasks.Timeline(
                        row.get(ID),
                        row.get(SAGA),
                        resource,
                        row.get(CALLER),
                        row.get(CREATED_AT),
                        row.get(UPDATED_AT),
                        row.get(STATUS),
                        row.get(FAULT),
                        journals.getOrDefault(row.get(ID), List.of())))
                .toList();
    }

    /** Forgets tasks that were finished before then, a bounded number of them. Answers how many there were. */
    int purge(Tx tx, Instant before, int limit) {
        List<String> ids = Sql.in(tx)
                .select(ID)
                .from(TASK.table())
                .where(STATUS.in(Tasks.Status.DONE, Tasks.Status.FAILED))
                .and(UPDATED_AT.lt(before))
                .limit(limit)
                .fetch(ID);
        Sql.in(tx).deleteFrom(JOURNAL.table()).where(TASK_ID.in(ids)).execute();
        return Sql.in(tx).deleteFrom(TASK.table()).where(ID.in(ids)).execute();
    }

    private static boolean isOpen(Tasks.Status status) {
        return status == Tasks.Status.RUNNING || status == Tasks.Status.UNDOING;
    }

    private static <T> Field<T> older(Field<T> field) {
        return DSL.field(DSL.name("older", field.getName()), field.getDataType());
    }

    private static TaskRow row(Record row) {
        return new TaskRow(
                row.get(ID),
                row.get(SAGA),
                row.get(RESOURCE),
                row.get(STATE),
                row.get(STEP),
                row.get(STATUS),
                row.get(FAULT),
                row.get(CALLER),
                row.get(ATTEMPT),
                row.get(NEXT_AT),
                row.get(ENTRIES),
                row.get(VERSION));
    }

    private static Tasks.Entry entry(Record row) {
        return new Tasks.Entry(
                row.get(ENTRY_STEP),
                row.get(BACKWARDS),
                row.get(STARTED_AT),
                row.get(FINISHED_AT),
                row.get(ENTRY_FAULT),
                row.get(CONTROLLER));
    }
}

package io.nacre.neutron.resource;

import io.nacre.base.LostRace;
import io.nacre.base.Page;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Paging;
import io.nacre.database.Sql;
import io.nacre.neutron.NeutronFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.InsertSetMoreStep;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.UpdateSetMoreStep;
import org.jooq.UpdateSetStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one kind of resource. A subclass binds each column to the record's component once; inserting, updating
 * and reading follow from that. Updates are guarded by the revision.
 */
public abstract class ResourceStore<R extends Resource> {
    private record Binding<R, V>(Field<V> field, Function<R, @Nullable V> value) {
        InsertSetMoreStep<Record> set(InsertSetMoreStep<Record> insert, R resource) {
            return insert.set(field, value.apply(resource));
        }

        UpdateSetMoreStep<Record> set(UpdateSetStep<Record> update, R resource) {
            return update.set(field, value.apply(resource));
        }
    }

    private final String noun;
    private final Columns columns;
    private final Field<String> id;
    private final Field<String> project;
    private final Field<String> description;
    private final Field<Long> revision;
    private final Field<Instant> created;
    private final Field<Instant> updated;
    private final List<Binding<R, ?>> bindings = new ArrayList<>();
    private final TagStore tags = new TagStore();

    /** @param noun how faults call it, such as Network */
    protected ResourceStore(String noun, String table) {
        this.noun = noun;
        columns = Columns.of(table);
        id = columns.text("id");
        project = columns.text("project_id");
        description = columns.text("description");
        revision = columns.number("revision_number");
        created = columns.instant("created_at");
        updated = columns.instant("updated_at");
    }

    public Table<Record> table() {
        return columns.table();
    }

    public Field<String> id() {
        return id;
    }

    public Field<String> project() {
        return project;
    }

    public Field<String> description() {
        return description;
    }

    public Field<Long> revision() {
        return revision;
    }

    public Field<Instant> created() {
        return created;
    }

    public Field<Instant> updated() {
        return updated;
    }

    protected Columns columns() {
        return columns;
    }

    /** Ties a column to what is written into it. */
    protected <V> Field<V> bind(Field<V> field, Function<R, @Nullable V> value) {
        bindings.add(new Binding<>(field, value));
        return field;
    }

    /** A row as a record, without what lies in other tables. */
    protected abstract R of(Record row, Standard standard);

    /** Adds what lies in other tables, with one query for all of them. */
    protected List<R> complete(Tx tx, List<R> plain) {
        return plain;
    }

    /** Writes what lies in other tables. */
    protected void writeParts(Tx tx, R resource) {}

    /** Removes what lies in other tables. */
    protected void deleteParts(Tx tx, R resource) {}

    public R insert(Tx tx, R resource) {
        Standard s = resource.standard();
        InsertSetMoreStep<Record> insert = Sql.in(tx)
                .insertInto(columns.table())
                .set(id, s.id())
                .set(project, s.projectId())
                .set(description, s.description())
                .set(revision, s.revision())
                .set(created, s.createdAt())
                .set(updated, s.updatedAt());
        for (Binding<R, ?> binding : bindings) {
            insert = binding.set(insert, resource);
        }
        insert.execute();
        writeParts(tx, resource);
        return resource;
    }

    /** @param changed the next revision of what was read in this transaction */
    public R update(Tx tx, R changed) {
        Standard s = changed.standard();
        UpdateSetMoreStep<Record> update = Sql.in(tx)
                .update(columns.table())
                .set(description, s.description())
                .set(revision, s.revision())
                .set(updated, s.updatedAt());
        for (Binding<R, ?> binding : bindings) {
            update = binding.set(update, changed);
        }
        Sql.one(update.where(id.eq(s.id())).and(revision.eq(s.revision() - 1)).execute(), noun);
        writeParts(tx, changed);
        return changed;
    }

    /** Moves a revision on because something that belongs to the resource changed. */
    public void touch(Tx tx, String resourceId, Instant now) {
        Sql.in(tx)
                .update(columns.table())
                .set(revision, revision.plus(1))
                .set(updated, now)
                .where(id.eq(resourceId))
                .execute();
    }

    public void delete(Tx tx, R resource) {
        deleteParts(tx, resource);
        tags.clear(tx, resource.id());
        if (Sql.in(tx).deleteFrom(columns.table()).where(id.eq(resource.id())).execute() == 0) {
            throw new LostRace(noun);
        }
    }

    public Optional<R> find(Tx tx, String resourceId) {
        return where(tx, id.eq(resourceId)).stream().findFirst();
    }

    /** Faults with NOT_FOUND in neutron's words. */
    public R require(Tx tx, String resourceId) {
        return find(tx, resourceId).orElseThrow(() -> missing(resourceId));
    }

    public RuntimeException missing(String resourceId) {
        return NeutronFault.missing(noun, resourceId);
    }

    public List<R> findAll(Tx tx, Collection<String> ids) {
        return ids.isEmpty() ? List.of() : where(tx, id.in(ids));
    }

    public List<R> where(Tx tx, Condition condition) {
        return read(
                tx,
                Sql.in(tx)
                        .select(columns.all())
                        .from(columns.table())
                        .where(condition)
                        .orderBy(created, id)
                        .fetch());
    }

    public int count(Tx tx, Condition condition) {
        return Sql.in(tx).fetchCount(DSL.selectOne().from(columns.table()).where(condition));
    }

    List<R> page(Tx tx, Condition condition, Page page, Map<String, Field<?>> sortKeys) {
        Paging paging = Paging.of(columns, id);
        sortKeys.forEach(paging::key);
        paging.ordered("created_at", true);
        return read(
                tx,
                paging.fetch(
                        tx,
                        Sql.in(tx).select(columns.all()).from(columns.table()).where(condition),
                        page));
    }

    TagStore tags() {
        return tags;
    }

    private List<R> read(Tx tx, List<? extends Record> rows) {
        List<String> ids = rows.stream().map(row -> row.get(id)).toList();
        Map<String, List<String>> tagged = tags.of(tx, ids);
        List<R> plain = new ArrayList<>(rows.size());
        for (Record row : rows) {
            plain.add(of(
                    row,
                    new Standard(
                            row.get(id),
                            row.get(project),
                            row.get(description),
                            row.get(revision),
                            row.get(created),
                            row.get(updated),
                            tagged.getOrDefault(row.get(id), List.of()))));
        }
        return plain.isEmpty() ? plain : complete(tx, plain);
    }
}

package io.nacre.database;

import io.nacre.base.LostRace;
import io.nacre.base.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertValuesStepN;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** The inside of a transaction, for stores. */
public final class Sql {
    private Sql() {}

    /** The query builder that works in the given transaction. */
    public static DSLContext in(Tx tx) {
        return ((JooqTx) tx).dsl();
    }

    /** Adds rows, which all have a value or null for the same columns, with one statement. */
    public static void insert(
            Tx tx, Table<Record> table, Collection<? extends Map<Field<?>, ? extends @Nullable Object>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        List<Field<?>> columns = List.copyOf(rows.iterator().next().keySet());
        InsertValuesStepN<Record> insert = in(tx).insertInto(table, columns);
        for (Map<Field<?>, ? extends @Nullable Object> row : rows) {
            insert = insert.values(columns.stream().map(row::get).toArray());
        }
        insert.execute();
    }

    /** For guarded updates: exactly one row must have changed, else somebody was faster and the transaction starts over. */
    public static void one(int changed, String what) {
        if (changed != 1) {
            throw new LostRace(what);
        }
    }
}

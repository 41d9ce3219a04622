package io.nacre.nova;

import io.nacre.base.Json;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.Field;
import tools.jackson.core.type.TypeReference;

/** What a fake neighbour keeps in the caller's transaction, so that it is rolled back with everything else. */
final class FakeRows<T> {
    static final String MIGRATIONS = "db/fake";

    private static final Columns ROW = Columns.of("fake_row");
    private static final Field<String> KIND = ROW.text("kind");
    private static final Field<String> ID = ROW.text("id");
    private static final Field<String> VALUE = ROW.text("value");

    private final String kind;
    private final TypeReference<T> type;

    FakeRows(String kind, TypeReference<T> type) {
        this.kind = kind;
        this.type = type;
    }

    void put(Tx tx, String id, T value) {
        remove(tx, id);
        Sql.in(tx)
                .insertInto(ROW.table())
                .set(KIND, kind)
                .set(ID, id)
                .set(VALUE, Json.write(value))
                .execute();
    }

    void remove(Tx tx, String id) {
        Sql.in(tx).deleteFrom(ROW.table()).where(KIND.eq(kind)).and(ID.eq(id)).execute();
    }

    Map<String, T> all(Tx tx) {
        Map<String, T> found = new LinkedHashMap<>();
        Sql.in(tx)
                .select(ID, VALUE)
                .from(ROW.table())
                .where(KIND.eq(kind))
                .orderBy(ID)
                .forEach(row -> found.put(row.get(ID), Json.read(row.get(VALUE), type)));
        return found;
    }
}

package io.nacre.testkit;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.List;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** A table with a column of every kind. */
final class SampleTable {
    static final Columns T = Columns.of("sample_item");
    static final Field<String> ID = T.text("id");
    static final Field<String> NAME = T.text("name");
    static final Field<Kind> KIND = T.choice("kind", Kind.class);
    static final Field<Long> WEIGHT = T.number("weight");
    static final Field<Boolean> READY = T.bool("ready");
    static final Field<Double> RATIO = T.decimal("ratio");
    static final Field<List<String>> LABELS = T.strings("labels");
    static final Field<Instant> AT = T.instant("at");
    static final Field<String> BODY = T.text("body");
    static final Field<byte[]> SEAL = T.bytes("seal");
    static final Field<Long> GENERATION = T.number("generation");

    enum Kind {
        LARGE,
        SMALL
    }

    private SampleTable() {}

    static void insert(Tx tx, String id, String name, @Nullable Long weight) {
        Sql.in(tx)
                .insertInto(T.table(), ID, NAME, WEIGHT, GENERATION)
                .values(id, name, weight, 0L)
                .execute();
    }

    static List<String> names(Tx tx) {
        return Sql.in(tx).select(NAME).from(T.table()).orderBy(NAME).fetch(NAME);
    }
}

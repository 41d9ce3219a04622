package io.nacre.nova;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import org.jooq.Field;

/** Running numbers, for what the original names by the number of its row: instance-0000002a. */
public final class NumberStore {
    private static final Columns NUMBER = Columns.of("nova_number");
    private static final Field<String> NAME = NUMBER.text("name");
    private static final Field<Long> VALUE = NUMBER.number("value");

    private NumberStore() {}

    /** The first of as many new numbers. */
    public static long take(Tx tx, String name, int count) {
        int changed = Sql.in(tx)
                .update(NUMBER.table())
                .set(VALUE, VALUE.plus(count))
                .where(NAME.eq(name))
                .execute();
        Sql.one(changed, "number " + name);
        Long last = Sql.in(tx)
                .select(VALUE)
                .from(NUMBER.table())
                .where(NAME.eq(name))
                .fetchSingle(VALUE);
        return last - count + 1;
    }
}

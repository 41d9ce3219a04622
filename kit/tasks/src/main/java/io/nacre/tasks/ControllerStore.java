package io.nacre.tasks;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.List;
import org.jooq.Field;

/** All SQL about which controllers are alive. */
final class ControllerStore {
    private static final Columns T = Columns.of("nacre_controller");
    private static final Field<String> NAME = T.text("name");
    private static final Field<Instant> STARTED_AT = T.instant("started_at");
    private static final Field<Instant> LEASE_UNTIL = T.instant("lease_until");

    void renew(Tx tx, String name, Instant now, Instant until) {
        int changed = Sql.in(tx)
                .update(T.table())
                .set(LEASE_UNTIL, until)
                .where(NAME.eq(name))
                .execute();
        if (changed == 0) {
            Sql.in(tx)
                    .insertInto(T.table(), NAME, STARTED_AT, LEASE_UNTIL)
                    .values(name, now, until)
                    .execute();
        }
    }

    List<String> living(Tx tx, Instant now) {
        return Sql.in(tx)
                .select(NAME)
                .from(T.table())
                .where(LEASE_UNTIL.gt(now))
                .fetch(NAME);
    }

    void leave(Tx tx, String name) {
        Sql.in(tx).deleteFrom(T.table()).where(NAME.eq(name)).execute();
    }

    /** Controllers that died long ago. */
    void forget(Tx tx, Instant before) {
        Sql.in(tx).deleteFrom(T.table()).where(LEASE_UNTIL.lt(before)).execute();
    }
}

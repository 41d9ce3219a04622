package io.nacre.keystone.user;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.List;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Hashes of earlier passwords. */
public final class PasswordHistoryStore {
    private static final Columns HISTORY = Columns.of("keystone_password_history");
    private static final Field<String> USER_ID = HISTORY.text("user_id");
    private static final Field<Integer> NUMBER = HISTORY.integer("number");
    private static final Field<String> HASH = HISTORY.text("password_hash");

    /** The latest first. */
    List<String> latest(Tx tx, String userId, int most) {
        return Sql.in(tx)
                .select(HASH)
                .from(HISTORY.table())
                .where(USER_ID.eq(userId))
                .orderBy(NUMBER.desc())
                .limit(most)
                .fetch(HASH);
    }

    /** @param keep how many stay, this one included */
    void add(Tx tx, String userId, String hash, int keep) {
        Integer last = Sql.in(tx)
                .select(DSL.max(NUMBER))
                .from(HISTORY.table())
                .where(USER_ID.eq(userId))
                .fetchOne(0, Integer.class);
        int number = last == null ? 1 : last + 1;
        if (keep > 0) {
            Sql.in(tx)
                    .insertInto(HISTORY.table())
                    .set(USER_ID, userId)
                    .set(NUMBER, number)
                    .set(HASH, hash)
                    .execute();
        }
        Sql.in(tx)
                .deleteFrom(HISTORY.table())
                .where(USER_ID.eq(userId).and(NUMBER.le(number - keep)))
                .execute();
    }

    public void forget(Tx tx, String userId) {
        Sql.in(tx).deleteFrom(HISTORY.table()).where(USER_ID.eq(userId)).execute();
    }
}

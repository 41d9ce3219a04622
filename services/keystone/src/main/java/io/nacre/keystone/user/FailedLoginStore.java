package io.nacre.keystone.user;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Wrong passwords since the last right one. */
public final class FailedLoginStore {
    private static final Columns FAILED = Columns.of("keystone_failed_login");
    private static final Field<String> USER_ID = FAILED.text("user_id");
    private static final Field<Integer> ATTEMPTS = FAILED.integer("attempts");
    private static final Field<Instant> FAILED_AT = FAILED.instant("failed_at");

    FailedLogin find(Tx tx, String userId) {
        return Sql.in(tx)
                .select(ATTEMPTS, FAILED_AT)
                .from(FAILED.table())
                .where(USER_ID.eq(userId))
                .fetchOptional(row -> new FailedLogin(row.get(ATTEMPTS), row.get(FAILED_AT)))
                .orElse(FailedLogin.NONE);
    }

    /**
     * One more.
     *
     * @param most after this many the account is locked
     * @param over a lock that began at this moment or before is over, and counting begins again
     */
    void add(Tx tx, String userId, int most, Instant over, Instant now) {
        Sql.in(tx)
                .insertInto(FAILED.table())
                .set(USER_ID, userId)
                .set(ATTEMPTS, 0)
                .set(FAILED_AT, now)
                .onConflictDoNothing()
                .execute();
        Sql.in(tx)
                .update(FAILED.table())
                .set(
                        ATTEMPTS,
                        DSL.when(ATTEMPTS.ge(most).and(FAILED_AT.le(over)), 1).otherwise(ATTEMPTS.plus(1)))
                .set(FAILED_AT, now)
                .where(USER_ID.eq(userId))
                .execute();
    }

    public void forget(Tx tx, String userId) {
        Sql.in(tx).deleteFrom(FAILED.table()).where(USER_ID.eq(userId)).execute();
    }
}

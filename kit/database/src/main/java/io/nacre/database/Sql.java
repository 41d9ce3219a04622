package io.nacre.database;

import io.nacre.base.LostRace;
import io.nacre.base.Tx;
import org.jooq.DSLContext;

/** The inside of a transaction, for stores. */
public final class Sql {
    private Sql() {}

    /** The query builder that works in the given transaction. */
    public static DSLContext in(Tx tx) {
        return ((JooqTx) tx).dsl();
    }

    /** For guarded updates: exactly one row must have changed, else somebody was faster and the transaction starts over. */
    public static void one(int changed, String what) {
        if (changed != 1) {
            throw new LostRace(what);
        }
    }
}

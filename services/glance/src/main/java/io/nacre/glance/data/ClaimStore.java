package io.nacre.glance.data;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import org.jooq.Field;

/** Places that were found to hold nothing but this cloud's data. */
final class ClaimStore {
    private static final Columns CLAIM = Columns.of("glance_store_claim");
    private static final Field<String> STORE = CLAIM.text("store");
    private static final Field<String> PLACE = CLAIM.text("place");

    boolean has(Tx tx, String store, String place) {
        return Sql.in(tx).fetchExists(CLAIM.table(), STORE.eq(store).and(PLACE.eq(place)));
    }

    /** Does nothing when another controller was faster. */
    void add(Tx tx, String store, String place) {
        if (!has(tx, store, place)) {
            Sql.in(tx)
                    .insertInto(CLAIM.table())
                    .set(STORE, store)
                    .set(PLACE, place)
                    .execute();
        }
    }
}

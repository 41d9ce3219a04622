package io.nacre.keystone.saml.consumer;

import io.nacre.base.Digests;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import org.jooq.Field;

/** Which assertions have been used, for as long as they could be used again. */
public final class UsedAssertionStore {
    private static final Columns USED = Columns.of("keystone_used_assertion");
    private static final Field<String> ID = USED.text("id");
    private static final Field<Instant> FORGET_AT = USED.instant("forget_at");

    /**
     * Whether this is the first time.
     *
     * @param issuer who has given the identifier
     */
    boolean use(Tx tx, String issuer, TrustedAssertion assertion, Instant now) {
        Sql.in(tx).deleteFrom(USED.table()).where(FORGET_AT.lt(now)).execute();
        return Sql.in(tx)
                        .insertInto(USED.table())
                        .set(ID, Digests.hex("SHA-256", issuer + "\n" + assertion.id()))
                        .set(FORGET_AT, assertion.end())
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }
}

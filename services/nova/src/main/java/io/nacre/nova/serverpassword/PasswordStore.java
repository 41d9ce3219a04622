package io.nacre.nova.serverpassword;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import org.jooq.Field;

/** What guests said their passwords are, sealed for whoever has the private half of the server's key pair. */
public final class PasswordStore {
    private static final Columns PASSWORD = Columns.of("nova_server_password");
    private static final Field<String> SERVER_ID = PASSWORD.text("server_id");
    private static final Field<String> SEALED = PASSWORD.text("sealed");

    /** Empty when the guest has told none. */
    public String of(Tx tx, String serverId) {
        return Sql.in(tx)
                .select(SEALED)
                .from(PASSWORD.table())
                .where(SERVER_ID.eq(serverId))
                .fetchOptional(SEALED)
                .orElse("");
    }

    /** False when there is one already, which stays. */
    public boolean put(Tx tx, String serverId, String sealed) {
        return Sql.in(tx)
                        .insertInto(PASSWORD.table())
                        .set(SERVER_ID, serverId)
                        .set(SEALED, sealed)
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    void clear(Tx tx, String serverId) {
        Sql.in(tx).deleteFrom(PASSWORD.table()).where(SERVER_ID.eq(serverId)).execute();
    }
}

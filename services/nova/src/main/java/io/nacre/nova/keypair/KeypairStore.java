package io.nacre.nova.keypair;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Paging;
import io.nacre.database.Sql;
import io.nacre.nova.NumberStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;

/** Key pairs by user and name. Private keys are never kept. */
public final class KeypairStore {
    private static final Columns KEYPAIR = Columns.of("nova_keypair");
    private static final Field<String> USER_ID = KEYPAIR.text("user_id");
    private static final Field<String> NAME = KEYPAIR.text("name");
    private static final Field<Long> NUMBER = KEYPAIR.number("number");
    private static final Field<String> TYPE = KEYPAIR.text("type");
    private static final Field<String> FINGERPRINT = KEYPAIR.text("fingerprint");
    private static final Field<String> PUBLIC_KEY = KEYPAIR.text("public_key");
    private static final Field<Instant> CREATED_AT = KEYPAIR.instant("created_at");

    private static final Paging PAGING = Paging.of(KEYPAIR, NAME).ordered("name", true);

    public List<Keypair> list(Tx tx, String userId, Page page) {
        return PAGING.fetch(
                        tx,
                        Sql.in(tx).select(KEYPAIR.all()).from(KEYPAIR.table()).where(USER_ID.eq(userId)),
                        page,
                        USER_ID.eq(userId))
                .map(KeypairStore::keypair);
    }

    public Optional<Keypair> find(Tx tx, String userId, String name) {
        return Sql.in(tx)
                .select(KEYPAIR.all())
                .from(KEYPAIR.table())
                .where(USER_ID.eq(userId))
                .and(NAME.eq(name))
                .fetchOptional(KeypairStore::keypair);
    }

    public int count(Tx tx, String userId) {
        return Sql.in(tx).fetchCount(KEYPAIR.table(), USER_ID.eq(userId));
    }

    /** Keeps a new key pair and answers it with its number. */
    public Keypair create(Tx tx, Keypair keypair) {
        if (find(tx, keypair.userId(), keypair.name()).isPresent()) {
            throw Fault.conflict("Key pair '" + keypair.name() + "' already exists.");
        }
        long number = NumberStore.take(tx, "keypair", 1);
        Sql.in(tx)
                .insertInto(KEYPAIR.table())
                .set(USER_ID, keypair.userId())
                .set(NAME, keypair.name())
                .set(NUMBER, number)
                .set(TYPE, keypair.type())
                .set(FINGERPRINT, keypair.fingerprint())
                .set(PUBLIC_KEY, keypair.publicKey())
                .set(CREATED_AT, keypair.createdAt())
                .execute();
        return find(tx, keypair.userId(), keypair.name()).orElseThrow();
    }

    /** True when it was there. */
    public boolean delete(Tx tx, String userId, String name) {
        return Sql.in(tx)
                        .deleteFrom(KEYPAIR.table())
                        .where(USER_ID.eq(userId))
                        .and(NAME.eq(name))
                        .execute()
                == 1;
    }

    private static Keypair keypair(Record row) {
        return new Keypair(
                row.get(NUMBER),
                row.get(USER_ID),
                row.get(NAME),
                row.get(TYPE),
                row.get(FINGERPRINT),
                row.get(PUBLIC_KEY),
                row.get(CREATED_AT));
    }
}

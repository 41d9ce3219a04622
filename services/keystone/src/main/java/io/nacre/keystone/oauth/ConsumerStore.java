package io.nacre.keystone.oauth;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.fernet.Sealing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Consumers, with their secrets sealed. */
public final class ConsumerStore {
    private static final Columns CONSUMER = Columns.of("keystone_consumer");
    private static final Field<String> ID = CONSUMER.text("id");
    private static final Field<String> SEALED = CONSUMER.text("sealed_secret");
    private static final Field<String> DESCRIPTION = CONSUMER.text("description");
    private static final Field<Map<String, @Nullable Object>> EXTRA =
            CONSUMER.json("extra", new TypeReference<Map<String, @Nullable Object>>() {});

    private final Sealing sealing;

    public ConsumerStore(Sealing sealing) {
        this.sealing = sealing;
    }

    Consumer require(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst().orElseThrow(() -> Fault.notFound("Consumer not found"));
    }

    List<Consumer> list(Tx tx) {
        return list(tx, DSL.noCondition());
    }

    private static List<Consumer> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(CONSUMER.all())
                .from(CONSUMER.table())
                .where(condition)
                .orderBy(ID)
                .fetch(row -> new Consumer(row.get(ID), row.get(DESCRIPTION), row.get(EXTRA)));
    }

    Optional<String> secret(Tx tx, String id) {
        return Sql.in(tx)
                .select(SEALED)
                .from(CONSUMER.table())
                .where(ID.eq(id))
                .fetchOptional(SEALED)
                .map(sealing::open);
    }

    void create(Tx tx, Consumer consumer, String secret) {
        Sql.in(tx)
                .insertInto(CONSUMER.table())
                .set(ID, consumer.id())
                .set(SEALED, sealing.seal(secret))
                .set(DESCRIPTION, consumer.description())
                .set(EXTRA, consumer.extra())
                .execute();
    }

    void update(Tx tx, Consumer consumer) {
        Sql.in(tx)
                .update(CONSUMER.table())
                .set(DESCRIPTION, consumer.description())
                .set(EXTRA, consumer.extra())
                .where(ID.eq(consumer.id()))
                .execute();
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(CONSUMER.table()).where(ID.eq(id)).execute();
    }
}

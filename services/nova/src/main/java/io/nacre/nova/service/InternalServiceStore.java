package io.nacre.nova.service;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.nova.NumberStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;

/** The services of all controllers that were ever there and not forgotten. */
public final class InternalServiceStore {
    private static final Columns SERVICE = Columns.of("nova_service");
    private static final Field<String> ID = SERVICE.text("id");
    private static final Field<Long> NUMBER = SERVICE.number("number");
    private static final Field<String> HOST = SERVICE.text("host");
    private static final Field<String> PROGRAM = SERVICE.text("program");
    private static final Field<Boolean> STOPPED = SERVICE.bool("stopped");
    private static final Field<Instant> SEEN_AT = SERVICE.instant("seen_at");

    public List<InternalService> all(Tx tx) {
        return Sql.in(tx)
                .select(SERVICE.all())
                .from(SERVICE.table())
                .orderBy(NUMBER)
                .fetch(InternalServiceStore::service);
    }

    /** @param id the identifier, or the number as text */
    Optional<InternalService> find(Tx tx, String id, boolean byNumber) {
        return all(tx).stream()
                .filter(one -> id.equals(byNumber ? Long.toString(one.number()) : one.id()))
                .findFirst();
    }

    /** Takes a sign of life in, and makes the service known when it is not. */
    void heard(Tx tx, String newId, String host, String binary, boolean stopped, Instant now) {
        int known = Sql.in(tx)
                .update(SERVICE.table())
                .set(STOPPED, stopped)
                .set(SEEN_AT, now)
                .where(HOST.eq(host).and(PROGRAM.eq(binary)))
                .execute();
        if (known == 0) {
            // The numbers of hosts: in the API all services stand in one list.
            Sql.in(tx)
                    .insertInto(SERVICE.table())
                    .set(ID, newId)
                    .set(NUMBER, NumberStore.take(tx, "host", 1))
                    .set(HOST, host)
                    .set(PROGRAM, binary)
                    .set(STOPPED, stopped)
                    .set(SEEN_AT, now)
                    .execute();
        }
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(SERVICE.table()).where(ID.eq(id)).execute();
    }

    private static InternalService service(Record row) {
        return new InternalService(
                row.get(ID), row.get(NUMBER), row.get(HOST), row.get(PROGRAM), row.get(STOPPED), row.get(SEEN_AT));
    }
}

package io.nacre.neutron.deployment;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.neutron.deployment.Deployment.Kind;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.impl.DSL;

/** The rows of what hosts must carry. */
public final class DeploymentStore {
    private static final Columns T = Columns.of("neutron_deployment");
    private static final Field<String> HOST = T.text("host");
    private static final Field<Kind> KIND = T.choice("kind", Kind.class);
    private static final Field<String> OBJECT = T.text("object_id");
    private static final Field<Boolean> WANTED = T.bool("wanted");
    private static final Field<Long> GENERATION = T.number("generation");
    private static final Field<Long> APPLIED = T.number("applied");
    private static final Field<Integer> ATTEMPTS = T.integer("attempts");
    private static final Field<Instant> NEXT = T.instant("next_at");

    public Optional<Deployment> find(Tx tx, String host, Kind kind, String objectId) {
        return where(tx, key(host, kind, objectId)).stream().findFirst();
    }

    /** The hosts that carry the object, or shall. */
    public List<String> hosts(Tx tx, Kind kind, String objectId) {
        return Sql.in(tx)
                .select(HOST)
                .from(T.table())
                .where(KIND.eq(kind))
                .and(OBJECT.eq(objectId))
                .and(WANTED.isTrue())
                .orderBy(HOST)
                .fetch(HOST);
    }

    /** Everything a host carries or shall carry. */
    public List<Deployment> on(Tx tx, String host) {
        return where(tx, HOST.eq(host));
    }

    /** What has to be told to hosts by now, oldest wish first. */
    public List<Deployment> due(Tx tx, Instant now) {
        return where(tx, APPLIED.lt(GENERATION).and(NEXT.le(now)));
    }

    void insert(Tx tx, Deployment d, Instant now) {
        Sql.in(tx)
                .insertInto(T.table())
                .set(HOST, d.host())
                .set(KIND, d.kind())
                .set(OBJECT, d.objectId())
                .set(WANTED, d.wanted())
                .set(GENERATION, d.generation())
                .set(APPLIED, d.applied())
                .set(ATTEMPTS, 0)
                .set(NEXT, now)
                .execute();
    }

    /** A new wish: whatever was underway is out of date. */
    void renew(Tx tx, Deployment d, boolean wanted, long generation, Instant now) {
        Sql.one(
                Sql.in(tx)
                        .update(T.table())
                        .set(WANTED, wanted)
                        .set(GENERATION, generation)
                        .set(ATTEMPTS, 0)
                        .set(NEXT, now)
                        .where(key(d.host(), d.kind(), d.objectId()))
                        .and(GENERATION.eq(d.generation()))
                        .execute(),
                "deployment");
    }

    /**
     * A new wish for many at once. What a host has by now is told then; what is still to be told is not put off.
     *
     * @param objects selects their ids
     */
    void renewAll(Tx tx, Kind kind, Select<Record1<String>> objects, long generation, Instant then) {
        // MariaDB sees what it has set so far: what is due comes before what it depends on.
        Sql.in(tx)
                .update(T.table())
                .set(NEXT, DSL.when(APPLIED.lt(GENERATION), NEXT).otherwise(DSL.val(then, NEXT)))
                .set(GENERATION, DSL.greatest(GENERATION.plus(1), DSL.val(generation, GENERATION)))
                .set(ATTEMPTS, 0)
                .where(KIND.eq(kind))
                .and(WANTED.isTrue())
                .and(OBJECT.in(objects))
                .execute();
    }

    /** When the first of what is to be told after now is due. */
    public Optional<Instant> nextDue(Tx tx, Instant now) {
        return Sql.in(tx)
                .select(DSL.min(NEXT))
                .from(T.table())
                .where(APPLIED.lt(GENERATION).and(NEXT.gt(now)))
                .fetchOptional(Record1::value1);
    }

    /** The host has it now; a removal that is done leaves no row. A newer wish stays to be done. */
    public void applied(Tx tx, Deployment d) {
        Condition row = key(d.host(), d.kind(), d.objectId());
        if (d.wanted()) {
            Sql.in(tx)
                    .update(T.table())
                    .set(APPLIED, d.generation())
                    .set(ATTEMPTS, 0)
                    .where(row)
                    .and(APPLIED.lt(d.generation()))
                    .execute();
        } else {
            Sql.in(tx)
                    .deleteFrom(T.table())
                    .where(row)
                    .and(GENERATION.eq(d.generation()))
                    .execute();
        }
    }

    /** It did not work; another try comes then. */
    public void failed(Tx tx, Deployment d, Instant next) {
        Sql.in(tx)
                .update(T.table())
                .set(ATTEMPTS, ATTEMPTS.plus(1))
                .set(NEXT, next)
                .where(key(d.host(), d.kind(), d.objectId()))
                .and(GENERATION.eq(d.generation()))
                .execute();
    }

    /** The host has lost everything, or may have. */
    public void forget(Tx tx, String host, Instant now) {
        Sql.in(tx)
                .update(T.table())
                .set(APPLIED, 0L)
                .set(ATTEMPTS, 0)
                .set(NEXT, now)
                .where(HOST.eq(host))
                .execute();
    }

    List<Deployment> of(Tx tx, Kind kind, Collection<String> objects) {
        return objects.isEmpty()
                ? List.of()
                : where(tx, KIND.eq(kind).and(OBJECT.in(objects)).and(WANTED.isTrue()));
    }

    private static Condition key(String host, Kind kind, String objectId) {
        return HOST.eq(host).and(KIND.eq(kind)).and(OBJECT.eq(objectId));
    }

    private static List<Deployment> where(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(T.all())
                .from(T.table())
                .where(condition)
                .orderBy(GENERATION, OBJECT)
                .fetch(DeploymentStore::deployment);
    }

    private static Deployment deployment(Record row) {
        return new Deployment(
                row.get(HOST),
                row.get(KIND),
                row.get(OBJECT),
                row.get(WANTED),
                row.get(GENERATION),
                row.get(APPLIED),
                row.get(ATTEMPTS));
    }
}

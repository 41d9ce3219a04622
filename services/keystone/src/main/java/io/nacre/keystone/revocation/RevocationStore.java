package io.nacre.keystone.revocation;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Revocation events and the generation of all that tokens depend on. */
public final class RevocationStore {
    private static final Columns EVENT = Columns.of("keystone_revocation");
    private static final Field<Revocation.Kind> KIND = EVENT.choice("kind", Revocation.Kind.class);
    private static final Field<String> SUBJECT = EVENT.text("subject");
    private static final Field<Instant> BEFORE = EVENT.instant("issued_before");
    private static final Field<Instant> REVOKED_AT = EVENT.instant("revoked_at");

    private static final Columns GENERATION = Columns.of("keystone_token_generation");
    private static final Field<Integer> ONLY_ROW = GENERATION.integer("id");
    private static final Field<Long> NUMBER = GENERATION.number("number");

    long generation(Tx tx) {
        return Optional.ofNullable(
                        Sql.in(tx).select(NUMBER).from(GENERATION.table()).fetchOne(NUMBER))
                .orElseThrow();
    }

    long advance(Tx tx) {
        Sql.one(
                Sql.in(tx)
                        .update(GENERATION.table())
                        .set(NUMBER, NUMBER.plus(1))
                        .where(ONLY_ROW.eq(1))
                        .execute(),
                "token generation");
        return generation(tx);
    }

    /** Of events about the same subject the latest moment counts. */
    void add(Tx tx, Revocation event, Instant now) {
        Condition same = KIND.eq(event.kind()).and(SUBJECT.eq(event.subject()));
        Instant known =
                Sql.in(tx).select(BEFORE).from(EVENT.table()).where(same).fetchOne(BEFORE);
        if (known == null) {
            Sql.in(tx)
                    .insertInto(EVENT.table())
                    .set(KIND, event.kind())
                    .set(SUBJECT, event.subject())
                    .set(BEFORE, event.before())
                    .set(REVOKED_AT, now)
                    .execute();
        } else {
            Sql.in(tx)
                    .update(EVENT.table())
                    .set(BEFORE, known.isAfter(event.before()) ? known : event.before())
                    .set(REVOKED_AT, now)
                    .where(same)
                    .execute();
        }
    }

    /** The latest moment up to which tokens with any of these subjects are over; empty when none are. */
    Optional<Instant> before(Tx tx, Map<Revocation.Kind, Set<String>> subjects) {
        List<Condition> any = subjects.entrySet().stream()
                .map(entry -> KIND.eq(entry.getKey()).and(SUBJECT.in(entry.getValue())))
                .toList();
        return Sql.in(tx).select(BEFORE).from(EVENT.table()).where(DSL.or(any)).fetch(BEFORE).stream()
                .max(Instant::compareTo);
    }

    /** An event and when it came. */
    record Listed(Revocation event, Instant revokedAt) {}

    /** The events of these kinds that came since then, in their order. */
    List<Listed> list(Tx tx, Set<Revocation.Kind> kinds, Instant since) {
        return Sql.in(tx)
                .select(EVENT.all())
                .from(EVENT.table())
                .where(KIND.in(kinds).and(REVOKED_AT.ge(since)))
                .orderBy(REVOKED_AT, KIND, SUBJECT)
                .fetch(row -> new Listed(
                        new Revocation(row.get(KIND), row.get(SUBJECT), row.get(BEFORE)), row.get(REVOKED_AT)));
    }

    /** Events that no token alive can be about any more. */
    void forget(Tx tx, Instant revokedBefore) {
        Sql.in(tx).deleteFrom(EVENT.table()).where(REVOKED_AT.lt(revokedBefore)).execute();
    }
}

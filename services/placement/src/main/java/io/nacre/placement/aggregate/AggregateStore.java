package io.nacre.placement.aggregate;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Field;

/** Which provider is in which aggregate. */
public final class AggregateStore {
    private static final Columns MEMBER = Columns.of("placement_provider_aggregate");
    private static final Field<String> PROVIDER_ID = MEMBER.text("provider_id");
    private static final Field<String> AGGREGATE_ID = MEMBER.text("aggregate_id");

    Set<String> ofProvider(Tx tx, String providerId) {
        return new TreeSet<>(Sql.in(tx)
                .select(AGGREGATE_ID)
                .from(MEMBER.table())
                .where(PROVIDER_ID.eq(providerId))
                .fetch(AGGREGATE_ID));
    }

    /** The aggregates of every provider that has any. */
    public Map<String, Set<String>> all(Tx tx) {
        Map<String, Set<String>> found = new HashMap<>();
        Sql.in(tx)
                .select(MEMBER.all())
                .from(MEMBER.table())
                .forEach(row -> found.computeIfAbsent(row.get(PROVIDER_ID), id -> new TreeSet<>())
                        .add(row.get(AGGREGATE_ID)));
        return found;
    }

    /** Puts a provider into exactly these; the caller moves its generation on. */
    public void setOfProvider(Tx tx, String providerId, Collection<String> aggregates) {
        Sql.in(tx).deleteFrom(MEMBER.table()).where(PROVIDER_ID.eq(providerId)).execute();
        for (String aggregate : new LinkedHashSet<>(aggregates)) {
            Sql.in(tx)
                    .insertInto(MEMBER.table())
                    .set(PROVIDER_ID, providerId)
                    .set(AGGREGATE_ID, aggregate)
                    .execute();
        }
    }
}

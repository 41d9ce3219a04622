package io.nacre.placement.aggregate;

import static org.jooq.impl.DSL.select;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

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

    /** The aggregates of those among the providers that are in any. */
    public Map<String, Set<String>> ofProviders(Tx tx, Collection<String> providerIds) {
        Map<String, Set<String>> found = new HashMap<>();
        Sql.in(tx)
                .select(MEMBER.all())
                .from(MEMBER.table())
                .where(PROVIDER_ID.in(providerIds))
                .forEach(row -> found.computeIfAbsent(row.get(PROVIDER_ID), id -> new TreeSet<>())
                        .add(row.get(AGGREGATE_ID)));
        return found;
    }

    /** Whether the provider that the column names is in one of these aggregates. */
    public static Condition inAny(Field<String> providerId, Collection<String> aggregates) {
        return providerId.in(select(PROVIDER_ID).from(MEMBER.table()).where(AGGREGATE_ID.in(aggregates)));
    }

    /** Puts a provider into exactly these; the caller moves its generation on. */
    public void setOfProvider(Tx tx, String providerId, Collection<String> aggregates) {
        Sql.in(tx).deleteFrom(MEMBER.table()).where(PROVIDER_ID.eq(providerId)).execute();
        if (!aggregates.isEmpty()) {
            Sql.in(tx)
                    .insertInto(MEMBER.table(), PROVIDER_ID, AGGREGATE_ID)
                    .valuesOfRows(new LinkedHashSet<>(aggregates)
                            .stream()
                                    .map(aggregate -> DSL.row(providerId, aggregate))
                                    .toList())
                    .execute();
        }
    }
}

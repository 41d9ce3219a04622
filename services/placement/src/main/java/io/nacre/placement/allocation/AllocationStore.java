package io.nacre.placement.allocation;

import static org.jooq.impl.DSL.countDistinct;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.sum;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Consumers and their allocations. */
public final class AllocationStore {
    private static final Columns CONSUMER = Columns.of("placement_consumer");
    private static final Field<String> ID = CONSUMER.text("id");
    private static final Field<Long> GENERATION = CONSUMER.number("generation");
    private static final Field<String> PROJECT_ID = CONSUMER.text("project_id");
    private static final Field<String> USER_ID = CONSUMER.text("user_id");
    private static final Field<String> TYPE = CONSUMER.text("consumer_type");
    private static final Field<Instant> CREATED_AT = CONSUMER.instant("created_at");
    private static final Field<Instant> UPDATED_AT = CONSUMER.instant("updated_at");

    private static final Columns ALLOCATION = Columns.of("placement_allocation");
    private static final Field<String> CONSUMER_ID = ALLOCATION.text("consumer_id");
    private static final Field<String> PROVIDER_ID = ALLOCATION.text("provider_id");
    private static final Field<String> RESOURCE_CLASS = ALLOCATION.text("resource_class");
    private static final Field<Long> USED = ALLOCATION.number("used");

    Optional<Consumer> consumer(Tx tx, String id) {
        return Sql.in(tx)
                .select(CONSUMER.all())
                .from(CONSUMER.table())
                .where(ID.eq(id))
                .fetchOptional(AllocationStore::consumer);
    }

    void create(Tx tx, Consumer consumer) {
        Sql.in(tx)
                .insertInto(CONSUMER.table())
                .set(ID, consumer.id())
                .set(GENERATION, consumer.generation())
                .set(PROJECT_ID, consumer.projectId())
                .set(USER_ID, consumer.userId())
                .set(TYPE, consumer.type())
                .set(CREATED_AT, consumer.createdAt())
                .set(UPDATED_AT, consumer.updatedAt())
                .execute();
    }

    /** Writes the consumer's new owner and type and moves its generation on; starts over when somebody else did so. */
    void advance(Tx tx, Consumer consumer, Instant now) {
        int changed = Sql.in(tx)
                .update(CONSUMER.table())
                .set(GENERATION, consumer.generation() + 1)
                .set(PROJECT_ID, consumer.projectId())
                .set(USER_ID, consumer.userId())
                .set(TYPE, consumer.type())
                .set(UPDATED_AT, now)
                .where(ID.eq(consumer.id()).and(GENERATION.eq(consumer.generation())))
                .execute();
        Sql.one(changed, "consumer " + consumer.id());
    }

    /** Forgets a consumer with all it holds. */
    void delete(Tx tx, String consumerId) {
        clear(tx, consumerId);
        Sql.in(tx).deleteFrom(CONSUMER.table()).where(ID.eq(consumerId)).execute();
    }

    void clear(Tx tx, String consumerId) {
        Sql.in(tx)
                .deleteFrom(ALLOCATION.table())
                .where(CONSUMER_ID.eq(consumerId))
                .execute();
    }

    void insert(Tx tx, String consumerId, String providerId, String resourceClass, long used) {
        Sql.in(tx)
                .insertInto(ALLOCATION.table())
                .set(CONSUMER_ID, consumerId)
                .set(PROVIDER_ID, providerId)
                .set(RESOURCE_CLASS, resourceClass)
                .set(USED, used)
                .execute();
    }

    /** By provider, then resource class. */
    public Map<String, Map<String, Long>> ofConsumer(Tx tx, String consumerId) {
        return grouped(tx, CONSUMER_ID.eq(consumerId), PROVIDER_ID);
    }

    /** By consumer, then resource class. */
    Map<String, Map<String, Long>> ofProvider(Tx tx, String providerId) {
        return grouped(tx, PROVIDER_ID.eq(providerId), CONSUMER_ID);
    }

    private static Map<String, Map<String, Long>> grouped(Tx tx, Condition condition, Field<String> key) {
        Map<String, Map<String, Long>> found = new TreeMap<>();
        Sql.in(tx)
                .select(key, RESOURCE_CLASS, USED)
                .from(ALLOCATION.table())
                .where(condition)
                .forEach(row -> found.computeIfAbsent(row.get(key), id -> new TreeMap<>())
                        .put(row.get(RESOURCE_CLASS), row.get(USED)));
        return found;
    }

    public boolean isProviderInUse(Tx tx, String providerId) {
        return Sql.in(tx).fetchExists(selectOne().from(ALLOCATION.table()).where(PROVIDER_ID.eq(providerId)));
    }

    /** The amounts that a project, or a user in it, holds. */
    Map<String, Long> usage(Tx tx, String projectId, @Nullable String userId) {
        Map<String, Long> found = new TreeMap<>();
        Field<java.math.BigDecimal> amount = sum(USED);
        Sql.in(tx)
                .select(RESOURCE_CLASS, amount)
                .from(ALLOCATION.table())
                .join(CONSUMER.table())
                .on(ID.eq(CONSUMER_ID))
                .where(owned(projectId, userId, null))
                .groupBy(RESOURCE_CLASS)
                .forEach(row ->
                        found.put(row.get(RESOURCE_CLASS), row.get(amount).longValue()));
        return found;
    }

    /** As {@link #usage}, by consumer type, each with its {@code consumer_count}. */
    Map<String, Map<String, Long>> usageByType(
            Tx tx, String projectId, @Nullable String userId, @Nullable String type) {
        Map<String, Map<String, Long>> found = new TreeMap<>();
        Field<java.math.BigDecimal> amount = sum(USED);
        Sql.in(tx)
                .select(TYPE, RESOURCE_CLASS, amount)
                .from(ALLOCATION.table())
                .join(CONSUMER.table())
                .on(ID.eq(CONSUMER_ID))
                .where(owned(projectId, userId, type))
                .groupBy(TYPE, RESOURCE_CLASS)
                .forEach(row -> found.computeIfAbsent(row.get(TYPE), t -> new LinkedHashMap<>())
                        .put(row.get(RESOURCE_CLASS), row.get(amount).longValue()));
        Field<Integer> consumers = countDistinct(CONSUMER_ID);
        Sql.in(tx)
                .select(TYPE, consumers)
                .from(ALLOCATION.table())
                .join(CONSUMER.table())
                .on(ID.eq(CONSUMER_ID))
                .where(owned(projectId, userId, type))
                .groupBy(TYPE)
                .forEach(row -> found.computeIfAbsent(row.get(TYPE), t -> new LinkedHashMap<>())
                        .put("consumer_count", row.get(consumers).longValue()));
        return found;
    }

    private static Condition owned(String projectId, @Nullable String userId, @Nullable String type) {
        Condition condition = PROJECT_ID.eq(projectId);
        condition = userId == null ? condition : condition.and(USER_ID.eq(userId));
        return type == null ? condition : condition.and(TYPE.eq(type));
    }

    private static Consumer consumer(Record row) {
        return new Consumer(
                row.get(ID),
                row.get(GENERATION),
                row.get(PROJECT_ID),
                row.get(USER_ID),
                row.get(TYPE),
                row.get(CREATED_AT),
                row.get(UPDATED_AT));
    }
}

package io.nacre.placement.inventory;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.val;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.placement.PlacementErrors;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Inventories and how much of them is used. */
public final class InventoryStore {
    private static final Columns INVENTORY = Columns.of("placement_inventory");
    private static final Field<String> PROVIDER_ID = INVENTORY.text("provider_id");
    private static final Field<String> RESOURCE_CLASS = INVENTORY.text("resource_class");
    private static final Field<Long> TOTAL = INVENTORY.number("total");
    private static final Field<Long> RESERVED = INVENTORY.number("reserved");
    private static final Field<Long> MIN_UNIT = INVENTORY.number("min_unit");
    private static final Field<Long> MAX_UNIT = INVENTORY.number("max_unit");
    private static final Field<Long> STEP_SIZE = INVENTORY.number("step_size");
    private static final Field<Double> ALLOCATION_RATIO = INVENTORY.decimal("allocation_ratio");

    private static final Columns ALLOCATION = Columns.of("placement_allocation");
    private static final Field<String> USED_PROVIDER = ALLOCATION.text("provider_id");
    private static final Field<String> USED_CLASS = ALLOCATION.text("resource_class");
    private static final Field<Long> USED = ALLOCATION.number("used");

    /** By resource class, in the order of their names. */
    public Map<String, Inventory> ofProvider(Tx tx, String providerId) {
        return ofProviders(tx, Set.of(providerId), null).getOrDefault(providerId, Map.of());
    }

    /** By provider and resource class; null for every class. */
    public Map<String, Map<String, Inventory>> ofProviders(
            Tx tx, Collection<String> providerIds, @Nullable Collection<String> classes) {
        Map<String, Map<String, Inventory>> found = new HashMap<>();
        Sql.in(tx)
                .select(INVENTORY.all())
                .from(INVENTORY.table())
                .where(PROVIDER_ID.in(providerIds))
                .and(classes == null ? noCondition() : RESOURCE_CLASS.in(classes))
                .forEach(row -> found.computeIfAbsent(row.get(PROVIDER_ID), id -> new TreeMap<>())
                        .put(row.get(RESOURCE_CLASS), inventory(row)));
        return found;
    }

    /** How much is allocated, by provider and resource class. */
    public Map<String, Map<String, Long>> used(Tx tx, Collection<String> providerIds) {
        return used(tx, providerIds, null);
    }

    /** As {@link #used(Tx, Collection)}; null for every class. */
    public Map<String, Map<String, Long>> used(
            Tx tx, Collection<String> providerIds, @Nullable Collection<String> classes) {
        Map<String, Map<String, Long>> found = new HashMap<>();
        Field<BigDecimal> amount = sum(USED);
        Sql.in(tx)
                .select(USED_PROVIDER, USED_CLASS, amount)
                .from(ALLOCATION.table())
                .where(USED_PROVIDER.in(providerIds))
                .and(classes == null ? noCondition() : USED_CLASS.in(classes))
                .groupBy(USED_PROVIDER, USED_CLASS)
                .forEach(row -> found.computeIfAbsent(row.get(USED_PROVIDER), id -> new HashMap<>())
                        .put(row.get(USED_CLASS), row.get(amount).longValue()));
        return found;
    }

    /** Whether the provider that the column names could give this much of the class; as {@link Inventory#fits}. */
    public static Condition hasRoom(Field<String> providerId, String resourceClass, long amount) {
        return providerId.in(select(PROVIDER_ID)
                .from(INVENTORY.table())
                .where(RESOURCE_CLASS.eq(resourceClass))
                .and(MIN_UNIT.le(amount))
                .and(MAX_UNIT.ge(amount))
                .and(val(amount).mod(STEP_SIZE).eq(0L))
                .and(ALLOCATION_RATIO
                        .mul(TOTAL.minus(RESERVED))
                        .ge(usedOf(resourceClass).plus(amount).coerce(Double.class))));
    }

    /** The most of a class that one consumer could be given by some provider now; empty when nobody has any of it. */
    public OptionalLong largest(Tx tx, String resourceClass) {
        Field<BigDecimal> used = usedOf(resourceClass);
        return Sql.in(tx)
                .select(INVENTORY.all())
                .select(used)
                .from(INVENTORY.table())
                .where(RESOURCE_CLASS.eq(resourceClass))
                .fetch(row -> {
                    Inventory inventory = inventory(row);
                    long free = inventory.capacity() - row.get(used).longValue();
                    return Math.clamp(free, 0, inventory.maxUnit());
                })
                .stream()
                .mapToLong(Long::longValue)
                .max();
    }

    /** What is used of the class at the provider of the row. */
    private static Field<BigDecimal> usedOf(String resourceClass) {
        return field(select(coalesce(sum(USED), BigDecimal.ZERO))
                .from(ALLOCATION.table())
                .where(USED_PROVIDER.eq(PROVIDER_ID).and(USED_CLASS.eq(resourceClass))));
    }

    /** Gives a provider exactly these; faults with CONFLICT when one that goes is in use. The caller moves its generation on. */
    public void replace(Tx tx, String providerId, Map<String, Inventory> wanted) {
        Set<String> gone = new HashSet<>(ofProvider(tx, providerId).keySet());
        gone.removeAll(wanted.keySet());
        Set<String> used = new HashSet<>(
                used(tx, Set.of(providerId)).getOrDefault(providerId, Map.of()).keySet());
        used.retainAll(gone);
        if (!used.isEmpty()) {
            throw PlacementErrors.conflict(
                    PlacementErrors.INVENTORY_IN_USE,
                    "update conflict: Inventory for '" + String.join("', '", used) + "' on resource provider '"
                            + providerId + "' in use.");
        }
        Sql.in(tx)
                .deleteFrom(INVENTORY.table())
                .where(PROVIDER_ID.eq(providerId))
                .execute();
        wanted.forEach((resourceClass, inventory) -> insert(tx, providerId, resourceClass, inventory));
    }

    private void insert(Tx tx, String providerId, String resourceClass, Inventory inventory) {
        Sql.in(tx)
                .insertInto(INVENTORY.table())
                .set(PROVIDER_ID, providerId)
                .set(RESOURCE_CLASS, resourceClass)
                .set(TOTAL, inventory.total())
                .set(RESERVED, inventory.reserved())
                .set(MIN_UNIT, inventory.minUnit())
                .set(MAX_UNIT, inventory.maxUnit())
                .set(STEP_SIZE, inventory.stepSize())
                .set(ALLOCATION_RATIO, inventory.allocationRatio())
                .execute();
    }

    public static boolean isClassInUse(Tx tx, String resourceClass) {
        return Sql.in(tx).fetchExists(selectOne().from(INVENTORY.table()).where(RESOURCE_CLASS.eq(resourceClass)));
    }

    /** Calls a class otherwise wherever it is given or used. */
    public static void renameClass(Tx tx, String before, String after) {
        Sql.in(tx)
                .update(INVENTORY.table())
                .set(RESOURCE_CLASS, after)
                .where(RESOURCE_CLASS.eq(before))
                .execute();
        Sql.in(tx)
                .update(ALLOCATION.table())
                .set(USED_CLASS, after)
                .where(USED_CLASS.eq(before))
                .execute();
    }

    private static Inventory inventory(Record row) {
        return new Inventory(
                row.get(TOTAL),
                row.get(RESERVED),
                row.get(MIN_UNIT),
                row.get(MAX_UNIT),
                row.get(STEP_SIZE),
                row.get(ALLOCATION_RATIO));
    }
}

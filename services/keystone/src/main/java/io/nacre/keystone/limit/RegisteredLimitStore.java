package io.nacre.keystone.limit;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Registered limits; one for each resource. */
public final class RegisteredLimitStore {
    private static final Columns REGISTERED = Columns.of("keystone_registered_limit");
    private static final Field<String> ID = REGISTERED.text("id");
    private static final ResourceColumns RESOURCE = new ResourceColumns(
            REGISTERED.text("service_id"), REGISTERED.text("region_id"), REGISTERED.text("resource_name"));
    private static final Field<Integer> DEFAULT_LIMIT = REGISTERED.integer("default_limit");
    private static final Field<String> DESCRIPTION = REGISTERED.text("description");
    private static final Map<String, Field<?>> FILTERS = Map.of(
            "service_id", RESOURCE.serviceId(), "region_id", RESOURCE.regionId(), "resource_name", RESOURCE.name());

    RegisteredLimit require(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream()
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Could not find registered limit for " + id + "."));
    }

    Optional<RegisteredLimit> find(Tx tx, Resource resource) {
        return list(tx, RESOURCE.same(resource)).stream().findFirst();
    }

    List<RegisteredLimit> ofService(Tx tx, String serviceId) {
        return list(tx, RESOURCE.serviceId().eq(serviceId));
    }

    List<RegisteredLimit> list(Tx tx, List<Filter> filters, int most) {
        return list(tx, Conditions.of(filters, FILTERS), most);
    }

    private static List<RegisteredLimit> list(Tx tx, Condition condition) {
        return list(tx, condition, Integer.MAX_VALUE);
    }

    private static List<RegisteredLimit> list(Tx tx, Condition condition, int most) {
        return Sql.in(tx)
                .select(REGISTERED.all())
                .from(REGISTERED.table())
                .where(condition)
                .orderBy(RESOURCE.serviceId(), RESOURCE.name(), RESOURCE.regionId())
                .limit(most)
                .fetch(row -> new RegisteredLimit(
                        row.get(ID), RESOURCE.read(row), row.get(DEFAULT_LIMIT), row.get(DESCRIPTION)));
    }

    public boolean isAnyOfService(Tx tx, String serviceId) {
        return exists(tx, RESOURCE.serviceId().eq(serviceId));
    }

    public boolean isAnyInRegion(Tx tx, String regionId) {
        return exists(tx, RESOURCE.regionId().eq(regionId));
    }

    private static boolean exists(Tx tx, Condition condition) {
        return Sql.in(tx).fetchExists(DSL.selectOne().from(REGISTERED.table()).where(condition));
    }

    void create(Tx tx, RegisteredLimit limit) {
        requireUnique(tx, limit);
        Sql.in(tx)
                .insertInto(REGISTERED.table())
                .set(ID, limit.id())
                .set(RESOURCE.values(limit.resource()))
                .set(DEFAULT_LIMIT, limit.value())
                .set(DESCRIPTION, limit.description())
                .execute();
    }

    void update(Tx tx, RegisteredLimit limit) {
        requireUnique(tx, limit);
        Sql.in(tx)
                .update(REGISTERED.table())
                .set(RESOURCE.values(limit.resource()))
                .set(DEFAULT_LIMIT, limit.value())
                .set(DESCRIPTION, limit.description())
                .where(ID.eq(limit.id()))
                .execute();
    }

    private void requireUnique(Tx tx, RegisteredLimit limit) {
        find(tx, limit.resource())
                .filter(other -> !other.id().equals(limit.id()))
                .ifPresent(other -> {
                    throw Fault.conflict("Conflict occurred attempting to store registered_limit - Duplicate entry.");
                });
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(REGISTERED.table()).where(ID.eq(id)).execute();
    }
}

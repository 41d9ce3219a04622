package io.nacre.keystone.service;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Services. */
public final class ServiceStore {
    private static final Columns SERVICE = Columns.of("keystone_service");
    private static final Field<String> ID = SERVICE.text("id");
    private static final Field<String> TYPE = SERVICE.text("type");
    private static final Field<String> NAME = SERVICE.text("name");
    private static final Field<Boolean> ENABLED = SERVICE.bool("enabled");
    private static final Field<Map<String, @Nullable Object>> EXTRA =
            SERVICE.json("extra", new TypeReference<Map<String, @Nullable Object>>() {});
    private static final Map<String, Field<?>> FILTERS = Map.of("type", TYPE, "name", NAME);

    public Optional<CatalogService> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    public CatalogService require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find service: " + id + "."));
    }

    public List<CatalogService> list(Tx tx, List<Filter> filters) {
        return list(tx, Conditions.of(filters, FILTERS));
    }

    public List<CatalogService> list(Tx tx, List<Filter> filters, int most) {
        return list(tx, Conditions.of(filters, FILTERS), most);
    }

    private static List<CatalogService> list(Tx tx, Condition condition) {
        return list(tx, condition, Integer.MAX_VALUE);
    }

    private static List<CatalogService> list(Tx tx, Condition condition, int most) {
        return Sql.in(tx)
                .select(SERVICE.all())
                .from(SERVICE.table())
                .where(condition)
                .orderBy(TYPE, ID)
                .limit(most)
                .fetch(ServiceStore::service);
    }

    public void create(Tx tx, CatalogService service) {
        Sql.in(tx)
                .insertInto(SERVICE.table())
                .set(ID, service.id())
                .set(changeable(service))
                .execute();
    }

    public void update(Tx tx, CatalogService service) {
        Sql.in(tx)
                .update(SERVICE.table())
                .set(changeable(service))
                .where(ID.eq(service.id()))
                .execute();
    }

    private static Map<Field<?>, @Nullable Object> changeable(CatalogService service) {
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(TYPE, service.type());
        values.put(NAME, service.name());
        values.put(ENABLED, service.enabled());
        values.put(EXTRA, service.extra());
        return values;
    }

    public void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(SERVICE.table()).where(ID.eq(id)).execute();
    }

    private static CatalogService service(Record row) {
        return new CatalogService(row.get(ID), row.get(TYPE), row.get(NAME), row.get(ENABLED), row.get(EXTRA));
    }
}

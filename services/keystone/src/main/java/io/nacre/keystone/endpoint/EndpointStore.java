package io.nacre.keystone.endpoint;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Endpoints. */
public final class EndpointStore {
    private static final Columns ENDPOINT = Columns.of("keystone_endpoint");
    private static final Field<String> ID = ENDPOINT.text("id");
    private static final Field<String> SERVICE_ID = ENDPOINT.text("service_id");
    private static final Field<String> INTERFACE = ENDPOINT.text("interface");
    private static final Field<String> REGION_ID = ENDPOINT.text("region_id");
    private static final Field<String> URL = ENDPOINT.text("url");
    private static final Field<Boolean> ENABLED = ENDPOINT.bool("enabled");
    private static final Field<Map<String, @Nullable Object>> EXTRA =
            ENDPOINT.json("extra", new TypeReference<Map<String, @Nullable Object>>() {});
    private static final Map<String, Field<?>> FILTERS =
            Map.of("interface", INTERFACE, "service_id", SERVICE_ID, "region_id", REGION_ID);

    public Endpoint require(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream()
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Could not find endpoint: " + id + "."));
    }

    public List<Endpoint> list(Tx tx, List<Filter> filters) {
        return list(tx, Conditions.of(filters, FILTERS));
    }

    public List<Endpoint> list(Tx tx, List<Filter> filters, int most) {
        return list(tx, Conditions.of(filters, FILTERS), most);
    }

    public boolean isAnyIn(Tx tx, Collection<String> regionIds) {
        return Sql.in(tx).fetchExists(DSL.selectOne().from(ENDPOINT.table()).where(REGION_ID.in(regionIds)));
    }

    private static List<Endpoint> list(Tx tx, Condition condition) {
        return list(tx, condition, Integer.MAX_VALUE);
    }

    private static List<Endpoint> list(Tx tx, Condition condition, int most) {
        return Sql.in(tx)
                .select(ENDPOINT.all())
                .from(ENDPOINT.table())
                .where(condition)
                .orderBy(SERVICE_ID, INTERFACE, ID)
                .limit(most)
                .fetch(EndpointStore::endpoint);
    }

    public void create(Tx tx, Endpoint endpoint) {
        Sql.in(tx)
                .insertInto(ENDPOINT.table())
                .set(ID, endpoint.id())
                .set(changeable(endpoint))
                .execute();
    }

    public void update(Tx tx, Endpoint endpoint) {
        Sql.in(tx)
                .update(ENDPOINT.table())
                .set(changeable(endpoint))
                .where(ID.eq(endpoint.id()))
                .execute();
    }

    private static Map<Field<?>, @Nullable Object> changeable(Endpoint endpoint) {
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(SERVICE_ID, endpoint.serviceId());
        values.put(INTERFACE, endpoint.access());
        values.put(REGION_ID, endpoint.regionId());
        values.put(URL, endpoint.url());
        values.put(ENABLED, endpoint.enabled());
        values.put(EXTRA, endpoint.extra());
        return values;
    }

    public void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(ENDPOINT.table()).where(ID.eq(id)).execute();
    }

    private static Endpoint endpoint(Record row) {
        return new Endpoint(
                row.get(ID),
                row.get(SERVICE_ID),
                row.get(INTERFACE),
                row.get(REGION_ID),
                row.get(URL),
                row.get(ENABLED),
                row.get(EXTRA));
    }
}

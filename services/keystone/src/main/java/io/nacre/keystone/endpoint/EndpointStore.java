package io.nacre.keystone.endpoint;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Endpoints. */
public final class EndpointStore {
    private static final Columns ENDPOINT = Columns.of("keystone_endpoint");
    private static final Field<String> ID = ENDPOINT.text("id");
    private static final Field<String> SERVICE_ID = ENDPOINT.text("service_id");
    private static final Field<String> REGION_ID = ENDPOINT.text("region_id");
    private static final Field<String> FACE = ENDPOINT.text("interface");
    private static final Field<String> URL = ENDPOINT.text("url");
    private static final Field<Boolean> ENABLED = ENDPOINT.bool("enabled");
    private static final Field<ObjectNode> EXTRA = ENDPOINT.json("extra", ObjectNode.class);

    /** Which endpoints are wanted; a null says nothing. */
    public record Filter(
            @Nullable String face,
            @Nullable String serviceId,
            @Nullable String regionId) {}

    public List<Endpoint> list(Tx tx, Filter filter) {
        Condition condition = filter.face() == null ? DSL.noCondition() : FACE.eq(filter.face());
        condition = filter.serviceId() == null ? condition : condition.and(SERVICE_ID.eq(filter.serviceId()));
        condition = filter.regionId() == null ? condition : condition.and(REGION_ID.eq(filter.regionId()));
        return Sql.in(tx)
                .select(ENDPOINT.all())
                .from(ENDPOINT.table())
                .where(condition)
                .orderBy(SERVICE_ID, ID)
                .fetch(EndpointStore::endpoint);
    }

    public Optional<Endpoint> find(Tx tx, String id) {
        return Sql.in(tx)
                .select(ENDPOINT.all())
                .from(ENDPOINT.table())
                .where(ID.eq(id))
                .fetchOptional(EndpointStore::endpoint);
    }

    Endpoint require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find endpoint: " + id + "."));
    }

    public void insert(Tx tx, Endpoint endpoint) {
        Sql.in(tx)
                .insertInto(ENDPOINT.table())
                .set(ID, endpoint.id())
                .set(SERVICE_ID, endpoint.serviceId())
                .set(REGION_ID, endpoint.regionId())
                .set(FACE, endpoint.face())
                .set(URL, endpoint.url())
                .set(ENABLED, endpoint.enabled())
                .set(EXTRA, endpoint.extra())
                .execute();
    }

    public void update(Tx tx, Endpoint endpoint) {
        Sql.in(tx)
                .update(ENDPOINT.table())
                .set(SERVICE_ID, endpoint.serviceId())
                .set(REGION_ID, endpoint.regionId())
                .set(FACE, endpoint.face())
                .set(URL, endpoint.url())
                .set(ENABLED, endpoint.enabled())
                .set(EXTRA, endpoint.extra())
                .where(ID.eq(endpoint.id()))
                .execute();
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(ENDPOINT.table()).where(ID.eq(id)).execute();
    }

    public void deleteOfService(Tx tx, String serviceId) {
        Sql.in(tx).deleteFrom(ENDPOINT.table()).where(SERVICE_ID.eq(serviceId)).execute();
    }

    private static Endpoint endpoint(Record row) {
        return new Endpoint(
                row.get(ID),
                row.get(SERVICE_ID),
                row.get(REGION_ID),
                row.get(FACE),
                row.get(URL),
                row.get(ENABLED),
                row.get(EXTRA));
    }
}

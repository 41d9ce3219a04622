package io.nacre.keystone.service;

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

/** The services of the catalog. */
public final class ServiceStore {
    private static final Columns SERVICE = Columns.of("keystone_service");
    private static final Field<String> ID = SERVICE.text("id");
    private static final Field<String> TYPE = SERVICE.text("type");
    private static final Field<String> NAME = SERVICE.text("name");
    private static final Field<String> DESCRIPTION = SERVICE.text("description");
    private static final Field<Boolean> ENABLED = SERVICE.bool("enabled");
    private static final Field<ObjectNode> EXTRA = SERVICE.json("extra", ObjectNode.class);

    public List<CatalogService> list(Tx tx, @Nullable String type, @Nullable String name) {
        Condition condition = type == null ? DSL.noCondition() : TYPE.eq(type);
        condition = name == null ? condition : condition.and(NAME.eq(name));
        return Sql.in(tx)
                .select(SERVICE.all())
                .from(SERVICE.table())
                .where(condition)
                .orderBy(TYPE, ID)
                .fetch(ServiceStore::service);
    }

    public Optional<CatalogService> find(Tx tx, String id) {
        return Sql.in(tx)
                .select(SERVICE.all())
                .from(SERVICE.table())
                .where(ID.eq(id))
                .fetchOptional(ServiceStore::service);
    }

    CatalogService require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find service: " + id + "."));
    }

    public void insert(Tx tx, CatalogService service) {
        Sql.in(tx)
                .insertInto(SERVICE.table())
                .set(ID, service.id())
                .set(TYPE, service.type())
                .set(NAME, service.name())
                .set(DESCRIPTION, service.description())
                .set(ENABLED, service.enabled())
                .set(EXTRA, service.extra())
                .execute();
    }

    void update(Tx tx, CatalogService service) {
        Sql.in(tx)
                .update(SERVICE.table())
                .set(TYPE, service.type())
                .set(NAME, service.name())
                .set(DESCRIPTION, service.description())
                .set(ENABLED, service.enabled())
                .set(EXTRA, service.extra())
                .where(ID.eq(service.id()))
                .execute();
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(SERVICE.table()).where(ID.eq(id)).execute();
    }

    private static CatalogService service(Record row) {
        return new CatalogService(
                row.get(ID), row.get(TYPE), row.get(NAME), row.get(DESCRIPTION), row.get(ENABLED), row.get(EXTRA));
    }
}

package io.nacre.keystone.mapping;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import tools.jackson.databind.JsonNode;

/** Mappings. */
public final class MappingStore {
    private static final Columns MAPPING = Columns.of("keystone_mapping");
    private static final Field<String> ID = MAPPING.text("id");
    private static final Field<String> SCHEMA_VERSION = MAPPING.text("schema_version");
    private static final Field<JsonNode> RULES = MAPPING.json("rules", JsonNode.class);

    public Optional<Mapping> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    public Mapping require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find mapping: " + id + "."));
    }

    List<Mapping> list(Tx tx) {
        return list(tx, DSL.noCondition());
    }

    private static List<Mapping> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(MAPPING.all())
                .from(MAPPING.table())
                .where(condition)
                .orderBy(ID)
                .fetch(row -> new Mapping(row.get(ID), row.get(SCHEMA_VERSION), row.get(RULES)));
    }

    void create(Tx tx, Mapping mapping) {
        if (find(tx, mapping.id()).isPresent()) {
            throw Fault.conflict("Conflict occurred attempting to store mapping - Duplicate entry.");
        }
        Sql.in(tx)
                .insertInto(MAPPING.table())
                .set(ID, mapping.id())
                .set(SCHEMA_VERSION, mapping.schemaVersion())
                .set(RULES, mapping.rules())
                .execute();
    }

    void update(Tx tx, Mapping mapping) {
        Sql.in(tx)
                .update(MAPPING.table())
                .set(SCHEMA_VERSION, mapping.schemaVersion())
                .set(RULES, mapping.rules())
                .where(ID.eq(mapping.id()))
                .execute();
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(MAPPING.table()).where(ID.eq(id)).execute();
    }
}

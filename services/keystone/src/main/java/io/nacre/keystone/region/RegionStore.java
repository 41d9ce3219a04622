package io.nacre.keystone.region;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Regions. */
public final class RegionStore {
    private static final Columns REGION = Columns.of("keystone_region");
    private static final Field<String> ID = REGION.text("id");
    private static final Field<String> DESCRIPTION = REGION.text("description");
    private static final Field<String> PARENT = REGION.text("parent_region_id");
    private static final Field<ObjectNode> EXTRA = REGION.json("extra", ObjectNode.class);

    List<Region> list(Tx tx, @Nullable String parentRegionId) {
        return Sql.in(tx)
                .select(REGION.all())
                .from(REGION.table())
                .where(parentRegionId == null ? DSL.noCondition() : PARENT.eq(parentRegionId))
                .orderBy(ID)
                .fetch(RegionStore::region);
    }

    public Optional<Region> find(Tx tx, String id) {
        return Sql.in(tx)
                .select(REGION.all())
                .from(REGION.table())
                .where(ID.eq(id))
                .fetchOptional(RegionStore::region);
    }

    Region require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find region: " + id + "."));
    }

    public void insert(Tx tx, Region region) {
        Sql.in(tx)
                .insertInto(REGION.table())
                .set(ID, region.id())
                .set(DESCRIPTION, region.description())
                .set(PARENT, region.parentRegionId())
                .set(EXTRA, region.extra())
                .execute();
    }

    void update(Tx tx, Region region) {
        Sql.in(tx)
                .update(REGION.table())
                .set(DESCRIPTION, region.description())
                .set(PARENT, region.parentRegionId())
                .set(EXTRA, region.extra())
                .where(ID.eq(region.id()))
                .execute();
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(REGION.table()).where(ID.eq(id)).execute();
    }

    private static Region region(Record row) {
        return new Region(row.get(ID), row.get(DESCRIPTION), row.get(PARENT), row.get(EXTRA));
    }
}

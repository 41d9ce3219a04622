package io.nacre.keystone.region;

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
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Regions. */
public final class RegionStore {
    private static final Columns REGION = Columns.of("keystone_region");
    private static final Field<String> ID = REGION.text("id");
    private static final Field<String> PARENT_ID = REGION.text("parent_region_id");
    private static final Field<String> DESCRIPTION = REGION.text("description");
    private static final Field<Map<String, @Nullable Object>> EXTRA =
            REGION.json("extra", new TypeReference<Map<String, @Nullable Object>>() {});
    private static final Map<String, Field<?>> FILTERS = Map.of("parent_region_id", PARENT_ID);

    public Optional<Region> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    public Region require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find region: " + id + "."));
    }

    List<Region> list(Tx tx, List<Filter> filters, int most) {
        return list(tx, Conditions.of(filters, FILTERS), most);
    }

    List<Region> children(Tx tx, String id) {
        return list(tx, PARENT_ID.eq(id));
    }

    private static List<Region> list(Tx tx, Condition condition) {
        return list(tx, condition, Integer.MAX_VALUE);
    }

    private static List<Region> list(Tx tx, Condition condition, int most) {
        return Sql.in(tx)
                .select(REGION.all())
                .from(REGION.table())
                .where(condition)
                .orderBy(ID)
                .limit(most)
                .fetch(RegionStore::region);
    }

    public void create(Tx tx, Region region) {
        Sql.in(tx)
                .insertInto(REGION.table())
                .set(ID, region.id())
                .set(PARENT_ID, region.parentId())
                .set(DESCRIPTION, region.description())
                .set(EXTRA, region.extra())
                .execute();
    }

    void update(Tx tx, Region region) {
        Sql.in(tx)
                .update(REGION.table())
                .set(PARENT_ID, region.parentId())
                .set(DESCRIPTION, region.description())
                .set(EXTRA, region.extra())
                .where(ID.eq(region.id()))
                .execute();
    }

    public void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(REGION.table()).where(ID.eq(id)).execute();
    }

    private static Region region(Record row) {
        return new Region(row.get(ID), row.get(PARENT_ID), row.get(DESCRIPTION), row.get(EXTRA));
    }
}

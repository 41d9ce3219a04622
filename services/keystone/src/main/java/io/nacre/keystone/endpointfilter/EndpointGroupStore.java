package io.nacre.keystone.endpointfilter;

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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Endpoint groups. */
public final class EndpointGroupStore {
    private static final Columns GROUP = Columns.of("keystone_endpoint_group");
    private static final Field<String> ID = GROUP.text("id");
    private static final Field<String> NAME = GROUP.text("name");
    private static final Field<String> DESCRIPTION = GROUP.text("description");
    private static final Field<Map<String, @Nullable Object>> FILTERS =
            GROUP.json("filters", new TypeReference<Map<String, @Nullable Object>>() {});

    EndpointGroup require(Tx tx, String id) {
        return list(tx, List.of(id)).stream()
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Could not find Endpoint Group: " + id + "."));
    }

    List<EndpointGroup> list(Tx tx, Collection<String> ids) {
        return list(tx, ID.in(ids), Integer.MAX_VALUE);
    }

    List<EndpointGroup> list(Tx tx, List<Filter> filters, int most) {
        return list(tx, Conditions.of(filters, Map.of("name", NAME)), most);
    }

    private static List<EndpointGroup> list(Tx tx, Condition condition, int most) {
        return Sql.in(tx)
                .select(GROUP.all())
                .from(GROUP.table())
                .where(condition)
                .orderBy(NAME, ID)
                .limit(most)
                .fetch(row -> new EndpointGroup(row.get(ID), row.get(NAME), row.get(DESCRIPTION), row.get(FILTERS)));
    }

    void create(Tx tx, EndpointGroup group) {
        Sql.in(tx)
                .insertInto(GROUP.table())
                .set(ID, group.id())
                .set(changeable(group))
                .execute();
    }

    void update(Tx tx, EndpointGroup group) {
        Sql.in(tx)
                .update(GROUP.table())
                .set(changeable(group))
                .where(ID.eq(group.id()))
                .execute();
    }

    private static Map<Field<?>, @Nullable Object> changeable(EndpointGroup group) {
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(NAME, group.name());
        values.put(DESCRIPTION, group.description());
        values.put(FILTERS, group.filters());
        return values;
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(GROUP.table()).where(ID.eq(id)).execute();
    }
}

package io.nacre.neutron.resource;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** The tags of all resources, in one table. */
final class TagStore {
    private static final Columns TAG = Columns.of("neutron_tag");
    private static final Field<String> RESOURCE = TAG.text("resource_id");
    private static final Field<String> NAME = TAG.text("tag");

    /** Sorted tags by resource; resources without any are not in it. */
    Map<String, List<String>> of(Tx tx, Collection<String> ids) {
        Map<String, List<String>> found = new HashMap<>();
        if (!ids.isEmpty()) {
            Sql.in(tx)
                    .select(RESOURCE, NAME)
                    .from(TAG.table())
                    .where(RESOURCE.in(ids))
                    .orderBy(NAME)
                    .forEach(row -> found.computeIfAbsent(row.get(RESOURCE), id -> new ArrayList<>())
                            .add(row.get(NAME)));
        }
        return found;
    }

    void set(Tx tx, String id, Collection<String> tags) {
        clear(tx, id);
        for (String tag : new TreeSet<>(tags)) {
            Sql.in(tx).insertInto(TAG.table()).set(RESOURCE, id).set(NAME, tag).execute();
        }
    }

    void clear(Tx tx, String id) {
        Sql.in(tx).deleteFrom(TAG.table()).where(RESOURCE.eq(id)).execute();
    }

    /** Resources with every one of the tags. */
    Condition all(Field<String> id, Collection<String> tags) {
        return DSL.and(tags.stream().map(tag -> any(id, List.of(tag))).toList());
    }

    /** Resources with at least one of the tags. */
    Condition any(Field<String> id, Collection<String> tags) {
        return id.in(DSL.select(RESOURCE).from(TAG.table()).where(NAME.in(tags)));
    }
}

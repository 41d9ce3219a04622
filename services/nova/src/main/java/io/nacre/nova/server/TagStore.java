package io.nacre.nova.server;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.selectOne;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Tags of servers. */
public final class TagStore {
    private static final Columns TAG = Columns.of("nova_server_tag");
    private static final Field<String> SERVER_ID = TAG.text("server_id");
    private static final Field<String> NAME = TAG.text("tag");

    /** Tags by server, in the order of their names; a server without tags is left out. */
    Map<String, List<String>> of(Tx tx, Collection<String> serverIds) {
        Map<String, List<String>> tags = new HashMap<>();
        if (!serverIds.isEmpty()) {
            Sql.in(tx)
                    .select(SERVER_ID, NAME)
                    .from(TAG.table())
                    .where(SERVER_ID.in(serverIds))
                    .orderBy(NAME)
                    .forEach(row -> tags.computeIfAbsent(row.get(SERVER_ID), id -> new ArrayList<>())
                            .add(row.get(NAME)));
        }
        return tags;
    }

    List<String> of(Tx tx, String serverId) {
        return of(tx, List.of(serverId)).getOrDefault(serverId, List.of());
    }

    /** True when it was not there before. */
    boolean add(Tx tx, String serverId, String tag) {
        return Sql.in(tx)
                        .insertInto(TAG.table())
                        .set(SERVER_ID, serverId)
                        .set(NAME, tag)
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    boolean remove(Tx tx, String serverId, String tag) {
        return Sql.in(tx)
                        .deleteFrom(TAG.table())
                        .where(SERVER_ID.eq(serverId))
                        .and(NAME.eq(tag))
                        .execute()
                == 1;
    }

    void clear(Tx tx, String serverId) {
        Sql.in(tx).deleteFrom(TAG.table()).where(SERVER_ID.eq(serverId)).execute();
    }

    /** Servers that have all of the tags. */
    static Condition hasAll(Collection<String> tags) {
        return tags.stream().map(TagStore::has).reduce(DSL.noCondition(), Condition::and);
    }

    /** Servers that have at least one of the tags. */
    static Condition hasAny(Collection<String> tags) {
        return exists(selectOne()
                .from(TAG.table())
                .where(SERVER_ID.eq(ServerStore.ID))
                .and(NAME.in(tags)));
    }

    static Condition lacksAll(Collection<String> tags) {
        return not(hasAny(tags));
    }

    static Condition lacksAny(Collection<String> tags) {
        return not(hasAll(tags));
    }

    private static Condition has(String tag) {
        return hasAny(List.of(tag));
    }
}

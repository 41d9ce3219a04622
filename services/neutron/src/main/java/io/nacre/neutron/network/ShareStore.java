package io.nacre.neutron.network;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.impl.DSL;

/** Who may use a network beside its owner: the RBAC entries of networks, as networks see them. */
public final class ShareStore {
    public static final String SHARED = "access_as_shared";
    public static final String EVERYBODY = "*";

    private static final Columns T = Columns.of("neutron_rbac");
    private static final Field<String> ID = T.text("id");
    private static final Field<String> PROJECT = T.text("project_id");
    private static final Field<String> DESCRIPTION = T.text("description");
    private static final Field<Long> REVISION = T.number("revision_number");
    private static final Field<Instant> CREATED = T.instant("created_at");
    private static final Field<Instant> UPDATED = T.instant("updated_at");
    private static final Field<String> TYPE = T.text("object_type");
    private static final Field<String> OBJECT = T.text("object_id");
    private static final Field<String> ACTION = T.text("action");
    private static final Field<String> TARGET = T.text("target_project");

    /** Identifiers of objects that are shared with the project or with everybody. */
    public Select<Record1<String>> sharedWith(String project) {
        return DSL.select(OBJECT).from(T.table()).where(ACTION.eq(SHARED)).and(TARGET.in(project, EVERYBODY));
    }

    /** The projects that may use each of the objects. */
    public Map<String, Set<String>> of(Tx tx, Collection<String> objects) {
        Map<String, Set<String>> found = new HashMap<>();
        if (!objects.isEmpty()) {
            Sql.in(tx)
                    .select(OBJECT, TARGET)
                    .from(T.table())
                    .where(OBJECT.in(objects))
                    .and(ACTION.eq(SHARED))
                    .forEach(row -> found.computeIfAbsent(row.get(OBJECT), id -> new TreeSet<>())
                            .add(row.get(TARGET)));
        }
        return found;
    }

    /** @param entryId identifier of the entry that is made when there is none */
    void shareWithAll(Tx tx, Network network, String entryId, Instant now) {
        if (network.isSharedWith(null)) {
            return;
        }
        Sql.in(tx)
                .insertInto(T.table())
                .set(ID, entryId)
                .set(PROJECT, network.projectId())
                .set(DESCRIPTION, "")
                .set(REVISION, 0L)
                .set(CREATED, now)
                .set(UPDATED, now)
                .set(TYPE, "network")
                .set(OBJECT, network.id())
                .set(ACTION, SHARED)
                .set(TARGET, EVERYBODY)
                .execute();
    }

    void unshareWithAll(Tx tx, String objectId) {
        Sql.in(tx)
                .deleteFrom(T.table())
                .where(OBJECT.eq(objectId))
                .and(ACTION.eq(SHARED))
                .and(TARGET.eq(EVERYBODY))
                .execute();
    }

    public void clear(Tx tx, String objectId) {
        Sql.in(tx).deleteFrom(T.table()).where(OBJECT.eq(objectId)).execute();
    }
}

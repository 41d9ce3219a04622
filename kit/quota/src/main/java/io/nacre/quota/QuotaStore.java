package io.nacre.quota;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;

/** All SQL about limits and usage of one service. */
final class QuotaStore {
    private static final Columns LIMIT = Columns.of("nacre_quota_limit");
    private static final Field<String> LIMIT_SERVICE = LIMIT.text("service");
    private static final Field<String> LIMIT_PROJECT = LIMIT.text("project");
    private static final Field<String> LIMIT_RESOURCE = LIMIT.text("resource");
    private static final Field<Long> VALUE = LIMIT.number("value");

    private static final Columns CLASS = Columns.of("nacre_quota_class");
    private static final Field<String> CLASS_SERVICE = CLASS.text("service");
    private static final Field<String> CLASS_NAME = CLASS.text("name");
    private static final Field<String> CLASS_RESOURCE = CLASS.text("resource");
    private static final Field<Long> CLASS_VALUE = CLASS.number("value");

    private static final Columns USAGE = Columns.of("nacre_quota_usage");
    private static final Field<String> SERVICE = USAGE.text("service");
    private static final Field<String> PROJECT = USAGE.text("project");
    private static final Field<String> RESOURCE = USAGE.text("resource");
    private static final Field<Long> USED = USAGE.number("used");

    private final String service;

    QuotaStore(String service) {
        this.service = service;
    }

    /** The limits that were set for the given projects, by project and resource. */
    Map<String, Map<String, Long>> limits(Tx tx, Collection<String> projects) {
        Map<String, Map<String, Long>> limits = new HashMap<>();
        for (Record row : Sql.in(tx)
                .select(LIMIT.all())
                .from(LIMIT.table())
                .where(LIMIT_SERVICE.eq(service))
                .and(LIMIT_PROJECT.in(projects))
                .fetch()) {
            limits.computeIfAbsent(row.get(LIMIT_PROJECT), project -> new HashMap<>())
                    .put(row.get(LIMIT_RESOURCE), row.get(VALUE));
        }
        return limits;
    }

    /** Projects for which any limit was set, sorted. */
    List<String> projects(Tx tx) {
        return Sql.in(tx)
                .selectDistinct(LIMIT_PROJECT)
                .from(LIMIT.table())
                .where(LIMIT_SERVICE.eq(service))
                .orderBy(LIMIT_PROJECT)
                .fetch(LIMIT_PROJECT);
    }

    void setLimit(Tx tx, String project, String resource, long value) {
        int changed = Sql.in(tx)
                .update(LIMIT.table())
                .set(VALUE, value)
                .where(LIMIT_SERVICE.eq(service))
                .and(LIMIT_PROJECT.eq(project))
                .and(LIMIT_RESOURCE.eq(resource))
                .execute();
        if (changed == 0) {
            Sql.in(tx)
                    .insertInto(LIMIT.table(), LIMIT_SERVICE, LIMIT_PROJECT, LIMIT_RESOURCE, VALUE)
                    .values(service, project, resource, value)
                    .execute();
        }
    }

    void clearLimits(Tx tx, String project) {
        Sql.in(tx)
                .deleteFrom(LIMIT.table())
                .where(LIMIT_SERVICE.eq(service))
                .and(LIMIT_PROJECT.eq(project))
                .execute();
    }

    /** What was set for a class without effect, by resource. */
    Map<String, Long> classLimits(Tx tx, String name) {
        return Sql.in(tx)
                .select(List.<Field<?>>of(CLASS_RESOURCE, CLASS_VALUE))
                .from(CLASS.table())
                .where(CLASS_SERVICE.eq(service))
                .and(CLASS_NAME.eq(name))
                .fetchMap(CLASS_RESOURCE, CLASS_VALUE);
    }

    void setClassLimit(Tx tx, String name, String resource, long value) {
        Condition row = CLASS_SERVICE.eq(service).and(CLASS_NAME.eq(name)).and(CLASS_RESOURCE.eq(resource));
        Sql.in(tx).deleteFrom(CLASS.table()).where(row).execute();
        Sql.in(tx)
                .insertInto(CLASS.table(), CLASS_SERVICE, CLASS_NAME, CLASS_RESOURCE, CLASS_VALUE)
                .values(service, name, resource, value)
                .execute();
    }

    /** What the project uses; resources without a row are not in the answer. */
    Map<String, Long> used(Tx tx, String project, Collection<String> resources) {
        return Sql.in(tx)
                .select(List.<Field<?>>of(RESOURCE, USED))
                .from(USAGE.table())
                .where(SERVICE.eq(service))
                .and(PROJECT.eq(project))
                .and(RESOURCE.in(resources))
                .fetchMap(RESOURCE, USED);
    }

    /** Writes a new count over the one that was read; a count that has changed since loses the race. */
    void count(Tx tx, String project, String resource, long before, long after, boolean known) {
        if (known) {
            Condition row = SERVICE.eq(service).and(PROJECT.eq(project)).and(RESOURCE.eq(resource));
            Sql.one(
                    Sql.in(tx)
                            .update(USAGE.table())
                            .set(USED, after)
                            .where(row)
                            .and(USED.eq(before))
                            .execute(),
                    "quota of " + resource);
        } else {
            Sql.in(tx)
                    .insertInto(USAGE.table(), SERVICE, PROJECT, RESOURCE, USED)
                    .values(service, project, resource, after)
                    .execute();
        }
    }

    void forget(Tx tx, String project) {
        Sql.in(tx)
                .deleteFrom(USAGE.table())
                .where(SERVICE.eq(service))
                .and(PROJECT.eq(project))
                .execute();
    }
}

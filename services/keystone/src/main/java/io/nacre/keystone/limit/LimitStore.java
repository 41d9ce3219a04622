package io.nacre.keystone.limit;

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
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Limits; one for each resource and project or domain. */
public final class LimitStore {
    private static final Columns LIMIT = Columns.of("keystone_limit");
    private static final Field<String> ID = LIMIT.text("id");
    private static final ResourceColumns RESOURCE =
            new ResourceColumns(LIMIT.text("service_id"), LIMIT.text("region_id"), LIMIT.text("resource_name"));
    private static final Field<String> PROJECT_ID = LIMIT.text("project_id");
    private static final Field<String> DOMAIN_ID = LIMIT.text("domain_id");
    private static final Field<Integer> RESOURCE_LIMIT = LIMIT.integer("resource_limit");
    private static final Field<String> DESCRIPTION = LIMIT.text("description");
    private static final Map<String, Field<?>> FILTERS = Map.of(
            "service_id",
            RESOURCE.serviceId(),
            "region_id",
            RESOURCE.regionId(),
            "resource_name",
            RESOURCE.name(),
            "project_id",
            PROJECT_ID,
            "domain_id",
            DOMAIN_ID);

    Optional<Limit> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    Limit require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find limit for " + id + "."));
    }

    List<Limit> list(Tx tx, List<Filter> filters, int most) {
        return list(tx, Conditions.of(filters, FILTERS), most);
    }

    /** Those of the domain and of these projects. */
    List<Limit> listInDomain(
            Tx tx, String domainId, Select<Record1<String>> projectIds, List<Filter> filters, int most) {
        return list(
                tx, DOMAIN_ID.eq(domainId).or(PROJECT_ID.in(projectIds)).and(Conditions.of(filters, FILTERS)), most);
    }

    Optional<Limit> ofProject(Tx tx, Resource resource, String projectId) {
        return list(tx, RESOURCE.same(resource).and(PROJECT_ID.eq(projectId))).stream()
                .findFirst();
    }

    List<Limit> ofProject(Tx tx, String serviceId, String projectId) {
        return list(tx, RESOURCE.serviceId().eq(serviceId).and(PROJECT_ID.eq(projectId)));
    }

    Optional<Limit> ofDomain(Tx tx, Resource resource, @Nullable String domainId) {
        return domainId == null
                ? Optional.empty()
                : list(tx, RESOURCE.same(resource).and(DOMAIN_ID.eq(domainId))).stream()
                        .findFirst();
    }

    private static List<Limit> list(Tx tx, Condition condition) {
        return list(tx, condition, Integer.MAX_VALUE);
    }

    private static List<Limit> list(Tx tx, Condition condition, int most) {
        return Sql.in(tx)
                .select(LIMIT.all())
                .from(LIMIT.table())
                .where(condition)
                .orderBy(RESOURCE.serviceId(), RESOURCE.name(), RESOURCE.regionId(), DOMAIN_ID, PROJECT_ID)
                .limit(most)
                .fetch(LimitStore::limit);
    }

    boolean isAnyOf(Tx tx, Resource resource) {
        return exists(tx, RESOURCE.same(resource));
    }

    private static boolean exists(Tx tx, Condition condition) {
        return Sql.in(tx).fetchExists(DSL.selectOne().from(LIMIT.table()).where(condition));
    }

    void create(Tx tx, Limit limit) {
        String projectId = ResourceColumns.stored(limit.projectId());
        String domainId = ResourceColumns.stored(limit.domainId());
        if (exists(
                tx,
                RESOURCE.same(limit.resource()).and(PROJECT_ID.eq(projectId)).and(DOMAIN_ID.eq(domainId)))) {
            throw Fault.conflict("Conflict occurred attempting to store limit - Duplicate entry.");
        }
        Sql.in(tx)
                .insertInto(LIMIT.table())
                .set(ID, limit.id())
                .set(RESOURCE.values(limit.resource()))
                .set(PROJECT_ID, projectId)
                .set(DOMAIN_ID, domainId)
                .set(RESOURCE_LIMIT, limit.value())
                .set(DESCRIPTION, limit.description())
                .execute();
    }

    void update(Tx tx, Limit limit) {
        Sql.in(tx)
                .update(LIMIT.table())
                .set(RESOURCE_LIMIT, limit.value())
                .set(DESCRIPTION, limit.description())
                .where(ID.eq(limit.id()))
                .execute();
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(LIMIT.table()).where(ID.eq(id)).execute();
    }

    public void deleteOfProject(Tx tx, String projectId) {
        Sql.in(tx).deleteFrom(LIMIT.table()).where(PROJECT_ID.eq(projectId)).execute();
    }

    public void deleteOfDomain(Tx tx, String domainId) {
        Sql.in(tx).deleteFrom(LIMIT.table()).where(DOMAIN_ID.eq(domainId)).execute();
    }

    private static Limit limit(Record row) {
        return new Limit(
                row.get(ID),
                RESOURCE.read(row),
                ResourceColumns.shown(row.get(PROJECT_ID)),
                ResourceColumns.shown(row.get(DOMAIN_ID)),
                row.get(RESOURCE_LIMIT),
                row.get(DESCRIPTION));
    }
}

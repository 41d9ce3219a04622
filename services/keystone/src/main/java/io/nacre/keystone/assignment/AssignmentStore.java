package io.nacre.keystone.assignment;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.assignment.Grant.Actor;
import io.nacre.keystone.assignment.Grant.Target;
import java.util.Collection;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Grants. */
public final class AssignmentStore {
    private static final Columns GRANT = Columns.of("keystone_assignment");
    private static final Field<Actor> ACTOR_KIND = GRANT.choice("actor_kind", Actor.class);
    private static final Field<String> ACTOR_ID = GRANT.text("actor_id");
    private static final Field<Target> TARGET_KIND = GRANT.choice("target_kind", Target.class);
    private static final Field<String> TARGET_ID = GRANT.text("target_id");
    private static final Field<String> ROLE_ID = GRANT.text("role_id");
    private static final Field<Boolean> INHERITED = GRANT.bool("inherited");

    /** Which grants are wanted; what is null does not matter. */
    record Filter(
            @Nullable Actor actor,
            @Nullable String actorId,
            @Nullable Target target,
            @Nullable Collection<String> targetIds,
            @Nullable String roleId,
            @Nullable Boolean inherited) {
        static final Filter ALL = new Filter(null, null, null, null, null, null);
    }

    List<Grant> list(Tx tx, Filter filter) {
        Condition condition = DSL.noCondition();
        condition = filter.actor() == null ? condition : condition.and(ACTOR_KIND.eq(filter.actor()));
        condition = filter.actorId() == null ? condition : condition.and(ACTOR_ID.eq(filter.actorId()));
        condition = filter.target() == null ? condition : condition.and(TARGET_KIND.eq(filter.target()));
        condition = filter.targetIds() == null ? condition : condition.and(TARGET_ID.in(filter.targetIds()));
        condition = filter.roleId() == null ? condition : condition.and(ROLE_ID.eq(filter.roleId()));
        condition = filter.inherited() == null ? condition : condition.and(INHERITED.eq(filter.inherited()));
        return list(tx, condition);
    }

    /** Everything a user has, alone and through groups. */
    List<Grant> ofUser(Tx tx, String userId, Collection<String> groupIds) {
        Condition mine = ACTOR_KIND.eq(Actor.USER).and(ACTOR_ID.eq(userId));
        return list(
                tx,
                groupIds.isEmpty() ? mine : mine.or(ACTOR_KIND.eq(Actor.GROUP).and(ACTOR_ID.in(groupIds))));
    }

    private static List<Grant> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(GRANT.all())
                .from(GRANT.table())
                .where(condition)
                .orderBy(TARGET_KIND, TARGET_ID, ACTOR_KIND, ACTOR_ID, ROLE_ID, INHERITED)
                .fetch(AssignmentStore::grant);
    }

    public boolean exists(Tx tx, Grant grant) {
        return Sql.in(tx).fetchExists(DSL.selectOne().from(GRANT.table()).where(same(grant)));
    }

    /** Once more changes nothing. */
    public void create(Tx tx, Grant grant) {
        if (!exists(tx, grant)) {
            Sql.in(tx)
                    .insertInto(GRANT.table())
                    .set(ACTOR_KIND, grant.actor())
                    .set(ACTOR_ID, grant.actorId())
                    .set(TARGET_KIND, grant.target())
                    .set(TARGET_ID, grant.targetId())
                    .set(ROLE_ID, grant.roleId())
                    .set(INHERITED, grant.inherited())
                    .execute();
        }
    }

    /** Whether it was there. */
    public boolean delete(Tx tx, Grant grant) {
        return Sql.in(tx).deleteFrom(GRANT.table()).where(same(grant)).execute() == 1;
    }

    public void deleteOfActor(Tx tx, Actor actor, String id) {
        delete(tx, ACTOR_KIND.eq(actor).and(ACTOR_ID.eq(id)));
    }

    public void deleteOnTarget(Tx tx, Target target, String id) {
        delete(tx, TARGET_KIND.eq(target).and(TARGET_ID.eq(id)));
    }

    public void deleteOfRole(Tx tx, String roleId) {
        delete(tx, ROLE_ID.eq(roleId));
    }

    private static void delete(Tx tx, Condition condition) {
        Sql.in(tx).deleteFrom(GRANT.table()).where(condition).execute();
    }

    private static Condition same(Grant grant) {
        return ACTOR_KIND
                .eq(grant.actor())
                .and(ACTOR_ID.eq(grant.actorId()))
                .and(TARGET_KIND.eq(grant.target()))
                .and(TARGET_ID.eq(grant.targetId()))
                .and(ROLE_ID.eq(grant.roleId()))
                .and(INHERITED.eq(grant.inherited()));
    }

    private static Grant grant(Record row) {
        return new Grant(
                row.get(ACTOR_KIND),
                row.get(ACTOR_ID),
                row.get(TARGET_KIND),
                row.get(TARGET_ID),
                row.get(ROLE_ID),
                row.get(INHERITED));
    }
}

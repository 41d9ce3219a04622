package io.nacre.keystone.group;

import static org.jooq.impl.DSL.selectOne;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Groups and who is in them. */
public final class GroupStore {
    private static final Columns GROUP = Columns.of("keystone_group");
    private static final Field<String> ID = GROUP.text("id");
    private static final Field<String> DOMAIN_ID = GROUP.text("domain_id");
    private static final Field<String> NAME = GROUP.text("name");
    private static final Field<String> DESCRIPTION = GROUP.text("description");
    private static final Field<ObjectNode> EXTRA = GROUP.json("extra", ObjectNode.class);

    private static final Columns MEMBER = Columns.of("keystone_group_member");
    private static final Field<String> GROUP_ID = MEMBER.text("group_id");
    private static final Field<String> USER_ID = MEMBER.text("user_id");

    public List<Group> list(Tx tx, @Nullable String domainId, @Nullable String name) {
        Condition condition = domainId == null ? DSL.noCondition() : DOMAIN_ID.eq(domainId);
        return fetch(tx, name == null ? condition : condition.and(NAME.eq(name)));
    }

    public List<Group> byId(Tx tx, Collection<String> ids) {
        return fetch(tx, ID.in(ids));
    }

    private static List<Group> fetch(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(GROUP.all())
                .from(GROUP.table())
                .where(condition)
                .orderBy(NAME, ID)
                .fetch(GroupStore::group);
    }

    public Optional<Group> find(Tx tx, String id) {
        return fetch(tx, ID.eq(id)).stream().findFirst();
    }

    public Group require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find group: " + id + "."));
    }

    /** Faults with CONFLICT when the domain has a group of this name. */
    void insert(Tx tx, Group group) {
        requireNameFree(tx, group);
        Sql.in(tx)
                .insertInto(GROUP.table())
                .set(ID, group.id())
                .set(DOMAIN_ID, group.domainId())
                .set(NAME, group.name())
                .set(DESCRIPTION, group.description())
                .set(EXTRA, group.extra())
                .execute();
    }

    void update(Tx tx, Group group) {
        requireNameFree(tx, group);
        Sql.in(tx)
                .update(GROUP.table())
                .set(NAME, group.name())
                .set(DESCRIPTION, group.description())
                .set(EXTRA, group.extra())
                .where(ID.eq(group.id()))
                .execute();
    }

    private static void requireNameFree(Tx tx, Group group) {
        Condition same =
                DOMAIN_ID.eq(group.domainId()).and(NAME.eq(group.name())).and(ID.ne(group.id()));
        if (Sql.in(tx).fetchExists(selectOne().from(GROUP.table()).where(same))) {
            throw Fault.conflict("Conflict occurred attempting to store group - Duplicate entry found with name "
                    + group.name() + " at domain ID " + group.domainId() + ".");
        }
    }

    /** Takes the group and its memberships away; its assignments are the caller's to remove. */
    public void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(MEMBER.table()).where(GROUP_ID.eq(id)).execute();
        Sql.in(tx).deleteFrom(GROUP.table()).where(ID.eq(id)).execute();
    }

    public Set<String> members(Tx tx, String groupId) {
        return Sql.in(tx)
                .select(USER_ID)
                .from(MEMBER.table())
                .where(GROUP_ID.eq(groupId))
                .fetchSet(USER_ID);
    }

    public Set<String> ofUser(Tx tx, String userId) {
        return Sql.in(tx)
                .select(GROUP_ID)
                .from(MEMBER.table())
                .where(USER_ID.eq(userId))
                .fetchSet(GROUP_ID);
    }

    public boolean isMember(Tx tx, String groupId, String userId) {
        return Sql.in(tx)
                .fetchExists(selectOne()
                        .from(MEMBER.table())
                        .where(GROUP_ID.eq(groupId).and(USER_ID.eq(userId))));
    }

    public void addMember(Tx tx, String groupId, String userId) {
        Sql.in(tx)
                .insertInto(MEMBER.table())
                .set(GROUP_ID, groupId)
                .set(USER_ID, userId)
                .onConflictDoNothing()
                .execute();
    }

    /** False when the user was not in the group. */
    public boolean removeMember(Tx tx, String groupId, String userId) {
        return Sql.in(tx)
                        .deleteFrom(MEMBER.table())
                        .where(GROUP_ID.eq(groupId).and(USER_ID.eq(userId)))
                        .execute()
                == 1;
    }

    /** Takes a user that goes out of every group. */
    public void forgetUser(Tx tx, String userId) {
        Sql.in(tx).deleteFrom(MEMBER.table()).where(USER_ID.eq(userId)).execute();
    }

    private static Group group(Record row) {
        return new Group(row.get(ID), row.get(DOMAIN_ID), row.get(NAME), row.get(DESCRIPTION), row.get(EXTRA));
    }
}

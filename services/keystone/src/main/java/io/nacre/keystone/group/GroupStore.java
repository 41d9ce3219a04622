package io.nacre.keystone.group;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Groups and memberships. */
public final class GroupStore {
    private static final Columns GROUP = Columns.of("keystone_group");
    private static final Field<String> ID = GROUP.text("id");
    private static final Field<String> NAME = GROUP.text("name");
    private static final Field<String> DOMAIN_ID = GROUP.text("domain_id");
    private static final Field<String> DESCRIPTION = GROUP.text("description");
    private static final Field<Map<String, @Nullable Object>> EXTRA =
            GROUP.json("extra", new TypeReference<Map<String, @Nullable Object>>() {});
    private static final Map<String, Field<?>> FILTERS = Map.of("name", NAME, "domain_id", DOMAIN_ID);

    private static final Columns MEMBERSHIP = Columns.of("keystone_membership");
    private static final Field<String> GROUP_ID = MEMBERSHIP.text("group_id");
    private static final Field<String> USER_ID = MEMBERSHIP.text("user_id");

    private final ExpiringMembershipStore expiring;

    public GroupStore(ExpiringMembershipStore expiring) {
        this.expiring = expiring;
    }

    public Optional<Group> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    public Group require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find group: " + id + "."));
    }

    public List<Group> list(Tx tx, List<Filter> filters) {
        return list(tx, Conditions.of(filters, FILTERS));
    }

    public List<Group> list(Tx tx, List<Filter> filters, int most) {
        return list(tx, Conditions.of(filters, FILTERS), most);
    }

    /** Those of the identifiers that exist and fit. */
    public List<Group> list(Tx tx, Collection<String> ids, List<Filter> filters) {
        return ids.isEmpty() ? List.of() : list(tx, ID.in(ids).and(Conditions.of(filters, FILTERS)));
    }

    private static List<Group> list(Tx tx, Condition condition) {
        return list(tx, condition, Integer.MAX_VALUE);
    }

    private static List<Group> list(Tx tx, Condition condition, int most) {
        return Sql.in(tx)
                .select(GROUP.all())
                .from(GROUP.table())
                .where(condition)
                .orderBy(NAME, ID)
                .limit(most)
                .fetch(GroupStore::group);
    }

    public void create(Tx tx, Group group) {
        requireFreeName(tx, group, " at domain ID " + group.domainId());
        Sql.in(tx)
                .insertInto(GROUP.table())
                .set(ID, group.id())
                .set(DOMAIN_ID, group.domainId())
                .set(changeable(group))
                .execute();
    }

    public void update(Tx tx, Group group) {
        requireFreeName(tx, group, "");
        Sql.in(tx)
                .update(GROUP.table())
                .set(changeable(group))
                .where(ID.eq(group.id()))
                .execute();
    }

    private static Map<Field<?>, @Nullable Object> changeable(Group group) {
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(NAME, group.name());
        values.put(DESCRIPTION, group.description());
        values.put(EXTRA, group.extra());
        return values;
    }

    private static void requireFreeName(Tx tx, Group group, String where) {
        list(tx, DOMAIN_ID.eq(group.domainId()).and(NAME.eq(group.name()))).stream()
                .filter(other -> !other.id().equals(group.id()))
                .findFirst()
                .ifPresent(other -> {
                    throw Fault.conflict(
                            "Conflict occurred attempting to store group - Duplicate entry found with name "
                                    + group.name() + where + ".");
                });
    }

    public void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(MEMBERSHIP.table()).where(GROUP_ID.eq(id)).execute();
        expiring.deleteOfGroup(tx, id);
        Sql.in(tx).deleteFrom(GROUP.table()).where(ID.eq(id)).execute();
    }

    /** Also those that an identity provider put the user in for a while. */
    public Set<String> groupsOf(Tx tx, String userId) {
        Set<String> all = lastingGroupsOf(tx, userId);
        all.addAll(expiring.ends(tx, userId).keySet());
        return all;
    }

    Set<String> lastingGroupsOf(Tx tx, String userId) {
        return new HashSet<>(Sql.in(tx)
                .select(GROUP_ID)
                .from(MEMBERSHIP.table())
                .where(USER_ID.eq(userId))
                .fetch(GROUP_ID));
    }

    /** Who is in it for good. */
    public List<String> members(Tx tx, String groupId) {
        return Sql.in(tx)
                .select(USER_ID)
                .from(MEMBERSHIP.table())
                .where(GROUP_ID.eq(groupId))
                .orderBy(USER_ID)
                .fetch(USER_ID);
    }

    /** Once more changes nothing. */
    public void join(Tx tx, String groupId, String userId) {
        if (!lastingGroupsOf(tx, userId).contains(groupId)) {
            Sql.in(tx)
                    .insertInto(MEMBERSHIP.table())
                    .set(GROUP_ID, groupId)
                    .set(USER_ID, userId)
                    .execute();
        }
    }

    /** Whether the user was in the group. */
    public boolean leave(Tx tx, String groupId, String userId) {
        return Sql.in(tx)
                        .deleteFrom(MEMBERSHIP.table())
                        .where(GROUP_ID.eq(groupId).and(USER_ID.eq(userId)))
                        .execute()
                == 1;
    }

    public void leaveAll(Tx tx, String userId) {
        Sql.in(tx).deleteFrom(MEMBERSHIP.table()).where(USER_ID.eq(userId)).execute();
        expiring.deleteOfUser(tx, userId);
    }

    private static Group group(Record row) {
        return new Group(row.get(ID), row.get(NAME), row.get(DOMAIN_ID), row.get(DESCRIPTION), row.get(EXTRA));
    }
}

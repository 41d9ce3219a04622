package io.nacre.keystone.role;

import static org.jooq.impl.DSL.selectOne;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Roles and their implications. */
public final class RoleStore {
    /** Stands for no domain: a unique key does not hold for nulls. */
    private static final String GLOBAL = "<<null>>";

    private static final Columns ROLE = Columns.of("keystone_role");
    private static final Field<String> ID = ROLE.text("id");
    private static final Field<String> NAME = ROLE.text("name");
    private static final Field<String> DOMAIN_ID = ROLE.text("domain_id");
    private static final Field<String> DESCRIPTION = ROLE.text("description");
    private static final Field<ObjectNode> OPTIONS = ROLE.json("options", ObjectNode.class);
    private static final Field<ObjectNode> EXTRA = ROLE.json("extra", ObjectNode.class);

    private static final Columns IMPLIED = Columns.of("keystone_implied_role");
    private static final Field<String> PRIOR_ID = IMPLIED.text("prior_role_id");
    private static final Field<String> IMPLIED_ID = IMPLIED.text("implied_role_id");

    /** The roles of a domain, or the global ones when it is null. */
    public List<Role> list(Tx tx, @Nullable String domainId, @Nullable String name) {
        Condition condition = DOMAIN_ID.eq(domainId == null ? GLOBAL : domainId);
        return fetch(tx, name == null ? condition : condition.and(NAME.eq(name)));
    }

    public Map<String, Role> byId(Tx tx, Collection<String> ids) {
        Map<String, Role> found = new LinkedHashMap<>();
        fetch(tx, ID.in(ids)).forEach(role -> found.put(role.id(), role));
        return found;
    }

    private static List<Role> fetch(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(ROLE.all())
                .from(ROLE.table())
                .where(condition)
                .orderBy(NAME)
                .fetch(RoleStore::role);
    }

    public Optional<Role> find(Tx tx, String id) {
        return fetch(tx, ID.eq(id)).stream().findFirst();
    }

    public Role require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find role: " + id + "."));
    }

    /** Faults with CONFLICT when the domain has a role of this name. */
    public void insert(Tx tx, Role role) {
        requireNameFree(tx, role);
        Sql.in(tx)
                .insertInto(ROLE.table())
                .set(ID, role.id())
                .set(NAME, role.name())
                .set(DOMAIN_ID, role.domainId() == null ? GLOBAL : role.domainId())
                .set(DESCRIPTION, role.description())
                .set(OPTIONS, role.options())
                .set(EXTRA, role.extra())
                .execute();
    }

    void update(Tx tx, Role role) {
        requireNameFree(tx, role);
        Sql.in(tx)
                .update(ROLE.table())
                .set(NAME, role.name())
                .set(DESCRIPTION, role.description())
                .set(OPTIONS, role.options())
                .set(EXTRA, role.extra())
                .where(ID.eq(role.id()))
                .execute();
    }

    private static void requireNameFree(Tx tx, Role role) {
        Condition same = DOMAIN_ID
                .eq(role.domainId() == null ? GLOBAL : role.domainId())
                .and(NAME.eq(role.name()))
                .and(ID.ne(role.id()));
        if (Sql.in(tx).fetchExists(selectOne().from(ROLE.table()).where(same))) {
            throw Fault.conflict("Conflict occurred attempting to store role - Duplicate entry found with name "
                    + role.name() + ".");
        }
    }

    /** Takes the role away with what it implies and what implies it; its assignments are the caller's to remove. */
    void delete(Tx tx, String id) {
        Sql.in(tx)
                .deleteFrom(IMPLIED.table())
                .where(PRIOR_ID.eq(id).or(IMPLIED_ID.eq(id)))
                .execute();
        Sql.in(tx).deleteFrom(ROLE.table()).where(ID.eq(id)).execute();
    }

    /** The roles of a domain that goes. */
    public void deleteOfDomain(Tx tx, String domainId) {
        list(tx, domainId, null).forEach(role -> delete(tx, role.id()));
    }

    /** Every implication there is: prior role to the roles it implies directly. */
    public Map<String, Set<String>> implications(Tx tx) {
        Map<String, Set<String>> found = new TreeMap<>();
        Sql.in(tx)
                .select(IMPLIED.all())
                .from(IMPLIED.table())
                .forEach(row -> found.computeIfAbsent(row.get(PRIOR_ID), id -> new TreeSet<>())
                        .add(row.get(IMPLIED_ID)));
        return found;
    }

    /** These roles and all that they bring with them, however far. */
    public static Set<String> closure(Collection<String> roleIds, Map<String, Set<String>> implications) {
        Set<String> reached = new LinkedHashSet<>(roleIds);
        ArrayDeque<String> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            for (String implied : implications.getOrDefault(open.poll(), Set.of())) {
                if (reached.add(implied)) {
                    open.add(implied);
                }
            }
        }
        return reached;
    }

    public void imply(Tx tx, String priorId, String impliedId) {
        Sql.in(tx)
                .insertInto(IMPLIED.table())
                .set(PRIOR_ID, priorId)
                .set(IMPLIED_ID, impliedId)
                .onConflictDoNothing()
                .execute();
    }

    /** False when it was not there. */
    boolean endImplication(Tx tx, String priorId, String impliedId) {
        return Sql.in(tx)
                        .deleteFrom(IMPLIED.table())
                        .where(PRIOR_ID.eq(priorId).and(IMPLIED_ID.eq(impliedId)))
                        .execute()
                == 1;
    }

    /** Every role of any domain, for names in listings. */
    public List<Role> all(Tx tx) {
        return fetch(tx, DSL.noCondition());
    }

    private static Role role(Record row) {
        String domainId = row.get(DOMAIN_ID);
        return new Role(
                row.get(ID),
                row.get(NAME),
                domainId.equals(GLOBAL) ? null : domainId,
                row.get(DESCRIPTION),
                row.get(OPTIONS),
                row.get(EXTRA));
    }
}

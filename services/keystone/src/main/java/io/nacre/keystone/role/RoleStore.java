package io.nacre.keystone.role;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** Roles and their implications. */
public final class RoleStore {
    private static final TypeReference<Map<String, @Nullable Object>> MAP = new TypeReference<>() {};

    private static final Columns ROLE = Columns.of("keystone_role");
    private static final Field<String> ID = ROLE.text("id");
    private static final Field<String> NAME = ROLE.text("name");
    private static final Field<String> DOMAIN_ID = ROLE.text("domain_id");
    private static final Field<String> DESCRIPTION = ROLE.text("description");
    private static final Field<Map<String, @Nullable Object>> OPTIONS = ROLE.json("options", MAP);
    private static final Field<Map<String, @Nullable Object>> EXTRA = ROLE.json("extra", MAP);
    private static final Map<String, Field<?>> FILTERS = Map.of("name", NAME, "domain_id", DOMAIN_ID);

    private static final Columns IMPLIED = Columns.of("keystone_implied_role");
    private static final Field<String> PRIOR_ID = IMPLIED.text("prior_role_id");
    private static final Field<String> IMPLIED_ID = IMPLIED.text("implied_role_id");

    private static final String NO_DOMAIN = "";

    public Optional<Role> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    public Role require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find role: " + id + "."));
    }

    /** A role of the whole deployment. */
    public Optional<Role> findByName(Tx tx, String name) {
        return list(tx, DOMAIN_ID.eq(NO_DOMAIN).and(NAME.eq(name))).stream().findFirst();
    }

    /**
     * The identifiers of roles as bodies name them, by {@code id} or {@code name}, each once; the former need not be
     * there.
     */
    public List<String> named(Tx tx, JsonNode sent) {
        Set<String> ids = new LinkedHashSet<>();
        for (JsonNode role : sent) {
            JsonNode name = role.get("name");
            ids.add(
                    name == null
                            ? role.get("id").asString()
                            : findByName(tx, name.asString())
                                    .orElseThrow(() -> Fault.notFound("Role " + name.asString() + " is not defined"))
                                    .id());
        }
        return List.copyOf(ids);
    }

    /** Those of one domain, or those of the whole deployment when the domain is null. */
    public List<Role> list(Tx tx, @Nullable String domainId, List<Filter> filters) {
        return list(tx, DOMAIN_ID.eq(domainId == null ? NO_DOMAIN : domainId).and(Conditions.of(filters, FILTERS)));
    }

    public List<Role> list(Tx tx, @Nullable String domainId, List<Filter> filters, int most) {
        return list(
                tx, DOMAIN_ID.eq(domainId == null ? NO_DOMAIN : domainId).and(Conditions.of(filters, FILTERS)), most);
    }

    public RoleGraph graph(Tx tx) {
        Map<String, Role> roles = new HashMap<>();
        list(tx, DSL.noCondition()).forEach(role -> roles.put(role.id(), role));
        Map<String, Set<String>> implied = new HashMap<>();
        Sql.in(tx)
                .select(PRIOR_ID, IMPLIED_ID)
                .from(IMPLIED.table())
                .forEach(row -> implied.computeIfAbsent(row.value1(), id -> new TreeSet<>())
                        .add(row.value2()));
        return new RoleGraph(roles, implied);
    }

    private static List<Role> list(Tx tx, Condition condition) {
        return list(tx, condition, Integer.MAX_VALUE);
    }

    private static List<Role> list(Tx tx, Condition condition, int most) {
        return Sql.in(tx)
                .select(ROLE.all())
                .from(ROLE.table())
                .where(condition)
                .orderBy(NAME, ID)
                .limit(most)
                .fetch(RoleStore::role);
    }

    public void create(Tx tx, Role role) {
        requireFreeName(tx, role);
        Sql.in(tx)
                .insertInto(ROLE.table())
                .set(ID, role.id())
                .set(DOMAIN_ID, role.domainId() == null ? NO_DOMAIN : role.domainId())
                .set(changeable(role))
                .execute();
    }

    public void update(Tx tx, Role role) {
        requireFreeName(tx, role);
        Sql.in(tx)
                .update(ROLE.table())
                .set(changeable(role))
                .where(ID.eq(role.id()))
                .execute();
    }

    private static Map<Field<?>, @Nullable Object> changeable(Role role) {
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(NAME, role.name());
        values.put(DESCRIPTION, role.description());
        values.put(OPTIONS, role.options());
        values.put(EXTRA, role.extra());
        return values;
    }

    private static void requireFreeName(Tx tx, Role role) {
        String domain = role.domainId() == null ? NO_DOMAIN : role.domainId();
        list(tx, DOMAIN_ID.eq(domain).and(NAME.eq(role.name()))).stream()
                .filter(other -> !other.id().equals(role.id()))
                .findFirst()
                .ifPresent(other -> {
                    throw Fault.conflict("Conflict occurred attempting to store role - Duplicate entry found with name "
                            + role.name() + (role.domainId() == null ? "." : " at domain ID " + domain + "."));
                });
    }

    public void delete(Tx tx, String id) {
        Sql.in(tx)
                .deleteFrom(IMPLIED.table())
                .where(PRIOR_ID.eq(id).or(IMPLIED_ID.eq(id)))
                .execute();
        Sql.in(tx).deleteFrom(ROLE.table()).where(ID.eq(id)).execute();
    }

    /** Once more changes nothing. */
    public void imply(Tx tx, String priorId, String impliedId) {
        if (!graph(tx).implied().getOrDefault(priorId, Set.of()).contains(impliedId)) {
            Sql.in(tx)
                    .insertInto(IMPLIED.table())
                    .set(PRIOR_ID, priorId)
                    .set(IMPLIED_ID, impliedId)
                    .execute();
        }
    }

    /** Whether the one implied the other. */
    public boolean unimply(Tx tx, String priorId, String impliedId) {
        return Sql.in(tx)
                        .deleteFrom(IMPLIED.table())
                        .where(PRIOR_ID.eq(priorId).and(IMPLIED_ID.eq(impliedId)))
                        .execute()
                == 1;
    }

    private static Role role(Record row) {
        String domainId = row.get(DOMAIN_ID);
        return new Role(
                row.get(ID),
                row.get(NAME),
                domainId.equals(NO_DOMAIN) ? null : domainId,
                row.get(DESCRIPTION),
                row.get(OPTIONS),
                row.get(EXTRA));
    }
}

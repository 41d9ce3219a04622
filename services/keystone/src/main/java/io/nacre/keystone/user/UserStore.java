package io.nacre.keystone.user;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Users. */
public final class UserStore {
    private static final TypeReference<Map<String, @Nullable Object>> MAP = new TypeReference<>() {};

    private static final Columns USER = Columns.of("keystone_user");
    private static final Field<String> ID = USER.text("id");
    private static final Field<String> NAME = USER.text("name");
    private static final Field<String> DOMAIN_ID = USER.text("domain_id");
    private static final Field<Boolean> ENABLED = USER.bool("enabled");
    private static final Field<String> DEFAULT_PROJECT_ID = USER.text("default_project_id");
    private static final Field<String> PASSWORD_HASH = USER.text("password_hash");
    private static final Field<Instant> PASSWORD_EXPIRES_AT = USER.instant("password_expires_at");
    private static final Field<Instant> CREATED_AT = USER.instant("created_at");
    private static final Field<Map<String, @Nullable Object>> OPTIONS = USER.json("options", MAP);
    private static final Field<Map<String, @Nullable Object>> EXTRA = USER.json("extra", MAP);
    private static final Map<String, Field<?>> FILTERS =
            Map.of("name", NAME, "domain_id", DOMAIN_ID, "enabled", ENABLED);

    public Optional<User> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    public User require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find user: " + id + "."));
    }

    public Optional<User> findByName(Tx tx, String domainId, String name) {
        return list(tx, DOMAIN_ID.eq(domainId).and(NAME.eq(name))).stream().findFirst();
    }

    public List<User> list(Tx tx, List<Filter> filters) {
        return list(tx, Conditions.of(filters, FILTERS));
    }

    /** Those of the identifiers that exist and fit. */
    public List<User> list(Tx tx, Collection<String> ids, List<Filter> filters) {
        return ids.isEmpty() ? List.of() : list(tx, ID.in(ids).and(Conditions.of(filters, FILTERS)));
    }

    private static List<User> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(USER.all())
                .from(USER.table())
                .where(condition)
                .orderBy(NAME, ID)
                .fetch(UserStore::user);
    }

    public void create(Tx tx, User user) {
        requireFreeName(tx, user);
        Sql.in(tx)
                .insertInto(USER.table())
                .set(ID, user.id())
                .set(DOMAIN_ID, user.domainId())
                .set(CREATED_AT, user.createdAt())
                .set(changeable(user))
                .execute();
    }

    public void update(Tx tx, User user) {
        requireFreeName(tx, user);
        Sql.in(tx)
                .update(USER.table())
                .set(changeable(user))
                .where(ID.eq(user.id()))
                .execute();
    }

    private static Map<Field<?>, @Nullable Object> changeable(User user) {
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(NAME, user.name());
        values.put(ENABLED, user.enabled());
        values.put(DEFAULT_PROJECT_ID, user.defaultProjectId());
        values.put(PASSWORD_HASH, user.passwordHash());
        values.put(PASSWORD_EXPIRES_AT, user.passwordExpiresAt());
        values.put(OPTIONS, user.options());
        values.put(EXTRA, user.extra());
        return values;
    }

    private static void requireFreeName(Tx tx, User user) {
        list(tx, DOMAIN_ID.eq(user.domainId()).and(NAME.eq(user.name()))).stream()
                .filter(other -> !other.id().equals(user.id()))
                .findFirst()
                .ifPresent(other -> {
                    throw Fault.conflict("Conflict occurred attempting to store user - Duplicate entry found with name "
                            + user.name() + " at domain ID " + user.domainId() + ".");
                });
    }

    /** A project that is gone is nobody's default project. */
    public void forgetDefaultProject(Tx tx, String projectId) {
        Sql.in(tx)
                .update(USER.table())
                .setNull(DEFAULT_PROJECT_ID)
                .where(DEFAULT_PROJECT_ID.eq(projectId))
                .execute();
    }

    public void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(USER.table()).where(ID.eq(id)).execute();
    }

    private static User user(Record row) {
        return new User(
                row.get(ID),
                row.get(NAME),
                row.get(DOMAIN_ID),
                row.get(ENABLED),
                row.get(DEFAULT_PROJECT_ID),
                row.get(PASSWORD_HASH),
                row.get(PASSWORD_EXPIRES_AT),
                row.get(CREATED_AT),
                row.get(OPTIONS),
                row.get(EXTRA));
    }
}

package io.nacre.keystone.user;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
    private static final Field<Instant> PASSWORD_CREATED_AT = USER.instant("password_created_at");
    private static final Field<Boolean> PASSWORD_SELF_SERVICE = USER.bool("password_self_service");
    private static final Field<Instant> CREATED_AT = USER.instant("created_at");
    private static final Field<Instant> LAST_ACTIVE_AT = USER.instant("last_active_at");
    private static final Field<Map<String, @Nullable Object>> OPTIONS = USER.json("options", MAP);
    private static final Field<Map<String, @Nullable Object>> EXTRA = USER.json("extra", MAP);
    private static final Map<String, Field<?>> FILTERS = Map.of(
            "name", NAME, "domain_id", DOMAIN_ID, "enabled", ENABLED, "password_expires_at", PASSWORD_EXPIRES_AT);

    private final int daysInactive;
    private final InstantSource clock;

    /** @param daysInactive after so many days without a login by password a user counts as disabled; 0 for never */
    public UserStore(int daysInactive, InstantSource clock) {
        this.daysInactive = daysInactive;
        this.clock = clock;
    }

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

    /** @param filters also on {@code idp_id}, {@code protocol_id} and {@code unique_id}, as providers know a user */
    public List<User> list(Tx tx, List<Filter> filters, int most) {
        Map<Boolean, List<Filter>> parts =
                filters.stream().collect(Collectors.partitioningBy(FederatedUserStore::knows));
        List<Filter> elsewhere = parts.getOrDefault(true, List.of());
        Condition own = Conditions.of(parts.getOrDefault(false, List.of()), FILTERS);
        return list(tx, elsewhere.isEmpty() ? own : own.and(ID.in(FederatedUserStore.userIds(elsewhere))), most);
    }

    /** Those of the identifiers that exist and fit. */
    public List<User> list(Tx tx, Collection<String> ids, List<Filter> filters) {
        return ids.isEmpty() ? List.of() : list(tx, ID.in(ids).and(Conditions.of(filters, FILTERS)));
    }

    private List<User> list(Tx tx, Condition condition) {
        return list(tx, condition, Integer.MAX_VALUE);
    }

    private List<User> list(Tx tx, Condition condition, int most) {
        return Sql.in(tx)
                .select(USER.all())
                .from(USER.table())
                .where(condition)
                .orderBy(NAME, ID)
                .limit(most)
                .fetch(this::user);
    }

    public void create(Tx tx, User user) {
        requireFreeName(tx, user, " at domain ID " + user.domainId());
        Sql.in(tx)
                .insertInto(USER.table())
                .set(ID, user.id())
                .set(DOMAIN_ID, user.domainId())
                .set(CREATED_AT, user.createdAt())
                .set(changeable(user))
                .execute();
    }

    public void update(Tx tx, User user) {
        requireFreeName(tx, user, "");
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
        Password password = user.password();
        values.put(PASSWORD_HASH, password == null ? null : password.hash());
        values.put(PASSWORD_CREATED_AT, password == null ? null : password.createdAt());
        values.put(PASSWORD_EXPIRES_AT, password == null ? null : password.expiresAt());
        values.put(PASSWORD_SELF_SERVICE, password == null ? null : password.selfService());
        values.put(LAST_ACTIVE_AT, user.lastActiveAt());
        values.put(OPTIONS, user.options());
        values.put(EXTRA, user.extra());
        return values;
    }

    private void requireFreeName(Tx tx, User user, String where) {
        list(tx, DOMAIN_ID.eq(user.domainId()).and(NAME.eq(user.name()))).stream()
                .filter(other -> !other.id().equals(user.id()))
                .findFirst()
                .ifPresent(other -> {
                    throw Fault.conflict("Conflict occurred attempting to store user - Duplicate entry found with name "
                            + user.name() + where + ".");
                });
    }

    /** @param day of a login by password */
    void active(Tx tx, String id, Instant day) {
        Sql.in(tx)
                .update(USER.table())
                .set(LAST_ACTIVE_AT, day)
                .where(ID.eq(id))
                .execute();
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

    private User user(Record row) {
        String hash = row.get(PASSWORD_HASH);
        User user = new User(
                row.get(ID),
                row.get(NAME),
                row.get(DOMAIN_ID),
                row.get(ENABLED),
                row.get(DEFAULT_PROJECT_ID),
                hash == null
                        ? null
                        : new Password(
                                hash,
                                row.get(PASSWORD_CREATED_AT),
                                row.get(PASSWORD_EXPIRES_AT),
                                row.get(PASSWORD_SELF_SERVICE)),
                row.get(CREATED_AT),
                row.get(LAST_ACTIVE_AT),
                row.get(OPTIONS),
                row.get(EXTRA));
        return daysInactive > 0 && user.isInactive(daysInactive, clock.instant()) ? user.disabled() : user;
    }
}

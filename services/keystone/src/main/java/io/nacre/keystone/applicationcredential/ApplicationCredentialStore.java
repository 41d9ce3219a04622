package io.nacre.keystone.applicationcredential;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.applicationcredential.ApplicationCredential.AccessRule;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Application credentials and the access rules of users. */
public final class ApplicationCredentialStore {
    private static final Columns CREDENTIAL = Columns.of("keystone_application_credential");
    private static final Field<String> ID = CREDENTIAL.text("id");
    private static final Field<String> NAME = CREDENTIAL.text("name");
    private static final Field<String> USER_ID = CREDENTIAL.text("user_id");
    private static final Field<String> PROJECT_ID = CREDENTIAL.text("project_id");
    private static final Field<String> SECRET_HASH = CREDENTIAL.text("secret_hash");
    private static final Field<String> DESCRIPTION = CREDENTIAL.text("description");
    private static final Field<Instant> EXPIRES_AT = CREDENTIAL.instant("expires_at");
    private static final Field<Boolean> UNRESTRICTED = CREDENTIAL.bool("unrestricted");
    private static final Field<List<String>> ROLE_IDS = CREDENTIAL.strings("role_ids");
    private static final Field<List<String>> ACCESS_RULE_IDS = CREDENTIAL.strings("access_rule_ids");
    private static final Field<String> TRUST_ID = CREDENTIAL.text("trust_id");
    private static final Map<String, Field<?>> FILTERS = Map.of("name", NAME);

    private static final Columns RULE = Columns.of("keystone_access_rule");
    private static final Field<String> RULE_ID = RULE.text("id");
    private static final Field<String> RULE_USER_ID = RULE.text("user_id");
    private static final Field<String> SERVICE = RULE.text("service");
    private static final Field<String> PATH = RULE.text("path");
    private static final Field<String> METHOD = RULE.text("method");
    private static final Map<String, Field<?>> RULE_FILTERS =
            Map.of("service", SERVICE, "path", PATH, "method", METHOD);

    public Optional<ApplicationCredential> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    ApplicationCredential require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find Application Credential: " + id + "."));
    }

    public Optional<ApplicationCredential> findByName(Tx tx, String userId, String name) {
        return list(tx, USER_ID.eq(userId).and(NAME.eq(name))).stream().findFirst();
    }

    List<ApplicationCredential> list(Tx tx, String userId, List<Filter> filters) {
        return list(tx, USER_ID.eq(userId).and(Conditions.of(filters, FILTERS)));
    }

    private List<ApplicationCredential> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(CREDENTIAL.all())
                .from(CREDENTIAL.table())
                .where(condition)
                .orderBy(NAME, ID)
                .fetch()
                .map(row -> credential(tx, row));
    }

    void create(Tx tx, ApplicationCredential credential) {
        if (findByName(tx, credential.userId(), credential.name()).isPresent()) {
            throw Fault.conflict("Conflict occurred attempting to store application_credential - Duplicate entry found"
                    + " with name " + credential.name() + ".");
        }
        Sql.in(tx)
                .insertInto(CREDENTIAL.table())
                .set(ID, credential.id())
                .set(NAME, credential.name())
                .set(USER_ID, credential.userId())
                .set(PROJECT_ID, credential.projectId())
                .set(SECRET_HASH, credential.secretHash())
                .set(DESCRIPTION, credential.description())
                .set(EXPIRES_AT, credential.expiresAt())
                .set(UNRESTRICTED, credential.unrestricted())
                .set(ROLE_IDS, credential.roleIds())
                .set(
                        ACCESS_RULE_IDS,
                        credential.accessRules() == null
                                ? null
                                : credential.accessRules().stream()
                                        .map(AccessRule::id)
                                        .toList())
                .set(TRUST_ID, credential.trustId())
                .execute();
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(CREDENTIAL.table()).where(ID.eq(id)).execute();
    }

    public void deleteOfUser(Tx tx, String userId) {
        Sql.in(tx).deleteFrom(CREDENTIAL.table()).where(USER_ID.eq(userId)).execute();
        Sql.in(tx).deleteFrom(RULE.table()).where(RULE_USER_ID.eq(userId)).execute();
    }

    public void deleteOfProject(Tx tx, String projectId) {
        Sql.in(tx)
                .deleteFrom(CREDENTIAL.table())
                .where(PROJECT_ID.eq(projectId))
                .execute();
    }

    /** When a user loses a role on a project, the credentials made there go too. */
    public void deleteOfUserOnProject(Tx tx, String userId, String projectId) {
        Sql.in(tx)
                .deleteFrom(CREDENTIAL.table())
                .where(USER_ID.eq(userId).and(PROJECT_ID.eq(projectId)))
                .execute();
    }

    List<AccessRule> rules(Tx tx, String userId, List<Filter> filters) {
        return rules(tx, RULE_USER_ID.eq(userId).and(Conditions.of(filters, RULE_FILTERS)));
    }

    Optional<AccessRule> findRule(Tx tx, String userId, String id) {
        return rules(tx, RULE_USER_ID.eq(userId).and(RULE_ID.eq(id))).stream().findFirst();
    }

    private static List<AccessRule> rules(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(RULE.all())
                .from(RULE.table())
                .where(condition)
                .orderBy(RULE_ID)
                .fetch(ApplicationCredentialStore::rule);
    }

    /** The user's rule that says the same when there is one. */
    AccessRule createRule(Tx tx, String userId, AccessRule rule) {
        Optional<AccessRule> same = rules(tx, RULE_USER_ID.eq(userId)).stream()
                .filter(other -> Objects.equals(other.service(), rule.service())
                        && Objects.equals(other.path(), rule.path())
                        && Objects.equals(other.method(), rule.method()))
                .findFirst();
        if (same.isPresent()) {
            return same.get();
        }
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(RULE_ID, rule.id());
        values.put(RULE_USER_ID, userId);
        values.put(SERVICE, rule.service());
        values.put(PATH, rule.path());
        values.put(METHOD, rule.method());
        Sql.in(tx).insertInto(RULE.table()).set(values).execute();
        return rule;
    }

    void deleteRule(Tx tx, String userId, String id) {
        boolean used = list(tx, USER_ID.eq(userId)).stream()
                .anyMatch(credential -> credential.accessRules() != null
                        && credential.accessRules().stream()
                                .anyMatch(rule -> rule.id().equals(id)));
        if (used) {
            throw Fault.forbidden("May not delete access rule in use");
        }
        Sql.in(tx)
                .deleteFrom(RULE.table())
                .where(RULE_USER_ID.eq(userId).and(RULE_ID.eq(id)))
                .execute();
    }

    private static AccessRule rule(Record row) {
        return new AccessRule(row.get(RULE_ID), row.get(SERVICE), row.get(PATH), row.get(METHOD));
    }

    private static ApplicationCredential credential(Tx tx, Record row) {
        List<String> ruleIds = row.get(ACCESS_RULE_IDS);
        return new ApplicationCredential(
                row.get(ID),
                row.get(NAME),
                row.get(USER_ID),
                row.get(PROJECT_ID),
                row.get(SECRET_HASH),
                row.get(DESCRIPTION),
                row.get(EXPIRES_AT),
                row.get(UNRESTRICTED),
                row.get(ROLE_IDS),
                ruleIds == null ? null : rules(tx, RULE_ID.in(ruleIds)),
                row.get(TRUST_ID));
    }
}

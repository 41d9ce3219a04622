package io.nacre.keystone.domainconfig;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.fernet.Sealing;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What is set for domains; secrets in a table of their own, sealed. */
public final class DomainConfigStore {
    private static final Columns OPTION = Columns.of("keystone_domain_option");
    private static final Names OPTIONS = Names.in(OPTION);
    private static final Field<Object> VALUE = OPTION.json("value", Object.class);

    private static final Columns SECRET = Columns.of("keystone_domain_secret");
    private static final Names SECRETS = Names.in(SECRET);
    private static final Field<String> SEALED = SECRET.text("sealed");

    private final Sealing sealing;

    /** The columns that name an option. */
    private record Names(Columns table, Field<String> domainId, Field<String> group, Field<String> name) {
        static Names in(Columns table) {
            return new Names(table, table.text("domain_id"), table.text("option_group"), table.text("name"));
        }

        /**
         * @param wantedGroup null for all
         * @param wantedName null for all of the group
         */
        Condition of(String domain, @Nullable String wantedGroup, @Nullable String wantedName) {
            return domainId.eq(domain)
                    .and(wantedGroup == null ? DSL.noCondition() : group.eq(wantedGroup))
                    .and(wantedName == null ? DSL.noCondition() : name.eq(wantedName));
        }
    }

    public DomainConfigStore(Sealing sealing) {
        this.sealing = sealing;
    }

    /** What is no secret, by group and name. */
    Map<String, Map<String, Object>> shown(Tx tx, String domainId) {
        Map<String, Map<String, Object>> found = new TreeMap<>();
        Sql.in(tx)
                .select(OPTION.all())
                .from(OPTION.table())
                .where(OPTIONS.of(domainId, null, null))
                .forEach(row -> found.computeIfAbsent(row.get(OPTIONS.group), group -> new TreeMap<>())
                        .put(row.get(OPTIONS.name), row.get(VALUE)));
        return found;
    }

    /** Secrets, by group and name. */
    Map<String, Map<String, String>> secrets(Tx tx, String domainId) {
        Map<String, Map<String, String>> found = new TreeMap<>();
        Sql.in(tx)
                .select(SECRET.all())
                .from(SECRET.table())
                .where(SECRETS.of(domainId, null, null))
                .forEach(row -> found.computeIfAbsent(row.get(SECRETS.group), group -> new TreeMap<>())
                        .put(row.get(SECRETS.name), sealing.open(row.get(SEALED))));
        return found;
    }

    /** All that is set, secrets included; a text may name a secret as {@code %(password)s}. */
    public Map<String, Map<String, Object>> whole(Tx tx, String domainId) {
        Map<String, Map<String, Object>> whole = shown(tx, domainId);
        secrets(tx, domainId).forEach((group, secrets) -> {
            Map<String, Object> options = whole.computeIfAbsent(group, name -> new TreeMap<>());
            options.replaceAll((name, value) -> value instanceof String text ? filled(text, secrets) : value);
            options.putAll(secrets);
        });
        return whole;
    }

    private static String filled(String text, Map<String, String> secrets) {
        String filled = text;
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            filled = filled.replace("%(" + secret.getKey() + ")s", secret.getValue());
        }
        return filled;
    }

    boolean exists(Tx tx, String domainId, @Nullable String group, @Nullable String name) {
        return exists(tx, OPTIONS, domainId, group, name) || exists(tx, SECRETS, domainId, group, name);
    }

    private static boolean exists(Tx tx, Names in, String domainId, @Nullable String group, @Nullable String name) {
        return Sql.in(tx).fetchExists(DSL.selectOne().from(in.table.table()).where(in.of(domainId, group, name)));
    }

    /** In place of the value that it had. */
    void put(Tx tx, String domainId, Option option, Object value) {
        delete(tx, domainId, option.group(), option.name());
        if (option.secret()) {
            Sql.in(tx)
                    .insertInto(SECRET.table())
                    .set(SECRETS.domainId, domainId)
                    .set(SECRETS.group, option.group())
                    .set(SECRETS.name, option.name())
                    .set(SEALED, sealing.seal(value.toString()))
                    .execute();
        } else {
            Sql.in(tx)
                    .insertInto(OPTION.table())
                    .set(OPTIONS.domainId, domainId)
                    .set(OPTIONS.group, option.group())
                    .set(OPTIONS.name, option.name())
                    .set(VALUE, value)
                    .execute();
        }
    }

    /**
     * @param group null for all
     * @param name null for all of the group
     */
    void delete(Tx tx, String domainId, @Nullable String group, @Nullable String name) {
        for (Names in : List.of(OPTIONS, SECRETS)) {
            Sql.in(tx)
                    .deleteFrom(in.table.table())
                    .where(in.of(domainId, group, name))
                    .execute();
        }
    }

    public void deleteOfDomain(Tx tx, String domainId) {
        delete(tx, domainId, null, null);
    }
}

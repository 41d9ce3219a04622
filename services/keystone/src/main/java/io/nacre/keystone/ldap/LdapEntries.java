package io.nacre.keystone.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What entries are looked for, and what they mean. */
final class LdapEntries {
    /** As long as names and identifiers may be. */
    private static final int LONGEST = 255;

    private final LdapConfig config;
    private final Filter people;
    private final Filter teams;

    /** @throws IllegalArgumentException when a filter of the settings is none */
    LdapEntries(LdapConfig config) {
        this.config = config;
        people = filter("user_filter", config.users());
        teams = filter("group_filter", config.groups());
    }

    private static Filter filter(String option, LdapConfig.Tree tree) {
        try {
            return Filter.create(
                    "(&" + tree.filter() + "(objectClass=" + tree.objectClass() + ")(" + tree.id() + "=*))");
        } catch (LDAPException e) {
            throw new IllegalArgumentException(option + " is not a filter", e);
        }
    }

    Filter people(@Nullable Filter more) {
        return more == null ? people : Filter.createANDFilter(people, more);
    }

    Filter teams(@Nullable Filter more) {
        return more == null ? teams : Filter.createANDFilter(teams, more);
    }

    List<String> personAttributes() {
        LdapConfig.Tree tree = config.users();
        return named(
                tree.id(),
                tree.name(),
                tree.description(),
                config.mail(),
                config.defaultProject(),
                config.enabled().attribute());
    }

    List<String> teamAttributes() {
        LdapConfig.Tree tree = config.groups();
        return named(
                tree.id(), tree.name(), tree.description(), config.members().attribute());
    }

    private static List<String> named(@Nullable String... attributes) {
        return Arrays.stream(attributes)
                .filter(name -> name != null && !name.isEmpty())
                .map(String::valueOf)
                .distinct()
                .toList();
    }

    /**
     * Empty when the entry has no name or identifier that can be used.
     *
     * @param allowed the group of those who may log in; null when the entry itself tells
     */
    Optional<Person> person(Entry entry, @Nullable Entry allowed) {
        LdapConfig.Tree tree = config.users();
        String id = id(entry, tree);
        String name = value(entry, tree.name());
        if (id == null || name == null || name.isBlank() || name.length() > LONGEST) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> extra = new LinkedHashMap<>();
        put(extra, "description", value(entry, tree.description()));
        put(extra, "email", value(entry, config.mail()));
        String project = config.defaultProject();
        return Optional.of(new Person(
                entry.getDN(),
                id,
                name,
                allowed == null ? isEnabled(entry) : isAmong(entry, id, allowed),
                project == null ? null : value(entry, project),
                extra));
    }

    private static void put(Map<String, @Nullable Object> extra, String name, @Nullable String value) {
        if (value != null) {
            extra.put(name, value);
        }
    }

    /** Empty when the entry has no name or identifier that can be used. */
    Optional<Team> team(Entry entry) {
        LdapConfig.Tree tree = config.groups();
        String id = id(entry, tree);
        String name = value(entry, tree.name());
        if (id == null || name == null || name.isBlank() || name.length() > LONGEST) {
            return Optional.empty();
        }
        return Optional.of(new Team(
                entry.getDN(),
                id,
                name,
                value(entry, tree.description()),
                values(entry, config.members().attribute(), config.members().areIds())));
    }

    /** The value of the attribute; that in the DN when there are several. */
    private static @Nullable String id(Entry entry, LdapConfig.Tree tree) {
        String[] values = entry.getAttributeValues(tree.id());
        if (values == null || values.length == 0) {
            return null;
        }
        String id = values.length == 1 ? values[0] : rdn(entry, tree.id(), values[0]);
        return id.isEmpty() || id.length() > LONGEST ? null : id;
    }

    private static String rdn(Entry entry, String attribute, String otherwise) {
        try {
            RDN first = entry.getRDN();
            return first != null && first.hasAttribute(attribute) ? first.getAttributeValues()[0] : otherwise;
        } catch (LDAPException e) {
            return otherwise;
        }
    }

    private static @Nullable String value(Entry entry, String attribute) {
        return attribute.isEmpty() ? null : entry.getAttributeValue(attribute);
    }

    private static Set<String> values(Entry entry, String attribute, boolean asTheyAre) {
        String[] values = entry.getAttributeValues(attribute);
        UnaryOperator<String> form = asTheyAre ? UnaryOperator.identity() : LdapEntries::normal;
        return values == null ? Set.of() : Stream.of(values).map(form).collect(Collectors.toUnmodifiableSet());
    }

    private boolean isAmong(Entry entry, String id, Entry allowed) {
        LdapConfig.Enabled enabled = config.enabled();
        return values(allowed, enabled.groupAttribute(), enabled.groupHasIds())
                .contains(enabled.groupHasIds() ? id : normal(entry.getDN()));
    }

    private boolean isEnabled(Entry entry) {
        LdapConfig.Enabled enabled = config.enabled();
        String told = value(entry, enabled.attribute());
        String value = told == null ? enabled.otherwise() : told.trim();
        if (enabled.mask() != 0) {
            return value.matches("-?\\d{1,10}") && (Long.parseLong(value) & enabled.mask()) != enabled.mask();
        }
        return enabled.attribute().isEmpty() || value.toLowerCase(Locale.ROOT).equals("true") != enabled.invert();
    }

    /** DNs are compared by this, since there are many ways to write one. */
    static String normal(String dn) {
        try {
            return DN.normalize(dn);
        } catch (LDAPException e) {
            return dn;
        }
    }
}

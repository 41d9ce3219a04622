package io.nacre.keystone.domainconfig;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.keystone.domainconfig.Option.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that may be set for a domain, with the defaults of the original. */
public final class Options {
    public static final String IDENTITY = "identity";
    public static final String LDAP = "ldap";

    private static final Map<String, Map<String, Option>> ALL = all();

    private Options() {}

    private static Map<String, Map<String, Option>> all() {
        Map<String, Map<String, Option>> all = new LinkedHashMap<>();
        Stream.of(identity(), connection(), users(), groups())
                .flatMap(List::stream)
                .forEach(option -> all.computeIfAbsent(option.group(), group -> new LinkedHashMap<>())
                        .put(option.name(), option));
        return all;
    }

    private static List<Option> identity() {
        return List.of(
                Option.of(IDENTITY, "driver", Kind.TEXT, "sql"), Option.of(IDENTITY, "list_limit", Kind.INTEGER, null));
    }

    private static List<Option> connection() {
        return List.of(
                Option.of(LDAP, "url", Kind.TEXT, "ldap://localhost"),
                Option.of(LDAP, "user", Kind.TEXT, null),
                Option.secret(LDAP, "password"),
                Option.of(LDAP, "suffix", Kind.TEXT, "cn=example,cn=com"),
                Option.choice(LDAP, "query_scope", "one", "one", "sub"),
                Option.of(LDAP, "page_size", Kind.INTEGER, 0),
                Option.choice(
                        LDAP, "alias_dereferencing", "default", "never", "searching", "always", "finding", "default"),
                Option.of(LDAP, "debug_level", Kind.INTEGER, null),
                Option.of(LDAP, "chase_referrals", Kind.FLAG, null),
                Option.of(LDAP, "tls_cacertfile", Kind.TEXT, null),
                Option.of(LDAP, "tls_cacertdir", Kind.TEXT, null),
                Option.of(LDAP, "use_tls", Kind.FLAG, false),
                Option.choice(LDAP, "tls_req_cert", "demand", "demand", "never", "allow"),
                Option.of(LDAP, "connection_timeout", Kind.INTEGER, -1),
                Option.of(LDAP, "use_pool", Kind.FLAG, true),
                Option.of(LDAP, "pool_size", Kind.INTEGER, 10),
                Option.of(LDAP, "pool_retry_max", Kind.INTEGER, 3),
                Option.of(LDAP, "pool_retry_delay", Kind.NUMBER, 0.1),
                Option.of(LDAP, "pool_connection_timeout", Kind.INTEGER, -1),
                Option.of(LDAP, "pool_connection_lifetime", Kind.INTEGER, 600),
                Option.of(LDAP, "use_auth_pool", Kind.FLAG, true),
                Option.of(LDAP, "auth_pool_size", Kind.INTEGER, 100),
                Option.of(LDAP, "auth_pool_connection_lifetime", Kind.INTEGER, 60));
    }

    private static List<Option> users() {
        return List.of(
                Option.of(LDAP, "user_tree_dn", Kind.TEXT, null),
                Option.of(LDAP, "user_filter", Kind.TEXT, null),
                Option.of(LDAP, "user_objectclass", Kind.TEXT, "inetOrgPerson"),
                Option.of(LDAP, "user_id_attribute", Kind.TEXT, "cn"),
                Option.of(LDAP, "user_name_attribute", Kind.TEXT, "sn"),
                Option.of(LDAP, "user_mail_attribute", Kind.TEXT, "mail"),
                Option.of(LDAP, "user_description_attribute", Kind.TEXT, "description"),
                Option.of(LDAP, "user_pass_attribute", Kind.TEXT, "userPassword"),
                Option.of(LDAP, "user_enabled_attribute", Kind.TEXT, "enabled"),
                Option.of(LDAP, "user_enabled_invert", Kind.FLAG, false),
                Option.of(LDAP, "user_enabled_mask", Kind.INTEGER, 0),
                Option.of(LDAP, "user_enabled_default", Kind.TEXT, "True"),
                Option.of(LDAP, "user_attribute_ignore", Kind.LIST, List.of("default_project_id")),
                Option.of(LDAP, "user_default_project_id_attribute", Kind.TEXT, null),
                Option.of(LDAP, "user_enabled_emulation", Kind.FLAG, false),
                Option.of(LDAP, "user_enabled_emulation_dn", Kind.TEXT, null),
                Option.of(LDAP, "user_enabled_emulation_use_group_config", Kind.FLAG, false),
                Option.of(LDAP, "user_additional_attribute_mapping", Kind.LIST, List.of()));
    }

    private static List<Option> groups() {
        return List.of(
                Option.of(LDAP, "group_tree_dn", Kind.TEXT, null),
                Option.of(LDAP, "group_filter", Kind.TEXT, null),
                Option.of(LDAP, "group_objectclass", Kind.TEXT, "groupOfNames"),
                Option.of(LDAP, "group_id_attribute", Kind.TEXT, "cn"),
                Option.of(LDAP, "group_name_attribute", Kind.TEXT, "ou"),
                Option.of(LDAP, "group_members_are_ids", Kind.FLAG, false),
                Option.of(LDAP, "group_member_attribute", Kind.TEXT, "member"),
                Option.of(LDAP, "group_desc_attribute", Kind.TEXT, "description"),
                Option.of(LDAP, "group_attribute_ignore", Kind.LIST, List.of()),
                Option.of(LDAP, "group_additional_attribute_mapping", Kind.LIST, List.of()),
                Option.of(LDAP, "group_ad_nesting", Kind.FLAG, false));
    }

    /** The option of this name. Faults with FORBIDDEN when there is none, as the original does. */
    public static Option require(String group, String name) {
        Option option = requireGroup(group).get(name);
        if (option == null) {
            throw invalid("Option " + name + " in group " + group + " is not supported for domain specific"
                    + " configurations");
        }
        return option;
    }

    static Map<String, Option> requireGroup(String group) {
        Map<String, Option> options = ALL.get(group);
        if (options == null) {
            throw invalid("Group " + group + " is not supported for domain specific configurations");
        }
        return options;
    }

    static FaultException invalid(String why) {
        return Fault.forbidden("Invalid domain specific configuration: " + why + ".");
    }

    /** The groups that there are. */
    static List<String> groupNames() {
        return List.copyOf(ALL.keySet());
    }

    /** The JSON schema of a body with groups of options. */
    static String groupsSchema() {
        return body(ALL.entrySet().stream()
                .map(group -> "\"" + group.getKey() + "\": {\"properties\": {"
                        + properties(group.getValue().values().stream()) + "}, \"type\": \"object\"}")
                .collect(Collectors.joining(", ")));
    }

    /** The JSON schema of a body with one option of some group. */
    static String optionSchema() {
        return body(properties(ALL.values().stream().flatMap(group -> group.values().stream())));
    }

    private static String properties(Stream<Option> options) {
        return options.map(option -> "\"" + option.name() + "\": " + option.schema())
                .collect(Collectors.joining(", "));
    }

    private static String body(String properties) {
        return "{\"type\": \"object\", \"required\": [\"config\"], \"properties\": {\"config\":"
                + " {\"type\": \"object\", \"properties\": {" + properties + "}}}}";
    }
}

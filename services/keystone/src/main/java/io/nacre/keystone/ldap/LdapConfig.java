package io.nacre.keystone.ldap;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.SearchScope;
import io.nacre.keystone.domainconfig.Options;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a directory is reached and read: the options of keystone's section [ldap].
 *
 * @param deref null for the server's own way
 * @param pageSize how many entries are asked for at once; 0 for all
 */
record LdapConfig(
        Link link,
        Pool service,
        Pool logins,
        SearchScope scope,
        @Nullable DereferencePolicy deref,
        int pageSize,
        Tree users,
        String mail,
        @Nullable String defaultProject,
        Enabled enabled,
        Tree groups,
        Members members) {

    /**
     * The way to the server.
     *
     * @param urls the first that answers is used
     * @param user who searches; empty for nobody in particular
     * @param timeout for a connection
     */
    record Link(
            List<String> urls,
            String user,
            String password,
            boolean startTls,
            boolean trustAnybody,
            String caFile,
            String caDirectory,
            boolean chaseReferrals,
            Duration timeout) {
        @Override
        public String toString() {
            return "Link[" + urls + "]";
        }
    }

    /** @param size 0 when connections are not kept */
    record Pool(int size, Duration lifetime, int attempts, Duration delay) {}

    /** Where entries of a kind are, and what their attributes are called; an attribute that is not read is empty. */
    record Tree(String dn, String filter, String objectClass, String id, String name, String description) {}

    /**
     * How it is told who may log in.
     *
     * @param attribute empty when everybody may
     * @param mask of the bits that disable; 0 when the attribute is true or false
     * @param groupDn the group of those who may; empty when the attribute tells
     */
    record Enabled(
            String attribute,
            boolean invert,
            int mask,
            String otherwise,
            String groupDn,
            String groupAttribute,
            boolean groupHasIds) {}

    /** @param areIds whether members are written as identifiers instead of DNs */
    record Members(String attribute, boolean areIds, boolean nested) {}

    private static final int LONGEST_WAIT = 5;

    /** @throws IllegalArgumentException naming the option that makes no sense */
    static LdapConfig of(Map<String, Object> options) {
        Read read = new Read(options);
        boolean pooled = read.flag("use_pool");
        int attempts = read.number("pool_retry_max");
        Duration delay = Duration.ofMillis(Math.round(1000 * Double.parseDouble(read.text("pool_retry_delay"))));
        Members members = new Members(
                read.text("group_member_attribute"), read.flag("group_members_are_ids"), read.flag("group_ad_nesting"));
        String suffix = read.text("suffix");
        Set<String> ignored = Set.copyOf(read.list("user_attribute_ignore"));
        Set<String> ignoredOfGroups = Set.copyOf(read.list("group_attribute_ignore"));
        Tree users = new Tree(
                read.text("user_tree_dn", "ou=Users," + suffix),
                read.text("user_filter"),
                read.text("user_objectclass"),
                read.text("user_id_attribute"),
                read.text("user_name_attribute"),
                ignored.contains("description") ? "" : read.text("user_description_attribute"));
        return new LdapConfig(
                link(read, pooled),
                new Pool(
                        pooled ? read.number("pool_size") : 0,
                        Duration.ofSeconds(read.number("pool_connection_lifetime")),
                        attempts,
                        delay),
                new Pool(
                        pooled && read.flag("use_auth_pool") ? read.number("auth_pool_size") : 0,
                        Duration.ofSeconds(read.number("auth_pool_connection_lifetime")),
                        attempts,
                        delay),
                read.text("query_scope").equals("sub") ? SearchScope.SUB : SearchScope.ONE,
                deref(read.text("alias_dereferencing")),
                read.number("page_size"),
                users,
                ignored.contains("email") ? "" : read.text("user_mail_attribute"),
                ignored.contains("default_project_id") ? null : read.text("user_default_project_id_attribute"),
                enabled(read, users, members, ignored),
                new Tree(
                        read.text("group_tree_dn", "ou=UserGroups," + suffix),
                        read.text("group_filter"),
                        read.text("group_objectclass"),
                        read.text("group_id_attribute"),
                        read.text("group_name_attribute"),
                        ignoredOfGroups.contains("description") ? "" : read.text("group_desc_attribute")),
                members);
    }

    private static Link link(Read read, boolean pooled) {
        int pool = pooled ? read.number("pool_connection_timeout") : -1;
        int wait = pool > 0 ? pool : read.number("connection_timeout");
        List<String> urls = List.of(read.text("url").trim().split("[\\s,]+"));
        boolean startTls = read.flag("use_tls");
        if (startTls
                && urls.stream().anyMatch(url -> url.toLowerCase(Locale.ROOT).startsWith("ldaps:"))) {
            throw new IllegalArgumentException("use_tls is for ldap:// alone; ldaps:// is encrypted from the start");
        }
        return new Link(
                urls,
                read.text("user"),
                read.text("password"),
                startTls,
                !read.text("tls_req_cert").equals("demand"),
                read.text("tls_cacertfile"),
                read.text("tls_cacertdir"),
                read.flag("chase_referrals"),
                Duration.ofSeconds(wait > 0 ? wait : LONGEST_WAIT));
    }

    private static Enabled enabled(Read read, Tree users, Members members, Set<String> ignored) {
        int mask = read.number("user_enabled_mask");
        String otherwise = read.text("user_enabled_default");
        if (mask != 0 && !otherwise.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("user_enabled_default must be a number beside user_enabled_mask");
        }
        boolean emulated = read.flag("user_enabled_emulation");
        boolean asGroup = read.flag("user_enabled_emulation_use_group_config");
        boolean told = !ignored.contains("enabled");
        return new Enabled(
                told ? read.text("user_enabled_attribute") : "",
                read.flag("user_enabled_invert"),
                mask,
                otherwise,
                told && emulated ? read.text("user_enabled_emulation_dn", "cn=enabled_users," + users.dn()) : "",
                asGroup ? members.attribute() : "member",
                asGroup && members.areIds());
    }

    private static @Nullable DereferencePolicy deref(String name) {
        return switch (name) {
            case "never" -> DereferencePolicy.NEVER;
            case "searching" -> DereferencePolicy.SEARCHING;
            case "finding" -> DereferencePolicy.FINDING;
            case "always" -> DereferencePolicy.ALWAYS;
            default -> null;
        };
    }

    /** Options with their defaults, as whatever they are written. */
    private record Read(Map<String, Object> options) {
        private @Nullable Object value(String name) {
            Object value = options.get(name);
            return value == null ? Options.require(Options.LDAP, name).otherwise() : value;
        }

        String text(String name) {
            Object value = value(name);
            return value == null ? "" : value.toString();
        }

        String text(String name, String otherwise) {
            String text = text(name);
            return text.isBlank() ? otherwise : text;
        }

        int number(String name) {
            try {
                return Integer.parseInt(text(name).trim());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(name + " must be a number", e);
            }
        }

        boolean flag(String name) {
            return Set.of("true", "yes", "on", "1").contains(text(name).toLowerCase(Locale.ROOT));
        }

        List<String> list(String name) {
            return value(name) instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : List.of(text(name).trim().split("\\s*,\\s*"));
        }
    }
}

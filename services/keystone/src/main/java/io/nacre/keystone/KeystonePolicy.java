package io.nacre.keystone;

import io.nacre.policy.PolicyRule;
import io.nacre.policy.PolicyRule.Scope;
import java.util.List;

/** The defaults that most of keystone's rules have (keystone policy, 2024.1), and the rules these refer to. */
public final class KeystonePolicy {
    public static final String ADMIN = "rule:admin_required";
    public static final String ADMIN_OR_SYSTEM_READER = "rule:admin_required or (role:reader and system_scope:all)";
    public static final String OWNER = "rule:owner";

    static final List<PolicyRule> ALIASES = List.of(
            PolicyRule.alias("admin_required", "role:admin or is_admin:1"),
            PolicyRule.alias("service_role", "role:service"),
            PolicyRule.alias("service_or_admin", "rule:admin_required or rule:service_role"),
            PolicyRule.alias("owner", "user_id:%(user_id)s"),
            PolicyRule.alias("admin_or_owner", "rule:admin_required or rule:owner"),
            PolicyRule.alias("token_subject", "user_id:%(target.token.user_id)s"),
            PolicyRule.alias("admin_or_token_subject", "rule:admin_required or rule:token_subject"),
            PolicyRule.alias("service_admin_or_token_subject", "rule:service_or_admin or rule:token_subject"));

    private KeystonePolicy() {}

    /** For resources of the whole deployment: tokens of the system or a project. */
    public static PolicyRule cloud(String name, String check) {
        return PolicyRule.project("identity:" + name, check, "").in(Scope.SYSTEM, Scope.PROJECT);
    }

    /** For resources that belong to a domain: tokens of the system, a domain or a project. */
    public static PolicyRule domain(String name, String check) {
        return PolicyRule.project("identity:" + name, check, "").in(Scope.SYSTEM, Scope.DOMAIN, Scope.PROJECT);
    }

    /** For tokens of a project alone. */
    public static PolicyRule project(String name, String check) {
        return PolicyRule.project("identity:" + name, check, "");
    }

    /** For any valid token. */
    public static PolicyRule any(String name) {
        return PolicyRule.anyScope("identity:" + name, "", "");
    }

    /** A reader of the domain that the target names, beside operators and readers of the system. */
    public static String orDomainReader(String attribute) {
        return ADMIN_OR_SYSTEM_READER + " or (role:reader and domain_id:%(" + attribute + ")s)";
    }
}

package io.nacre.nova;

import io.nacre.policy.Personas;
import io.nacre.policy.PolicyRule;

/** The defaults that nova's rules have (nova policies, 2024.1): every one is for tokens of a project. */
public final class NovaPolicy {
    private static final String PREFIX = "os_compute_api:";

    private NovaPolicy() {}

    public static PolicyRule admin(String name) {
        return PolicyRule.of(PREFIX + name, Personas.ADMIN);
    }

    public static PolicyRule member(String name) {
        return PolicyRule.of(PREFIX + name, Personas.PROJECT_MEMBER);
    }

    public static PolicyRule reader(String name) {
        return PolicyRule.of(PREFIX + name, Personas.PROJECT_READER);
    }

    /** Key pairs belong to a user, not to a project. */
    public static PolicyRule own(String name) {
        return PolicyRule.of(PREFIX + name, "(" + Personas.ADMIN + ") or user_id:%(user_id)s");
    }

    public static PolicyRule any(String name) {
        return PolicyRule.of(PREFIX + name, Personas.ANY);
    }
}

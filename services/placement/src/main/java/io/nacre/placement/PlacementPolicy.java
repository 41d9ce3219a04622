package io.nacre.placement;

import io.nacre.policy.PolicyRule;

/** The two defaults that placement's rules have (placement policy, 2024.1). */
public final class PlacementPolicy {
    private PlacementPolicy() {}

    public static PolicyRule adminOrService(String name) {
        return PolicyRule.of(name, "role:admin or role:service");
    }

    public static PolicyRule readerOrService(String name) {
        return PolicyRule.of(name, "role:admin or role:service or (role:reader and project_id:%(project_id)s)");
    }
}

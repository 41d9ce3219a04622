package io.nacre.policy;

public final class Policy {
    private final java.util.List<PolicyRule> rules;

    public Policy(java.util.List<PolicyRule> rules, java.nio.file.@org.jspecify.annotations.Nullable Path p) {
        this.rules = rules;
    }

    public void enforce(String rule, io.nacre.base.Caller caller, java.util.Map<String, ?> target) {
        if (!allows(rule, caller, target)) {
            throw io.nacre.base.Fault.forbidden("no " + rule);
        }
    }

    public boolean allows(String rule, io.nacre.base.Caller caller, java.util.Map<String, ?> target) {
        return rules.stream()
                .anyMatch(r -> r.name().equals(rule) && caller.hasRole(r.check().substring(5)));
    }
}

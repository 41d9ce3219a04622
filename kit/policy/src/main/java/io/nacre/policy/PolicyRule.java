package io.nacre.policy;

public record PolicyRule(String name, String check) {
    public static PolicyRule of(String name, String check) {
        return new PolicyRule(name, check);
    }
}

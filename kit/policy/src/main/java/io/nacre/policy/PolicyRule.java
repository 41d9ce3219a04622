package io.nacre.policy;

import java.util.EnumSet;
import java.util.Set;

/**
 * One rule with its default, as a service declares it.
 *
 * @param name such as {@code os_compute_api:servers:create}
 * @param check in oslo.policy's language; see {@link Personas} for the usual ones
 * @param scopes the token scopes it accepts; empty for any, unscoped included
 * @param open whether callers without a token are asked about at all; every other rule refuses them
 */
public record PolicyRule(String name, String check, Set<Scope> scopes, String description, boolean open) {

    /** What a token can be scoped to. An unscoped token counts as project, as in oslo.policy. */
    public enum Scope {
        PROJECT,
        DOMAIN,
        SYSTEM
    }

    public PolicyRule {
        scopes = Set.copyOf(scopes);
    }

    /** {@link #project} without a description. */
    public static PolicyRule of(String name, String check) {
        return project(name, check, "");
    }

    /** The most common kind: for tokens of a project, which is all that most services accept since 2024.1. */
    public static PolicyRule project(String name, String check, String description) {
        return new PolicyRule(name, check, Set.of(Scope.PROJECT), description, false);
    }

    /** For tokens of any scope. */
    public static PolicyRule anyScope(String name, String check, String description) {
        return new PolicyRule(name, check, Set.of(), description, false);
    }

    /** For everybody, with a token or without. */
    public static PolicyRule open(String name, String description) {
        return new PolicyRule(name, Personas.ANY, Set.of(), description, true);
    }

    /** A name for a check that other rules refer to as {@code rule:name}. */
    public static PolicyRule alias(String name, String check) {
        return new PolicyRule(name, check, Set.of(), "Used by other rules.", false);
    }

    /** The same rule for other scopes. */
    public PolicyRule in(Scope first, Scope... more) {
        return new PolicyRule(name, check, EnumSet.of(first, more), description, open);
    }
}

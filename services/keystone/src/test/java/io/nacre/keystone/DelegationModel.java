package io.nacre.keystone;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The most that what was derived may be good for, by the grants, users, credentials and trusts that there are. */
final class DelegationModel {
    static final List<String> ROLES = List.of("one", "two", "three", "four", "five");
    /** What a role implies beside itself. */
    static final Map<String, Set<String>> IMPLIED = Map.of("one", Set.of("two", "three"), "two", Set.of("three"));

    private final InstantSource clock;
    private final Map<String, Set<String>> grants = new HashMap<>();
    private final Set<String> disabled = new HashSet<>();
    private final Set<String> gone = new HashSet<>();

    DelegationModel(InstantSource clock) {
        this.clock = clock;
    }

    /** The roles of the user on the project; changes of the answer count. */
    Set<String> grants(String user, String project) {
        return grants.computeIfAbsent(user + project, key -> new HashSet<>());
    }

    /** Those who cannot act; changes of the answer count. */
    Set<String> disabled() {
        return disabled;
    }

    /** Credentials and trusts that were removed; changes of the answer count. */
    Set<String> gone() {
        return gone;
    }

    /** What it may be good for now; null for nothing. */
    @Nullable
    Set<String> allowed(Derived one) {
        boolean alive = one.needs().stream().noneMatch(gone::contains)
                && !disabled.contains(one.root())
                && !disabled.contains(one.actor())
                && clock.instant().isBefore(one.until());
        if (!alive) {
            return null;
        }
        Set<String> roles = expand(grants(one.root(), one.project()));
        roles.retainAll(one.roles());
        return roles;
    }

    /** The roles with those that they imply. */
    static Set<String> expand(Set<String> roles) {
        Set<String> expanded = new HashSet<>(roles);
        roles.forEach(role -> expanded.addAll(IMPLIED.getOrDefault(role, Set.of())));
        return expanded;
    }
}

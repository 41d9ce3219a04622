package io.nacre.keystone.role;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All roles and which implies which, as of one moment. There are few of them, so they are read together.
 *
 * @param implied by the identifier of the role that implies
 */
public record RoleGraph(Map<String, Role> roles, Map<String, Set<String>> implied) {

    /** Those of the roles that are there. */
    public List<Role> known(Collection<String> roleIds) {
        return roleIds.stream().map(roles::get).filter(Objects::nonNull).toList();
    }

    /** The roles with everything they imply over any number of steps; circles do no harm. */
    public Set<String> expand(Collection<String> roleIds) {
        return steps(roleIds).keySet();
    }

    /** Each role of {@link #expand} with the one that implies it; null for those that were there from the start. */
    public Map<String, @Nullable String> steps(Collection<String> roleIds) {
        Map<String, @Nullable String> reached = new LinkedHashMap<>();
        for (String id : new TreeSet<>(roleIds)) {
            if (roles.containsKey(id)) {
                reached.put(id, null);
            }
        }
        List<String> level = List.copyOf(reached.keySet());
        while (!level.isEmpty()) {
            Map<String, String> next = new LinkedHashMap<>();
            for (String prior : level) {
                for (String id : implied.getOrDefault(prior, Set.of())) {
                    if (!reached.containsKey(id) && roles.containsKey(id)) {
                        next.putIfAbsent(id, prior);
                    }
                }
            }
            reached.putAll(next);
            level = List.copyOf(next.keySet());
        }
        return reached;
    }

    /** What a token says of these: implied roles included, those of a domain left out, in the order of their names. */
    public List<Role> effective(Collection<String> roleIds) {
        return expand(roleIds).stream()
                .map(id -> Objects.requireNonNull(roles.get(id)))
                .filter(role -> role.domainId() == null)
                .sorted(Comparator.comparing(Role::name))
                .toList();
    }
}

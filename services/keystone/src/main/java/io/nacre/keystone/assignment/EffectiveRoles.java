package io.nacre.keystone.assignment;

import io.nacre.base.Tx;
import io.nacre.keystone.assignment.Grant.Target;
import io.nacre.keystone.group.ExpiringMembershipStore;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the grants of a user amount to: groups, inheritance and implied roles taken into account. */
public final class EffectiveRoles {
    private final AssignmentStore grants;
    private final GroupStore groups;
    private final ProjectStore projects;
    private final RoleStore roles;
    private final ExpiringMembershipStore expiring;
    private final Set<String> alsoIn;

    public EffectiveRoles(
            AssignmentStore grants,
            GroupStore groups,
            ProjectStore projects,
            RoleStore roles,
            ExpiringMembershipStore expiring) {
        this(grants, groups, projects, roles, expiring, Set.of());
    }

    private EffectiveRoles(
            AssignmentStore grants,
            GroupStore groups,
            ProjectStore projects,
            RoleStore roles,
            ExpiringMembershipStore expiring,
            Set<String> alsoIn) {
        this.grants = grants;
        this.groups = groups;
        this.projects = projects;
        this.roles = roles;
        this.expiring = expiring;
        this.alsoIn = alsoIn;
    }

    /** What they amount to for somebody who is in these groups as well. */
    public EffectiveRoles in(Collection<String> groupIds) {
        return new EffectiveRoles(grants, groups, projects, roles, expiring, Set.copyOf(groupIds));
    }

    /** Until when they amount to the same for these users, as far as it depends on groups; null for no end. */
    public @Nullable Instant end(Tx tx, Collection<String> userIds) {
        return userIds.stream()
                .flatMap(userId -> expiring.ends(tx, userId).entrySet().stream())
                .filter(membership -> !alsoIn.contains(membership.getKey()))
                .map(Map.Entry::getValue)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private List<Grant> of(Tx tx, String userId) {
        Set<String> all = new HashSet<>(groups.groupsOf(tx, userId));
        all.addAll(alsoIn);
        return grants.ofUser(tx, userId, all);
    }

    /** What a token of the project says; empty when the user has nothing to do there. */
    public List<Role> onProject(Tx tx, String userId, Project project) {
        return roles.graph(tx).effective(grantedOnProject(tx, userId, project));
    }

    /** The roles on a project before roles of domains are left out, implied ones included. */
    public Set<String> allOnProject(Tx tx, String userId, Project project) {
        return roles.graph(tx).expand(grantedOnProject(tx, userId, project));
    }

    private Set<String> grantedOnProject(Tx tx, String userId, Project project) {
        List<Grant> mine = of(tx, userId);
        Set<String> above = mine.stream().anyMatch(Grant::inherited)
                ? projects.ancestors(tx, project).stream().map(Project::id).collect(Collectors.toSet())
                : Set.of();
        return mine.stream()
                .filter(grant -> grant.inherited()
                        ? grant.target() != Target.SYSTEM && above.contains(grant.targetId())
                        : grant.target() == Target.PROJECT && grant.targetId().equals(project.id()))
                .map(Grant::roleId)
                .collect(Collectors.toSet());
    }

    public List<Role> onDomain(Tx tx, String userId, String domainId) {
        return roles.graph(tx).effective(direct(tx, userId, Target.DOMAIN, domainId));
    }

    public List<Role> onSystem(Tx tx, String userId) {
        return roles.graph(tx).effective(direct(tx, userId, Target.SYSTEM, Grant.SYSTEM_ID));
    }

    private Set<String> direct(Tx tx, String userId, Target target, String targetId) {
        return of(tx, userId).stream()
                .filter(grant -> !grant.inherited()
                        && grant.target() == target
                        && grant.targetId().equals(targetId))
                .map(Grant::roleId)
                .collect(Collectors.toSet());
    }

    /** Every project on which the user has a role. */
    public Set<String> projectsOf(Tx tx, String userId) {
        Set<String> found = new LinkedHashSet<>();
        Set<String> expanded = new HashSet<>();
        for (Grant grant : of(tx, userId)) {
            if (grant.target() == Target.PROJECT && !grant.inherited()) {
                found.add(grant.targetId());
            } else if (grant.inherited() && expanded.add(grant.targetId())) {
                projects.subtree(tx, grant.targetId()).forEach(project -> found.add(project.id()));
            }
        }
        return found;
    }

    /** Every domain on which the user has a role. */
    public Set<String> domainsOf(Tx tx, String userId) {
        return of(tx, userId).stream()
                .filter(grant -> grant.target() == Target.DOMAIN && !grant.inherited())
                .map(Grant::targetId)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}

package io.nacre.keystone.assignment;

import io.nacre.base.Tx;
import io.nacre.keystone.assignment.Grant.Actor;
import io.nacre.keystone.assignment.Grant.Target;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleGraph;
import io.nacre.keystone.role.RoleStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists grants, as they were given or as what they amount to for each user. */
final class EffectiveGrants {
    private final AssignmentStore grants;
    private final GroupStore groups;
    private final ProjectStore projects;
    private final RoleStore roles;

    EffectiveGrants(AssignmentStore grants, GroupStore groups, ProjectStore projects, RoleStore roles) {
        this.grants = grants;
        this.groups = groups;
        this.projects = projects;
        this.roles = roles;
    }

    /**
     * What is to be listed; null where it does not matter.
     *
     * @param projectIds one project, or it and all below it
     */
    record Wanted(
            @Nullable String roleId,
            @Nullable String userId,
            @Nullable String groupId,
            boolean system,
            @Nullable String domainId,
            @Nullable Set<String> projectIds,
            @Nullable Boolean inherited) {

        boolean fits(Target target, String targetId) {
            if (system || domainId != null || projectIds != null) {
                return switch (target) {
                    case SYSTEM -> system;
                    case DOMAIN -> targetId.equals(domainId);
                    case PROJECT -> projectIds != null && projectIds.contains(targetId);
                };
            }
            return true;
        }
    }

    /**
     * A grant and where it comes from.
     *
     * @param grant of the user and project that it amounts to
     * @param viaGroup the group whose member the user is
     * @param from the grant of a domain or project above, whose inheritance it is
     * @param priorRole the role that implies this one
     */
    record Line(
            Grant grant,
            @Nullable String viaGroup,
            @Nullable Grant from,
            @Nullable String priorRole) {}

    /** As they were given. */
    List<Line> direct(Tx tx, Wanted wanted) {
        Actor actor = wanted.userId() != null ? Actor.USER : wanted.groupId() != null ? Actor.GROUP : null;
        String actorId = wanted.userId() != null ? wanted.userId() : wanted.groupId();
        return grants
                .list(tx, new AssignmentStore.Filter(actor, actorId, null, null, wanted.roleId(), wanted.inherited()))
                .stream()
                .filter(grant -> wanted.fits(grant.target(), grant.targetId()))
                .map(grant -> new Line(grant, null, null, null))
                .toList();
    }

    /** As what they amount to: without groups, inheritance and implications. Grants on the system only if asked for. */
    List<Line> effective(Tx tx, Wanted wanted) {
        List<Grant> sources = wanted.userId() == null
                ? grants.list(tx, AssignmentStore.Filter.ALL)
                : grants.ofUser(tx, wanted.userId(), groups.groupsOf(tx, wanted.userId()));
        RoleGraph graph = roles.graph(tx);
        Set<Line> lines = new LinkedHashSet<>();
        for (Grant source : sources) {
            if (wanted.inherited() != null && wanted.inherited() != source.inherited()) {
                continue;
            }
            for (Line onTarget : inherit(tx, source, wanted)) {
                for (Line ofUser : members(tx, onTarget, wanted.userId())) {
                    lines.addAll(imply(ofUser, graph));
                }
            }
        }
        return lines.stream()
                .filter(line -> wanted.roleId() == null
                        || wanted.roleId().equals(line.grant().roleId()))
                .toList();
    }

    private Collection<Line> inherit(Tx tx, Grant source, Wanted wanted) {
        if (!source.inherited()) {
            boolean listed = wanted.fits(source.target(), source.targetId())
                    && (source.target() != Target.SYSTEM || wanted.system());
            return listed ? List.of(new Line(source, null, null, null)) : List.of();
        }
        List<Line> below = new ArrayList<>();
        for (Project project : projects.subtree(tx, source.targetId())) {
            if (wanted.fits(Target.PROJECT, project.id())) {
                Grant there = new Grant(
                        source.actor(), source.actorId(), Target.PROJECT, project.id(), source.roleId(), false);
                below.add(new Line(there, null, source, null));
            }
        }
        return below;
    }

    private Collection<Line> members(Tx tx, Line line, @Nullable String onlyUser) {
        Grant grant = line.grant();
        if (grant.actor() == Actor.USER) {
            return List.of(line);
        }
        return groups.members(tx, grant.actorId()).stream()
                .filter(userId -> onlyUser == null || onlyUser.equals(userId))
                .map(userId -> new Line(
                        new Grant(Actor.USER, userId, grant.target(), grant.targetId(), grant.roleId(), false),
                        grant.actorId(),
                        line.from(),
                        null))
                .toList();
    }

    private static Collection<Line> imply(Line line, RoleGraph graph) {
        List<Line> all = new ArrayList<>();
        Grant grant = line.grant();
        graph.steps(List.of(grant.roleId())).forEach((roleId, prior) -> {
            Role role = graph.roles().get(roleId);
            if (role != null && role.domainId() == null) {
                Grant implied = new Grant(
                        grant.actor(), grant.actorId(), grant.target(), grant.targetId(), roleId, grant.inherited());
                all.add(new Line(implied, line.viaGroup(), line.from(), prior));
            }
        });
        return all;
    }
}

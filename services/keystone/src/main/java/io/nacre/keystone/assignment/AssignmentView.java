package io.nacre.keystone.assignment;

import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.keystone.assignment.EffectiveGrants.Line;
import io.nacre.keystone.assignment.Grant.Actor;
import io.nacre.keystone.assignment.Grant.Target;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.group.Group;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleGraph;
import io.nacre.keystone.role.RoleStore;
import io.nacre.keystone.user.User;
import io.nacre.keystone.user.UserStore;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Role assignments on the wire. They have no identifier; their link is the route that granted them. */
final class AssignmentView {
    private final UserStore users;
    private final GroupStore groups;
    private final ProjectStore projects;
    private final RoleStore roles;

    AssignmentView(UserStore users, GroupStore groups, ProjectStore projects, RoleStore roles) {
        this.users = users;
        this.groups = groups;
        this.projects = projects;
        this.roles = roles;
    }

    List<Map<String, Object>> show(Tx tx, Request request, List<Line> lines, boolean names) {
        Names known = new Names(tx, names);
        return lines.stream().map(line -> show(request, line, known)).toList();
    }

    private static Map<String, Object> show(Request request, Line line, Names names) {
        Grant grant = line.grant();
        Map<String, Object> scope = new LinkedHashMap<>();
        switch (grant.target()) {
            case PROJECT -> scope.put("project", names.project(grant.targetId()));
            case DOMAIN -> scope.put("domain", names.domain(grant.targetId()));
            case SYSTEM -> scope.put("system", Map.of("all", true));
        }
        if (grant.inherited() || line.from() != null) {
            scope.put("OS-INHERIT:inherited_to", "projects");
        }
        Map<String, Object> links = new LinkedHashMap<>();
        links.put("assignment", Envelope.url(request, path(line)));
        if (line.viaGroup() != null) {
            links.put("membership", Envelope.url(request, "/groups/" + line.viaGroup() + "/users/" + grant.actorId()));
        }
        if (line.priorRole() != null) {
            links.put(
                    "prior_role",
                    Envelope.url(request, "/prior_role/" + grant.roleId() + "/implies/" + line.priorRole()));
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("links", links);
        shown.put("scope", scope);
        shown.put("role", names.role(grant.roleId()));
        if (grant.actor() == Actor.USER) {
            shown.put("user", names.user(grant.actorId()));
        } else {
            shown.put("group", names.group(grant.actorId()));
        }
        return shown;
    }

    /** Where the grant was made that the line comes from. */
    private static String path(Line line) {
        Grant given = line.from() == null ? line.grant() : line.from();
        String path = switch (given.target()) {
            case PROJECT -> "/projects/" + given.targetId();
            case DOMAIN -> "/domains/" + given.targetId();
            case SYSTEM -> "/system";
        };
        if (line.viaGroup() != null) {
            path += "/groups/" + line.viaGroup();
        } else {
            path += (given.actor() == Actor.USER ? "/users/" : "/groups/") + given.actorId();
        }
        path += "/roles/" + (line.priorRole() == null ? given.roleId() : line.priorRole());
        boolean inherited = given.inherited() && given.target() != Target.SYSTEM;
        return inherited ? "/OS-INHERIT" + path + "/inherited_to_projects" : path;
    }

    /** Looks each name up once; without names there are identifiers only. */
    private final class Names {
        private final Tx tx;
        private final boolean wanted;
        private final Map<String, Map<String, Object>> shown = new HashMap<>();
        private final RoleGraph graph;

        Names(Tx tx, boolean wanted) {
            this.tx = tx;
            this.wanted = wanted;
            this.graph = wanted ? roles.graph(tx) : new RoleGraph(Map.of(), Map.of());
        }

        private Map<String, Object> named(
                String kind, String id, Function<String, Optional<Map<String, Object>>> find) {
            if (!wanted) {
                return Map.of("id", id);
            }
            Map<String, Object> known = shown.get(kind + id);
            if (known == null) {
                known = find.apply(id).orElse(Map.of("id", id));
                shown.put(kind + id, known);
            }
            return known;
        }

        Map<String, Object> domain(String id) {
            return named("domain", id, wantedId -> projects.find(tx, wantedId).map(AssignmentView::plain));
        }

        Map<String, Object> project(String id) {
            return named(
                    "project",
                    id,
                    wantedId -> projects.find(tx, wantedId)
                            .map(found -> with(found.id(), found.name(), found.ownDomain())));
        }

        Map<String, Object> user(String id) {
            return named("user", id, wantedId -> {
                Optional<User> user = users.find(tx, wantedId);
                return user.map(found -> with(found.id(), found.name(), found.domainId()));
            });
        }

        Map<String, Object> group(String id) {
            return named("group", id, wantedId -> {
                Optional<Group> group = groups.find(tx, wantedId);
                return group.map(found -> with(found.id(), found.name(), found.domainId()));
            });
        }

        Map<String, Object> role(String id) {
            return named("role", id, wantedId -> {
                Optional<Role> role = Optional.ofNullable(graph.roles().get(wantedId));
                return role.map(found -> found.domainId() == null
                        ? Map.of("id", found.id(), "name", found.name())
                        : with(found.id(), found.name(), found.domainId()));
            });
        }

        private Map<String, Object> with(String id, String name, String domainId) {
            return Map.of("id", id, "name", name, "domain", domain(domainId));
        }
    }

    private static Map<String, Object> plain(Project domain) {
        return Map.of("id", domain.id(), "name", domain.name());
    }
}

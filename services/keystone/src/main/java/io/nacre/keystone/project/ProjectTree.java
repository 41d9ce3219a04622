package io.nacre.keystone.project;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.keystone.assignment.EffectiveRoles;
import io.nacre.keystone.entity.Envelope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What holds between a project, its domain, what is above it and what is below it. */
public final class ProjectTree {
    private final ProjectStore projects;
    private final EffectiveRoles roles;
    private final int deepest;

    /** @param deepest how many may stand above a project, its domain among them */
    public ProjectTree(ProjectStore projects, EffectiveRoles roles, int deepest) {
        this.projects = projects;
        this.roles = roles;
        this.deepest = deepest;
    }

    /** Faults unless a new project may stand where it wants to. */
    void requirePlace(Tx tx, Project project) {
        if (project.isDomain()) {
            if (project.parentId() != null) {
                throw Fault.invalid("only root projects are allowed to act as domains.");
            }
            return;
        }
        Project domain = projects.find(tx, project.ownDomain())
                .filter(Project::isDomain)
                .orElseThrow(() -> Fault.invalid("Could not find domain: " + project.ownDomain() + "."));
        Project parent = projects.find(tx, String.valueOf(project.parentId()))
                .orElseThrow(() -> Fault.invalid("Could not find project: " + project.parentId() + "."));
        if (!parent.ownDomain().equals(domain.id())) {
            throw Fault.invalid("Cannot create project, since it specifies its domain_id " + domain.id()
                    + ", but specifies a parent in a different domain (" + parent.ownDomain() + ").");
        }
        List<Project> above = new ArrayList<>(projects.ancestors(tx, parent));
        above.addFirst(parent);
        above.stream().filter(each -> !each.enabled()).findFirst().ifPresent(disabled -> {
            throw Fault.invalid("cannot create a project in a branch containing a disabled project: " + disabled.id());
        });
        if (above.size() > deepest) {
            throw Fault.forbidden("Max hierarchy depth reached for " + parent.id() + " branch.");
        }
    }

    /** Faults when a project would be enabled below a disabled one or the other way round. */
    void requireEnabling(Tx tx, Project present, Project changed) {
        if (!present.enabled() && changed.enabled()) {
            if (projects.ancestors(tx, present).stream().anyMatch(parent -> !parent.enabled())) {
                throw Fault.forbidden("Cannot enable project " + present.id() + " since it has disabled parents.");
            }
        }
        if (present.enabled() && !changed.enabled() && !present.isDomain()) {
            if (projects.subtree(tx, present.id()).stream().anyMatch(Project::enabled)) {
                throw Fault.forbidden(
                        "Cannot disable project " + present.id() + " since its subtree contains enabled projects.");
            }
        }
    }

    /** Adds what {@code parents_as_list}, {@code parents_as_ids}, {@code subtree_as_...} in the query ask for. */
    void expand(Tx tx, Request request, Project project, Map<String, @Nullable Object> shown) {
        boolean parents = Envelope.flag(request, "parents_as_list");
        boolean parentIds = Envelope.flag(request, "parents_as_ids");
        boolean subtree = Envelope.flag(request, "subtree_as_list");
        boolean subtreeIds = Envelope.flag(request, "subtree_as_ids");
        if (parents && parentIds) {
            throw Fault.invalid("Cannot use parents_as_list and parents_as_ids query params at the same time.");
        }
        if (subtree && subtreeIds) {
            throw Fault.invalid("Cannot use subtree_as_list and subtree_as_ids query params at the same time.");
        }
        if (parents) {
            shown.put("parents", list(tx, request, projects.ancestors(tx, project)));
        } else if (parentIds) {
            shown.put("parents", above(projects.ancestors(tx, project)));
        }
        if (subtree) {
            shown.put("subtree", list(tx, request, projects.subtree(tx, project.id())));
        } else if (subtreeIds) {
            Map<String, List<Project>> byParent = projects.subtree(tx, project.id()).stream()
                    .collect(Collectors.groupingBy(each -> String.valueOf(each.parentId())));
            shown.put("subtree", below(project.id(), byParent));
        }
    }

    /** Those on which the caller has a role. */
    private List<Map<String, ?>> list(Tx tx, Request request, List<Project> all) {
        Set<String> mine = roles.projectsOf(tx, request.caller().requireUser());
        return all.stream()
                .filter(project -> mine.contains(project.id()))
                .<Map<String, ?>>map(project -> Map.of("project", ProjectView.show(request, project)))
                .toList();
    }

    private static @Nullable Map<String, @Nullable Object> above(List<Project> ancestors) {
        Map<String, @Nullable Object> inner = null;
        for (Project ancestor : ancestors.reversed()) {
            Map<String, @Nullable Object> outer = new LinkedHashMap<>();
            outer.put(ancestor.id(), inner);
            inner = outer;
        }
        return inner;
    }

    private static @Nullable Map<String, @Nullable Object> below(String id, Map<String, List<Project>> byParent) {
        List<Project> children = byParent.get(id);
        if (children == null) {
            return null;
        }
        Map<String, @Nullable Object> nested = new LinkedHashMap<>();
        children.forEach(child -> nested.put(child.id(), below(child.id(), byParent)));
        return nested;
    }
}

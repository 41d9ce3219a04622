package io.nacre.keystone.project;

import io.nacre.http.Request;
import io.nacre.keystone.entity.Envelope;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A project on the wire, and as the target of a rule. */
public final class ProjectView {
    private ProjectView() {}

    public static Map<String, @Nullable Object> show(Request request, Project project) {
        Map<String, @Nullable Object> shown = common(project);
        shown.put("domain_id", project.domainId());
        shown.put("parent_id", project.parentId());
        shown.put("is_domain", project.isDomain());
        return Envelope.linked(request, shown, "/projects/" + project.id());
    }

    /** The same, seen as a domain. */
    public static Map<String, @Nullable Object> showDomain(Request request, Project domain) {
        return Envelope.linked(request, common(domain), "/domains/" + domain.id());
    }

    private static Map<String, @Nullable Object> common(Project project) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(project.extra());
        shown.put("id", project.id());
        shown.put("name", project.name());
        shown.put("description", project.description());
        shown.put("enabled", project.enabled());
        shown.put("tags", project.tags());
        shown.put("options", project.options());
        return shown;
    }

    public static Map<String, @Nullable Object> target(Project project) {
        Map<String, @Nullable Object> target = new HashMap<>();
        target.put("target.project.id", project.id());
        target.put("target.project.domain_id", project.domainId());
        target.put("project_id", project.id());
        return target;
    }
}

package io.nacre.keystone.project;

import io.nacre.base.Fault;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who owns resources; or a domain, which holds users, groups and projects.
 *
 * @param domainId null for a domain
 * @param parentId another project, or the domain for a project at the top; null for a domain
 * @param options such as {@code immutable}
 * @param extra attributes that clients gave it and keystone does not know
 */
public record Project(
        String id,
        String name,
        @Nullable String domainId,
        @Nullable String parentId,
        boolean isDomain,
        boolean enabled,
        @Nullable String description,
        List<String> tags,
        Map<String, @Nullable Object> options,
        Map<String, @Nullable Object> extra) {

    /** The domain it belongs to; a domain belongs to itself. */
    public String ownDomain() {
        return domainId == null ? id : domainId;
    }

    public Project withTags(List<String> tags) {
        return new Project(id, name, domainId, parentId, isDomain, enabled, description, tags, options, extra);
    }

    /** Faults with FORBIDDEN when it is marked as immutable. */
    public void requireMutable() {
        if (Boolean.TRUE.equals(options.get("immutable"))) {
            throw Fault.forbidden("Could not change " + (isDomain ? "domain " : "project ") + id
                    + " because it is immutable. Set its option 'immutable' to false first.");
        }
    }
}

package io.nacre.keystone.project;

import io.nacre.base.Fault;
import io.nacre.keystone.entity.Immutability;
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
    public void requireMutable(String verb) {
        Immutability.require(options, verb, isDomain ? "domain" : "project", id);
    }

    /** The same for its tags, which is told in other words. */
    void requireMutableTags(String verb) {
        if (Immutability.of(options)) {
            throw Fault.forbidden("Cannot " + verb + " project tags for " + id
                    + ", project is immutable. Set \"immutable\" option to false before creating project tags.");
        }
    }
}

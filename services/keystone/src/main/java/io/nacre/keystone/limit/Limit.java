package io.nacre.keystone.limit;

import org.jspecify.annotations.Nullable;

/**
 * What holds for one project or one domain in place of the registered limit.
 *
 * @param projectId null when it is for a domain
 * @param domainId null when it is for a project
 * @param value -1 for as much as there is
 */
record Limit(
        String id,
        Resource resource,
        @Nullable String projectId,
        @Nullable String domainId,
        int value,
        @Nullable String description) {}

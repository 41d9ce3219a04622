package io.nacre.keystone.limit;

import org.jspecify.annotations.Nullable;

/**
 * What holds for whom there is no limit.
 *
 * @param value -1 for as much as there is
 */
record RegisteredLimit(
        String id, Resource resource, int value, @Nullable String description) {}

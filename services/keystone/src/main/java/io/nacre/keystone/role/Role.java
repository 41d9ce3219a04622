package io.nacre.keystone.role;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A name that policies ask for.
 *
 * @param domainId null for a global role; a role of a domain counts only through the global roles it implies
 * @param options such as {@code immutable}
 */
public record Role(
        String id,
        String name,
        @Nullable String domainId,
        @Nullable String description,
        ObjectNode options,
        ObjectNode extra) {

    boolean isImmutable() {
        return options.path("immutable").asBoolean(false);
    }
}

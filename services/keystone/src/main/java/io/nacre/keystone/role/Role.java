package io.nacre.keystone.role;

import io.nacre.keystone.entity.Immutability;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * @param domainId null for a role of the whole deployment
 * @param options such as {@code immutable}
 * @param extra attributes that clients gave it and keystone does not know
 */
public record Role(
        String id,
        String name,
        @Nullable String domainId,
        @Nullable String description,
        Map<String, @Nullable Object> options,
        Map<String, @Nullable Object> extra) {

    /** Faults with FORBIDDEN when it is marked as immutable. */
    void requireMutable(String verb) {
        Immutability.require(options, verb, "role", id);
    }
}

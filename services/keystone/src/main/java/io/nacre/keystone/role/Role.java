package io.nacre.keystone.role;

import io.nacre.base.Fault;
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
    public void requireMutable() {
        if (Boolean.TRUE.equals(options.get("immutable"))) {
            throw Fault.forbidden("Could not change role " + id
                    + " because it is immutable. Set its option 'immutable' to false first.");
        }
    }
}

package io.nacre.neutron.resource;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks an attribute's value and converts it into plain Java: text, boolean, integer, list, map or null. What does not
 * fit is refused with a {@link Refusal}. {@link Checks} holds those that exist.
 */
@FunctionalInterface
public interface Check {
    @Nullable
    Object accept(JsonNode value);

    /** The same, with null allowed. */
    default Check orNull() {
        return value -> value.isNull() ? null : accept(value);
    }

    /** Why a value does not fit; becomes "Invalid input for x. Reason: ...". */
    final class Refusal extends RuntimeException {
        public Refusal(String reason) {
            super(reason, null, false, false);
        }
    }
}

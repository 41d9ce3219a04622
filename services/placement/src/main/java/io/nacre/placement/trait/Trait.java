package io.nacre.placement.trait;

import java.time.Instant;

/** A quality by name: a standard one, or a deployment's own with the prefix {@code CUSTOM_}. */
public record Trait(String name, Instant createdAt) {
    static final String CUSTOM = "CUSTOM_";

    boolean isStandard() {
        return !name.startsWith(CUSTOM);
    }
}

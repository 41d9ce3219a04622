package io.nacre.nova.service;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the listing.
 *
 * @param number the identifier before 2.53
 * @param updatedAt when it was last heard of
 */
public record NovaService(
        String id,
        long number,
        String binary,
        String host,
        String zone,
        boolean disabled,
        @Nullable String disabledReason,
        boolean forcedDown,
        boolean up,
        Instant updatedAt) {

    public static final String COMPUTE = "nova-compute";

    public String status() {
        return disabled ? "disabled" : "enabled";
    }

    public String state() {
        return up ? "up" : "down";
    }
}

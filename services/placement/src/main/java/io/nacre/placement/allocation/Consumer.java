package io.nacre.placement.allocation;

import java.time.Instant;

/**
 * Who holds allocations: a server, a migration, a volume.
 *
 * @param generation moves on with every change of its allocations; 0 is never seen outside
 * @param type such as INSTANCE; "unknown" when it was made before 1.38
 */
public record Consumer(
        String id,
        long generation,
        String projectId,
        String userId,
        String type,
        Instant createdAt,
        Instant updatedAt) {
    static final String UNKNOWN = "unknown";
}

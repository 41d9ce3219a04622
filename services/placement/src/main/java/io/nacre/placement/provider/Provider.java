package io.nacre.placement.provider;

import io.nacre.placement.PlacementErrors;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that has resources to give: a compute node, a shared disk, a network card.
 *
 * @param generation moves on with every change of the provider, its inventories, traits and aggregates
 * @param rootId the top of its tree; its own id when it has no parent
 */
public record Provider(
        String id,
        String name,
        long generation,
        @Nullable String parentId,
        String rootId,
        Instant createdAt,
        Instant updatedAt) {

    /** Faults with CONFLICT unless the change was decided on this generation. */
    public void requireGeneration(long decidedOn) {
        if (decidedOn != generation) {
            throw PlacementErrors.conflict(
                    PlacementErrors.CONCURRENT_UPDATE,
                    "Resource provider's generation already changed. Please update the generation and try again.");
        }
    }
}

package io.nacre.nova.aggregate;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hosts that belong together; the one whose metadata names an availability zone makes them that zone. */
public record Aggregate(
        long id,
        String uuid,
        String name,
        Map<String, String> metadata,
        List<String> hosts,
        Instant createdAt,
        @Nullable Instant updatedAt) {
    static final String ZONE = "availability_zone";

    @Nullable
    String zone() {
        return metadata.get(ZONE);
    }
}

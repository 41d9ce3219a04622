package io.nacre.nova.flavor;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A size, as it is kept and as a server carries it along.
 *
 * @param id chosen by the operator, often not a UUID
 * @param swapMiB 0 for none, which versions before 2.75 show as an empty string
 */
public record Flavor(
        String id,
        String name,
        int ramMiB,
        int vcpus,
        int diskGiB,
        int ephemeralGiB,
        int swapMiB,
        double rxtxFactor,
        boolean isPublic,
        @Nullable String description,
        Map<String, String> extraSpecs,
        Instant createdAt) {}

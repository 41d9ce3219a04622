package io.nacre.glance.cache;

import io.nacre.config.Bytes;
import io.nacre.config.Doc;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Options of [glance.cache]. */
public record CacheConfig(
        @Doc("Folder on this controller's own disk that keeps copies of images' data. There is no cache without one.")
        @Nullable
        Path folder,

        @Doc("How much it keeps; what was not used for the longest time goes first.")
        Bytes maxSize,

        @Doc("A copy that is not complete after this time is given up.")
        Duration stallTime,

        @Doc("How often images that wait to be fetched are tried again, and copies that are good for nothing removed.")
        Duration period) {

    public static final CacheConfig OFF =
            new CacheConfig(null, Bytes.ofGiB(10), Duration.ofDays(1), Duration.ofMinutes(5));

    public CacheConfig {
        if (!stallTime.isPositive() || !period.isPositive()) {
            throw new IllegalArgumentException("stall_time and period must be positive");
        }
    }
}

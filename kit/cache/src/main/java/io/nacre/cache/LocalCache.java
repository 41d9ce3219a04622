package io.nacre.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.nacre.config.Bytes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A controller's own memory, bounded by the bytes that values take; the least useful go first. */
public final class LocalCache implements Cache {
    /** What an entry takes beside its value, roughly, so that many small values are bounded as well. */
    private static final int OVERHEAD = 200;

    private final com.github.benmanes.caffeine.cache.Cache<String, Cached> entries;
    private final InstantSource clock;

    public LocalCache(Bytes maximum, InstantSource clock) {
        this.clock = clock;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maximum.count())
                .<String, Cached>weigher((name, cached) -> OVERHEAD + cached.value().length)
                .expireAfter(Expiry.<String, Cached>writing((name, cached) -> left(cached)))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .build();
    }

    private Duration left(Cached cached) {
        Duration left = Duration.between(clock.instant(), cached.until());
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public @Nullable Cached get(String name) {
        Cached cached = entries.getIfPresent(name);
        return cached != null && cached.until().isAfter(clock.instant()) ? cached : null;
    }

    @Override
    public void put(String name, Cached cached) {
        if (cached.value().length > LARGEST) {
            entries.invalidate(name);
        } else {
            entries.put(name, cached);
        }
    }

    @Override
    public void invalidate(String name) {
        entries.invalidate(name);
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void close() {
        entries.invalidateAll();
    }
}

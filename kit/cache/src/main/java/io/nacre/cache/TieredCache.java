package io.nacre.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A controller's memory in front of what all controllers share; the memory keeps values for a short time only. */
public final class TieredCache implements Cache {
    private final Cache local;
    private final Cache shared;
    private final Duration localTtl;
    private final InstantSource clock;

    /** @param localTtl how long this controller may miss that another has changed or invalidated a value */
    public TieredCache(Cache local, Cache shared, Duration localTtl, InstantSource clock) {
        this.local = local;
        this.shared = shared;
        this.localTtl = localTtl;
        this.clock = clock;
    }

    @Override
    public @Nullable Cached get(String name) {
        Cached near = local.get(name);
        if (near != null) {
            return near;
        }
        Cached far = shared.get(name);
        if (far != null) {
            local.put(name, shortened(far));
        }
        return far;
    }

    @Override
    public void put(String name, Cached cached) {
        shared.put(name, cached);
        local.put(name, shortened(cached));
    }

    private Cached shortened(Cached cached) {
        Instant latest = clock.instant().plus(localTtl);
        return cached.until().isAfter(latest) ? new Cached(cached.value(), latest) : cached;
    }

    @Override
    public void invalidate(String name) {
        shared.invalidate(name);
        local.invalidate(name);
    }

    @Override
    public boolean isShared() {
        return shared.isShared();
    }

    @Override
    public void close() {
        local.close();
        shared.close();
    }
}

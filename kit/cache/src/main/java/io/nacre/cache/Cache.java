package io.nacre.cache;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A store of bytes that may forget. Names are made by {@link Region}, and hold nothing that is secret. No method
 * throws because the store is out of order.
 */
public interface Cache extends AutoCloseable {
    /** Larger values are not kept; Memcached refuses items above 1 MiB. */
    int LARGEST = 512 * 1024;

    /** Null when it is not there, or its time is over. */
    @Nullable
    Cached get(String name);

    /** Replaces what was there; a value that is too large is forgotten together with what was there. */
    void put(String name, Cached cached);

    void invalidate(String name);

    /** Whether other controllers see what is put here. */
    boolean isShared();

    @Override
    void close();

    /** As the settings have it: memory alone, or memory over Memcached when servers are named. */
    static Cache open(CacheConfig config, InstantSource clock, SecureRandom random) {
        LocalCache local = new LocalCache(config.localMaximum(), clock);
        return config.memcacheServers().isEmpty()
                ? local
                : new TieredCache(local, new MemcachedCache(config, clock, random), config.localTtl(), clock);
    }
}

package io.nacre.cache;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all controllers share. Each name belongs to one server, the same for every controller (rendezvous hashing). */
public final class MemcachedCache implements Cache {
    /** Beyond 30 days Memcached takes the number for a date. */
    private static final long LONGEST = Duration.ofDays(30).toSeconds();

    private final List<MemcachedNode> nodes;
    private final Sealing sealing;
    private final InstantSource clock;

    public MemcachedCache(CacheConfig config, InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.sealing = new Sealing(config.memcacheSecretKey(), random);
        this.nodes = config.memcacheServers().stream()
                .map(server -> new MemcachedNode(server, config.memcacheSocketTimeout(), config.memcacheDeadRetry()))
                .toList();
    }

    /** Another server only when the list of servers changes, not when one is down: it would come back with old values. */
    private MemcachedNode node(String name) {
        return nodes.stream()
                .max(Comparator.comparingInt(node -> mixed((name + '@' + node.server()).hashCode())))
                .orElseThrow();
    }

    /** Spreads what {@link String#hashCode} leaves close together (the finalizer of MurmurHash3). */
    private static int mixed(int hash) {
        int h = hash;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }

    @Override
    public @Nullable Cached get(String name) {
        String sealedName = sealing.name(name);
        byte[] value = node(sealedName).get(sealedName);
        if (value == null) {
            return null;
        }
        Cached cached = sealing.open(sealedName, value);
        if (cached == null) {
            invalidate(name);
            return null;
        }
        return cached.until().isAfter(clock.instant()) ? cached : null;
    }

    @Override
    public void put(String name, Cached cached) {
        Duration left = Duration.between(clock.instant(), cached.until());
        if (cached.value().length > LARGEST || !left.isPositive()) {
            invalidate(name);
            return;
        }
        String sealedName = sealing.name(name);
        // The exact end stands in the value; here a second more, for 0 would mean for ever.
        int seconds = (int) Math.min(LONGEST, left.toSeconds() + 1);
        node(sealedName).put(sealedName, sealing.seal(sealedName, cached), seconds);
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void invalidate(String name) {
        String sealedName = sealing.name(name);
        node(sealedName).invalidate(sealedName);
    }

    @Override
    public void close() {
        nodes.forEach(MemcachedNode::close);
    }
}

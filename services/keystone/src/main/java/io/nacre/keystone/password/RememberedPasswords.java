package io.nacre.keystone.password;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.nacre.base.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Recognises a password that was right a moment ago. What is kept is no password but an HMAC under a key that this
 * process made for itself and never writes down, over the user, the bcrypt hash in force and the password: a new
 * password has another hash, so the old one is forgotten at once, on every controller.
 */
final class RememberedPasswords {
    private static final int MOST = 10_000;

    private final Duration lifetime;
    private final byte[] key;
    private final InstantSource clock;
    private final Cache<String, Entry> entries =
            Caffeine.newBuilder().maximumSize(MOST).build();

    private record Entry(byte[] mark, Instant until) {}

    RememberedPasswords(Duration lifetime, RandomGenerator random, InstantSource clock) {
        this.lifetime = lifetime;
        this.clock = clock;
        this.key = new byte[32];
        random.nextBytes(key);
    }

    boolean knows(String userId, String hash, byte[] password) {
        Entry entry = entries.getIfPresent(userId);
        if (entry == null) {
            return false;
        }
        if (!clock.instant().isBefore(entry.until())) {
            entries.invalidate(userId);
            return false;
        }
        return MessageDigest.isEqual(entry.mark(), mark(userId, hash, password));
    }

    /** The time is counted from the bcrypt check and not prolonged by use. */
    void add(String userId, String hash, byte[] password) {
        if (!lifetime.isZero()) {
            entries.put(
                    userId,
                    new Entry(mark(userId, hash, password), clock.instant().plus(lifetime)));
        }
    }

    private byte[] mark(String userId, String hash, byte[] password) {
        byte[] named = (userId + '\0' + hash + '\0').getBytes(StandardCharsets.UTF_8);
        return Digests.hmacSha256(key, named, password);
    }
}

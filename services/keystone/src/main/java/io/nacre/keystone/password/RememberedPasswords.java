package io.nacre.keystone.password;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Recognises a password that was right a moment ago. What is kept is no password but an HMAC under a key that this
 * process made for itself and never writes down, over the user, the bcrypt hash in force and the password: a new
 * password has another hash, so the old one is forgotten at once, on every controller.
 */
final class RememberedPasswords {
    private static final int MOST = 10_000;

    private final Duration lifetime;
    private final SecretKeySpec key;
    private final InstantSource clock;
    private final Cache<String, Entry> entries =
            Caffeine.newBuilder().maximumSize(MOST).build();

    private record Entry(byte[] mark, Instant until) {}

    RememberedPasswords(Duration lifetime, RandomGenerator random, InstantSource clock) {
        this.lifetime = lifetime;
        this.clock = clock;
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, "HmacSHA256");
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
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(userId.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(hash.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(password);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JVM lacks HmacSHA256", e);
        }
    }
}

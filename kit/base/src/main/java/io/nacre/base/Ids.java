package io.nacre.base;

import java.security.SecureRandom;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Where identifiers come from, so that a simulation can replay them from a seed. */
public final class Ids {
    private final RandomGenerator random;

    private Ids(RandomGenerator random) {
        this.random = random;
    }

    /** Unpredictable identifiers, for production. */
    public static Ids secure() {
        return new Ids(new SecureRandom());
    }

    /** The same identifiers for the same seed, for tests. */
    public static Ids seeded(long seed) {
        return new Ids(new Random(seed));
    }

    /** A version 4 UUID with dashes, the form of most services (RFC 9562). */
    public String uuid() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            high = (high << 8) | (bytes[i] & 0xff);
            low = (low << 8) | (bytes[i + 8] & 0xff);
        }
        return new UUID((high & ~0xf000L) | 0x4000L, (low & 0x3fffffffffffffffL) | 0x8000000000000000L).toString();
    }

    /** 32 hexadecimal digits, keystone's form. */
    public String hex() {
        return uuid().replace("-", "");
    }

    /** A request identifier: {@code req-} and a UUID. */
    public String request() {
        return "req-" + uuid();
    }

    public RandomGenerator random() {
        return random;
    }
}

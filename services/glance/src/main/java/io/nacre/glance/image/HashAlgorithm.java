package io.nacre.glance.image;

import io.nacre.base.Digests;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How an image's data is hashed: os_hash_algo, in the names of Python's hashlib, as far as every JVM has them. */
public enum HashAlgorithm {
    MD5("MD5"),
    SHA1("SHA-1"),
    SHA256("SHA-256"),
    SHA384("SHA-384"),
    SHA512("SHA-512");

    private final String name;

    /** @param name in the JDK */
    HashAlgorithm(String name) {
        this.name = name;
    }

    /** Empty for one that we do not have, and for null. */
    public static Optional<HashAlgorithm> of(@Nullable String wire) {
        return Stream.of(values()).filter(one -> one.wire().equals(wire)).findFirst();
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public MessageDigest digest() {
        return Digests.of(name);
    }

    /** How long a hash is. */
    public int bytes() {
        return digest().getDigestLength();
    }
}

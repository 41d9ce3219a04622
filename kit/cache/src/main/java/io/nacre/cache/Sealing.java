package io.nacre.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns values into what is stored where others may read and write: a byte for the kind of protection, the end of
 * use in milliseconds, the value; signed by HMAC-SHA256 or encrypted by AES-256-GCM. Both bind the name as well, so
 * that one value cannot be put in the place of another.
 */
final class Sealing {
    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);
    private static final String HMAC = "HmacSHA256";
    private static final int MAC_LENGTH = 32;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private final CacheConfig.Protection protection;
    /** First byte of all that is stored: which of the forms it has. */
    private final byte mark;

    private final byte[] nameKey;
    private final byte[] valueKey;
    private final SecureRandom random;

    Sealing(CacheConfig.Protection protection, String secret, SecureRandom random) {
        this.protection = protection;
        this.mark = switch (protection) {
            case NONE -> 'n';
            case MAC -> 'm';
            case ENCRYPT -> 'e';
        };
        this.random = random;
        if (protection == CacheConfig.Protection.NONE) {
            nameKey = new byte[0];
            valueKey = new byte[0];
        } else {
            byte[] root = secret.getBytes(StandardCharsets.UTF_8);
            nameKey = hmac(root, "nacre cache name".getBytes(StandardCharsets.UTF_8));
            valueKey = hmac(root, ("nacre cache " + protection).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The name that is shown to the store, from which one who lacks the secret cannot tell what it belongs to. */
    String name(String name) {
        if (protection == CacheConfig.Protection.NONE) {
            return "nacre:" + name;
        }
        byte[] mac = hmac(nameKey, name.getBytes(StandardCharsets.UTF_8));
        return "nacre:" + Base64.getUrlEncoder().withoutPadding().encodeToString(mac);
    }

    byte[] seal(String name, Cached cached) {
        byte[] plain = ByteBuffer.allocate(Long.BYTES + cached.value().length)
                .putLong(cached.until().toEpochMilli())
                .put(cached.value())
                .array();
        byte[] sealed = switch (protection) {
            case NONE -> plain;
            case MAC -> concat(plain, hmac(valueKey, bound(name, plain)));
            case ENCRYPT -> {
                byte[] nonce = new byte[NONCE_LENGTH];
                random.nextBytes(nonce);
                yield concat(nonce, encrypt(nonce, name, plain));
            }
        };
        return concat(new byte[] {mark}, sealed);
    }

    /** Null for what was not sealed with this secret and this kind of protection. */
    @Nullable
    Cached open(String name, byte[] stored) {
        byte[] plain = stored.length == 0 || stored[0] != mark
                ? null
                : plain(name, Arrays.copyOfRange(stored, 1, stored.length));
        if (plain == null || plain.length < Long.BYTES) {
            LOG.warn("a value in Memcached is not ours, or was tampered with; it is ignored");
            return null;
        }
        Instant until = Instant.ofEpochMilli(ByteBuffer.wrap(plain).getLong());
        return new Cached(Arrays.copyOfRange(plain, Long.BYTES, plain.length), until);
    }

    private byte @Nullable [] plain(String name, byte[] sealed) {
        return switch (protection) {
            case NONE -> sealed;
            case MAC -> {
                if (sealed.length < MAC_LENGTH) {
                    yield null;
                }
                byte[] plain = Arrays.copyOf(sealed, sealed.length - MAC_LENGTH);
                byte[] mac = Arrays.copyOfRange(sealed, plain.length, sealed.length);
                yield MessageDigest.isEqual(mac, hmac(valueKey, bound(name, plain))) ? plain : null;
            }
            case ENCRYPT -> sealed.length < NONCE_LENGTH ? null : decrypt(name, sealed);
        };
    }

    private byte[] encrypt(byte[] nonce, String name, byte[] plain) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has AES-GCM", e);
        }
    }

    private byte @Nullable [] decrypt(String name, byte[] sealed) {
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_LENGTH), name)
                    .doFinal(sealed, NONCE_LENGTH, sealed.length - NONCE_LENGTH);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has AES-GCM", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(valueKey, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** Names all have the same length, so that name and value cannot run into each other. */
    private static byte[] bound(String name, byte[] plain) {
        return concat(name.getBytes(StandardCharsets.UTF_8), plain);
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + HMAC, e);
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}

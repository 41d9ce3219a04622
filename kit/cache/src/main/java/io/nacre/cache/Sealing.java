package io.nacre.cache;

import io.nacre.base.Digests;
import io.nacre.config.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns values into what is stored where others may read and write: the end of use in milliseconds and the value,
 * encrypted and signed by AES-256-GCM. The name is bound as well, so that one value cannot be put in the place of
 * another.
 */
final class Sealing {
    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private final byte[] nameKey;
    private final byte[] valueKey;
    private final SecureRandom random;

    Sealing(Secret secret, SecureRandom random) {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("there is no secret to seal values in Memcached with");
        }
        byte[] root = secret.value().getBytes(StandardCharsets.UTF_8);
        this.nameKey = hmac(root, "nacre cache name");
        this.valueKey = hmac(root, "nacre cache value");
        this.random = random;
    }

    /** The name that is shown to the store, from which one who lacks the secret cannot tell what it belongs to. */
    String name(String name) {
        return "nacre:" + Base64.getUrlEncoder().withoutPadding().encodeToString(hmac(nameKey, name));
    }

    byte[] seal(String name, Cached cached) {
        byte[] plain = ByteBuffer.allocate(Long.BYTES + cached.value().length)
                .putLong(cached.until().toEpochMilli())
                .put(cached.value())
                .array();
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] sealed = encrypt(nonce, name, plain);
        return ByteBuffer.allocate(NONCE_LENGTH + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /** Null for what was not sealed with this secret. */
    @Nullable
    Cached open(String name, byte[] sealed) {
        byte[] plain = sealed.length < NONCE_LENGTH ? null : decrypt(name, sealed);
        if (plain == null) {
            LOG.warn("a value in Memcached is not ours, or was tampered with; it is ignored");
            return null;
        }
        Instant until = Instant.ofEpochMilli(ByteBuffer.wrap(plain).getLong());
        return new Cached(Arrays.copyOfRange(plain, Long.BYTES, plain.length), until);
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

    private static byte[] hmac(byte[] key, String text) {
        return Digests.hmacSha256(key, text.getBytes(StandardCharsets.UTF_8));
    }
}

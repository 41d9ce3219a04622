package io.nacre.keystone.fernet;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The Fernet format (github.com/fernet/spec): version 0x80, eight bytes of time in seconds, an IV, AES-128-CBC, then an
 * HMAC-SHA256 over all of it, in URL-safe base64. As keystone does, tokens are written without the padding of base64
 * and read with or without it.
 */
public final class Fernet {
    private static final byte VERSION = (byte) 0x80;
    private static final int HEAD = 1 + 8 + 16;
    private static final int MAC = 32;
    private static final int BLOCK = 16;

    private Fernet() {}

    /** 256 bits: the first half signs, the second encrypts. Prints nothing of itself. */
    public static final class Key {
        private final SecretKeySpec signing;
        private final SecretKeySpec encryption;

        private Key(byte[] bytes) {
            signing = new SecretKeySpec(bytes, 0, 16, "HmacSHA256");
            encryption = new SecretKeySpec(bytes, 16, 16, "AES");
        }

        /** @throws IllegalArgumentException unless it is the URL-safe base64 of 32 bytes; the text is not repeated */
        public static Key of(String base64) {
            byte[] bytes;
            try {
                bytes = Base64.getUrlDecoder().decode(base64.strip());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("a Fernet key must be URL-safe base64");
            }
            if (bytes.length != 32) {
                throw new IllegalArgumentException("a Fernet key must have 32 bytes, this one has " + bytes.length);
            }
            return new Key(bytes);
        }

        /** A new key as the text of a key file. */
        static String generate(RandomGenerator random) {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            return Base64.getUrlEncoder().encodeToString(bytes);
        }

        @Override
        public String toString() {
            return "Fernet key";
        }
    }

    /** What was in a token, and when it was made. */
    public record Opened(byte[] message, Instant createdAt) {}

    public static String seal(Key key, byte[] message, Instant now, RandomGenerator random) {
        byte[] iv = new byte[16];
        random.nextBytes(iv);
        byte[] encrypted = aes(Cipher.ENCRYPT_MODE, key, iv, message, 0, message.length);
        ByteBuffer token = ByteBuffer.allocate(HEAD + encrypted.length + MAC);
        token.put(VERSION).putLong(now.getEpochSecond()).put(iv).put(encrypted);
        token.put(mac(key, token.array(), token.position()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
    }

    /** Empty when no key fits, the token was tampered with, or it is no Fernet token at all. */
    public static Optional<Opened> open(List<Key> keys, String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token.endsWith("=") ? token.replaceFirst("=+$", "") : token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int encrypted = bytes.length - HEAD - MAC;
        if (encrypted < BLOCK || encrypted % BLOCK != 0 || bytes[0] != VERSION) {
            return Optional.empty();
        }
        int signed = bytes.length - MAC;
        for (Key key : keys) {
            if (MessageDigest.isEqual(mac(key, bytes, signed), Arrays.copyOfRange(bytes, signed, bytes.length))) {
                byte[] iv = Arrays.copyOfRange(bytes, 9, HEAD);
                byte[] message = aes(Cipher.DECRYPT_MODE, key, iv, bytes, HEAD, encrypted);
                return Optional.of(new Opened(
                        message,
                        Instant.ofEpochSecond(ByteBuffer.wrap(bytes, 1, 8).getLong())));
            }
        }
        return Optional.empty();
    }

    private static byte[] mac(Key key, byte[] bytes, int length) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key.signing);
            mac.update(bytes, 0, length);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JVM lacks HmacSHA256", e);
        }
    }

    /** Decryption comes after the signature was checked, so that bad padding tells an attacker nothing. */
    private static byte[] aes(int mode, Key key, byte[] iv, byte[] bytes, int from, int length) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(mode, key.encryption, new IvParameterSpec(iv));
            return cipher.doFinal(bytes, from, length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a signed Fernet token could not be handled", e);
        }
    }
}

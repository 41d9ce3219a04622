package io.nacre.keystone.credential;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keyed hashes that signatures and passcodes are made of. */
final class Hmac {
    private Hmac() {}

    static byte[] sha1(byte[] key, byte[] message) {
        return of("HmacSHA1", key, message);
    }

    static byte[] sha256(byte[] key, byte[] message) {
        return of("HmacSHA256", key, message);
    }

    static byte[] sha256(byte[] key, String message) {
        return sha256(key, message.getBytes(StandardCharsets.UTF_8));
    }

    /** @param key not empty */
    private static byte[] of(String algorithm, byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JVM lacks " + algorithm, e);
        }
    }
}

package io.nacre.keystone.jws;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Keys of the curve P-256 in PEM: private ones as PKCS #8, public ones as SubjectPublicKeyInfo, as the original's. */
final class Pem {
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final int BITS = 256;

    private Pem() {}

    static String of(ECPrivateKey key) {
        return text(PRIVATE, key);
    }

    static String of(ECPublicKey key) {
        return text(PUBLIC, key);
    }

    private static String text(String label, Key key) {
        String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return "-----BEGIN " + label + "-----\n" + encoded + "\n-----END " + label + "-----\n";
    }

    /** @throws IllegalStateException that names the file, when it holds no such key */
    static ECPrivateKey privateKey(Path file) {
        try {
            PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(bytes(file, PRIVATE));
            if (KeyFactory.getInstance("EC").generatePrivate(spec) instanceof ECPrivateKey key
                    && key.getParams().getCurve().getField().getFieldSize() == BITS) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            throw noKey(file, e);
        }
        throw noKey(file, null);
    }

    /** @throws IllegalStateException that names the file, when it holds no such key */
    static ECPublicKey publicKey(Path file) {
        try {
            X509EncodedKeySpec spec = new X509EncodedKeySpec(bytes(file, PUBLIC));
            if (KeyFactory.getInstance("EC").generatePublic(spec) instanceof ECPublicKey key
                    && key.getParams().getCurve().getField().getFieldSize() == BITS) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            throw noKey(file, e);
        }
        throw noKey(file, null);
    }

    private static byte[] bytes(Path file, String label) {
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
            if (text.startsWith(begin) && text.endsWith(end)) {
                return Base64.getMimeDecoder().decode(text.substring(begin.length(), text.length() - end.length()));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw noKey(file, e);
        }
        throw noKey(file, null);
    }

    private static IllegalStateException noKey(Path file, @Nullable Exception cause) {
        return new IllegalStateException(file + " holds no key of the curve P-256 in PEM", cause);
    }
}

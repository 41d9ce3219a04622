package io.nacre.nova.keypair;

import io.nacre.base.Digests;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes key pairs and takes fingerprints, in the forms of nova/crypto.py, 2024.1. */
final class KeyMaker {
    private static final int RSA_BITS = 2048;
    private static final int CERTIFICATE_DAYS = 3650;
    private static final int LINE = 64;
    private static final Pattern SSH_KEY = Pattern.compile("(\\S+)\\s+([A-Za-z0-9+/=]+)(\\s.*)?", Pattern.DOTALL);
    private static final Pattern KEY_TYPE =
            Pattern.compile("ssh-rsa|ssh-dss|ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh.com"
                    + "|sk-ecdsa-sha2-nistp256@openssh.com");
    private static final String SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ALTERNATIVE_NAME = "2.5.29.17";
    private static final String USER_PRINCIPAL_NAME = "1.3.6.1.4.1.311.20.2.3";

    /** @param privateKey told to the user once and forgotten */
    record Made(String publicKey, String privateKey, String fingerprint) {
        @Override
        public String toString() {
            return "key pair " + fingerprint;
        }
    }

    private KeyMaker() {}

    static Made ssh() {
        KeyPair pair = rsa();
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        ByteArrayOutputStream blob = new ByteArrayOutputStream();
        field(blob, "ssh-rsa".getBytes(StandardCharsets.US_ASCII));
        field(blob, key.getPublicExponent().toByteArray());
        field(blob, key.getModulus().toByteArray());
        String text = "ssh-rsa " + Base64.getEncoder().encodeToString(blob.toByteArray()) + " Generated-by-Nova";
        return new Made(
                text, pem("RSA PRIVATE KEY", pkcs1((RSAPrivateCrtKey) pair.getPrivate())), sshFingerprint(text));
    }

    /** A certificate for logins without a password, and its key as PKCS#12 in base64. */
    static Made x509(String userId, Instant now, BigInteger serial) {
        KeyPair pair = rsa();
        try {
            byte[] certificate = certificate(pair, userId, now, serial);
            Certificate parsed =
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", pair.getPrivate(), new char[0], new Certificate[] {parsed});
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, new char[0]);
            String text = pem("CERTIFICATE", certificate);
            return new Made(text, Base64.getEncoder().encodeToString(out.toByteArray()), x509Fingerprint(text));
        } catch (GeneralSecurityException | IOException e) {
            throw Fault.internal("The certificate could not be made.").because(e);
        }
    }

    /** MD5 of the key itself, in pairs of hexadecimal digits; faults with INVALID when it is no key. */
    static String sshFingerprint(String publicKey) {
        Matcher matcher = SSH_KEY.matcher(publicKey.strip());
        try {
            if (matcher.matches() && KEY_TYPE.matcher(matcher.group(1)).matches()) {
                byte[] blob = Base64.getDecoder().decode(matcher.group(2));
                if (matcher.group(1).equals(firstField(blob))) {
                    return pairs(Digests.of("MD5").digest(blob));
                }
            }
        } catch (IllegalArgumentException e) {
            throw invalid("failed to generate fingerprint").because(e);
        }
        throw invalid("failed to generate fingerprint");
    }

    /** SHA-1 of the certificate. */
    static String x509Fingerprint(String pem) {
        try {
            Certificate certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
            return pairs(Digests.of("SHA-1").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw invalid("failed to generate X509 fingerprint. Error message: not a certificate in PEM form")
                    .because(e);
        }
    }

    private static FaultException invalid(String reason) {
        return Fault.invalid("Keypair data is invalid: " + reason);
    }

    private static String pairs(byte[] digest) {
        return HexFormat.ofDelimiter(":").formatHex(digest);
    }

    private static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw Fault.internal("The key could not be made.").because(e);
        }
    }

    private static void field(ByteArrayOutputStream out, byte[] value) {
        out.writeBytes(new byte[] {
            (byte) (value.length >> 24), (byte) (value.length >> 16), (byte) (value.length >> 8), (byte) value.length
        });
        out.writeBytes(value);
    }

    private static String firstField(byte[] blob) {
        if (blob.length < 8) {
            return "";
        }
        int length = ((blob[0] & 0xff) << 24) | ((blob[1] & 0xff) << 16) | ((blob[2] & 0xff) << 8) | (blob[3] & 0xff);
        return length < 0 || length > blob.length - 4 ? "" : new String(blob, 4, length, StandardCharsets.US_ASCII);
    }

    /** The form that OpenSSH of any age reads (RFC 8017, A.1.2). */
    private static byte[] pkcs1(RSAPrivateCrtKey key) {
        return Der.sequence(
                Der.integer(BigInteger.ZERO),
                Der.integer(key.getModulus()),
                Der.integer(key.getPublicExponent()),
                Der.integer(key.getPrivateExponent()),
                Der.integer(key.getPrimeP()),
                Der.integer(key.getPrimeQ()),
                Der.integer(key.getPrimeExponentP()),
                Der.integer(key.getPrimeExponentQ()),
                Der.integer(key.getCrtCoefficient()));
    }

    /** Signed by its own key (RFC 5280). */
    private static byte[] certificate(KeyPair pair, String userId, Instant now, BigInteger serial)
            throws GeneralSecurityException {
        byte[] algorithm = Der.sequence(Der.id(SHA256_WITH_RSA), Der.nothing());
        byte[] name = Der.sequence(Der.set(Der.sequence(Der.id(COMMON_NAME), Der.utf8(userId))));
        byte[] validity =
                Der.sequence(Der.utcTime(utc(now)), Der.utcTime(utc(now.plus(CERTIFICATE_DAYS, ChronoUnit.DAYS))));
        byte[] principal = Der.sequence(Der.context(
                0, join(Der.id(USER_PRINCIPAL_NAME), Der.context(0, Der.utf8(userId + "@localhost")))));
        byte[] extensions = Der.context(
                3,
                Der.sequence(
                        Der.sequence(Der.id(EXTENDED_KEY_USAGE), Der.octets(Der.sequence(Der.id(CLIENT_AUTH)))),
                        Der.sequence(Der.id(ALTERNATIVE_NAME), Der.octets(principal))));
        byte[] body = Der.sequence(
                Der.context(0, Der.integer(BigInteger.TWO)),
                Der.integer(serial),
                algorithm,
                name,
                validity,
                name,
                pair.getPublic().getEncoded(),
                extensions);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        return Der.sequence(body, algorithm, Der.bits(signature.sign()));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static String utc(Instant at) {
        return DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").format(at.atOffset(ZoneOffset.UTC));
    }

    private static String pem(String kind, byte[] der) {
        String text = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }
}

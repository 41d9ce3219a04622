package io.nacre.glance.signature;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.glance.image.Image;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * Makes the checks of images that are signed. The properties and their values are those of the original's
 * {@code cursive}. What is verified is what goes into the stores: an import that unpacks or converts an image verifies what
 * became of it, as in the original.
 */
public final class Signatures {
    private static final String SIGNATURE = "img_signature";
    private static final String HASH = "img_signature_hash_method";
    private static final String KEY_TYPE = "img_signature_key_type";
    private static final String CERTIFICATE = "img_signature_certificate_uuid";

    private static final Map<String, Integer> HASH_BYTES =
            Map.of("SHA-224", 28, "SHA-256", 32, "SHA-384", 48, "SHA-512", 64);
    private static final String PSS = "RSA-PSS";
    private static final String CURVE = "ECC_";
    private static final List<String> CURVES = List.of("ECC_SECP384R1", "ECC_SECP521R1");
    /** Those over binary fields, which the JDK does not know. */
    private static final List<String> BINARY_CURVES =
            List.of("ECC_SECT409K1", "ECC_SECT409R1", "ECC_SECT571K1", "ECC_SECT571R1");

    private static final Pattern DASH = Pattern.compile("-");

    private final Certificates certificates;
    private final Supplier<String> serviceToken;

    /** @param serviceToken for whom the key manager is asked when nobody waits for the answer */
    public Signatures(SignatureConfig config, Supplier<String> serviceToken) {
        this.certificates = new Certificates(config);
        this.serviceToken = serviceToken;
    }

    static FaultException refused(String reason) {
        return Fault.invalid("Signature verification for the image failed: " + reason + ".");
    }

    /**
     * The check of an image's data; null when the image is not signed. Faults with INVALID when what is said of the
     * signature makes no sense, or its certificate is not there.
     *
     * @param token of whoever brings the data; null for the service itself
     */
    public @Nullable SignatureCheck of(Image image, @Nullable String token) {
        Map<String, String> said = image.properties();
        String signature = said.get(SIGNATURE);
        String hash = said.get(HASH);
        String type = said.get(KEY_TYPE);
        String certificate = said.get(CERTIFICATE);
        if (signature == null || hash == null || type == null || certificate == null) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(signature);
        } catch (IllegalArgumentException e) {
            throw refused("The signature data was not properly encoded using base64")
                    .because(e);
        }
        if (!HASH_BYTES.containsKey(hash)) {
            throw refused("Invalid signature hash method: " + hash);
        }
        boolean binary = BINARY_CURVES.contains(type);
        if (!type.equals(PSS) && !type.equals("DSA") && !CURVES.contains(type) && !binary) {
            throw refused("Invalid signature key type: " + type);
        }
        Provider provider = binary ? BinaryCurves.PROVIDER : null;
        PublicKey key = certificates
                .find(certificate, token == null ? serviceToken.get() : token, provider)
                .getPublicKey();
        try {
            return new SignatureCheck(verifier(type, hash, key, provider), key, bytes);
        } catch (GeneralSecurityException e) {
            throw refused("The key of the certificate cannot be used").because(e);
        }
    }

    /** Made for the first image that needs it, and known to nobody else. */
    private static final class BinaryCurves {
        static final Provider PROVIDER = new BouncyCastleProvider();
    }

    private static Signature verifier(String type, String hash, PublicKey key, @Nullable Provider provider)
            throws GeneralSecurityException {
        String digest = DASH.matcher(hash).replaceFirst("");
        if (type.equals(PSS) && key instanceof RSAPublicKey rsa) {
            Signature verifier = Signature.getInstance("RSASSA-PSS");
            // As long a salt as the key has room for (RFC 8017, section 9.1.1).
            int room = Math.ceilDiv(rsa.getModulus().bitLength() - 1, 8) - HASH_BYTES.getOrDefault(hash, 0) - 2;
            verifier.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), room, 1));
            return verifier;
        }
        if (type.equals("DSA") && key instanceof DSAPublicKey) {
            return Signature.getInstance(digest + "withDSA");
        }
        if (type.startsWith(CURVE) && key instanceof ECPublicKey) {
            String name = digest + "withECDSA";
            return provider == null ? Signature.getInstance(name) : Signature.getInstance(name, provider);
        }
        throw refused("Invalid public key type for signature key type: " + type);
    }
}

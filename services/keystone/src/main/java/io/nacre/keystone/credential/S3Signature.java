package io.nacre.keystone.credential;

import io.nacre.base.Digests;
import io.nacre.keystone.auth.Authorizations;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/** The signature over what a client of S3 says to have signed: by HMAC-SHA1, or version 4. */
final class S3Signature {
    private static final Set<String> SERVICES = Set.of("s3", "iam", "sts");

    private S3Signature() {}

    /** @param token the signed text in URL-safe base64 */
    static String of(String secret, String token) {
        byte[] signed;
        try {
            signed = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw Authorizations.denied(e);
        }
        String text = new String(signed, StandardCharsets.ISO_8859_1);
        return text.startsWith("AWS4")
                ? fourth(secret, text, signed)
                : Base64.getEncoder().encodeToString(Digests.hmacSha1(secret.getBytes(StandardCharsets.UTF_8), signed));
    }

    private static String fourth(String secret, String text, byte[] signed) {
        String[] lines = text.split("\n", -1);
        String[] scope = lines.length == 4 ? lines[2].split("/", -1) : new String[0];
        if (scope.length != 4
                || !lines[0].equals("AWS4-HMAC-SHA256")
                || !scope[3].equals("aws4_request")
                || !SERVICES.contains(scope[2])) {
            throw Authorizations.denied();
        }
        byte[] key = Ec2Signature.derivedKey(secret, scope[0], scope[1], scope[2]);
        return HexFormat.of().formatHex(Digests.hmacSha256(key, signed));
    }
}

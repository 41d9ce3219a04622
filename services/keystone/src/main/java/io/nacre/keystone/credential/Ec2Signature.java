package io.nacre.keystone.credential;

import io.nacre.base.Digests;
import io.nacre.keystone.auth.Authorizations;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The signature that a request to an API of Amazon must bear, versions 0, 1, 2 and 4, over the same bytes as
 * keystoneclient.contrib.ec2.utils.
 *
 * @param secret what belongs to the access key
 */
record Ec2Signature(String secret) {
    private static final String V4 = "AWS4-HMAC-SHA256";

    /** These leave the port out of the host that they sign. */
    private static final Pattern OLD_BOTO = Pattern.compile("Boto/2\\.[0-9]\\.[0-2]");

    /** @param host as the request has it, or without the port for clients that sign it so */
    String of(SignedRequest request, String host) {
        String version = request.parameter("SignatureVersion");
        if ("0".equals(version)) {
            return base64(Digests.hmacSha1(
                    bytes(secret),
                    bytes(SignedRequest.required(request.parameter("Action"))
                            + SignedRequest.required(request.parameter("Timestamp")))));
        }
        if ("1".equals(version)) {
            return first(request);
        }
        if ("2".equals(version)) {
            return second(request, host);
        }
        String authorization = request.header("Authorization");
        if (authorization != null ? authorization.startsWith(V4) : V4.equals(request.parameter("X-Amz-Algorithm"))) {
            return fourth(request);
        }
        throw Authorizations.denied();
    }

    private String first(SignedRequest request) {
        String all = request.parameters().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toLowerCase(Locale.ROOT)))
                .map(entry -> entry.getKey() + entry.getValue())
                .collect(Collectors.joining());
        return base64(Digests.hmacSha1(bytes(secret), bytes(all)));
    }

    private String second(SignedRequest request, String host) {
        TreeMap<String, String> parameters = request.parameters();
        parameters.put("SignatureMethod", "HmacSHA256");
        String text = request.text("verb") + "\n" + host + "\n" + request.text("path") + "\n" + query(parameters);
        return base64(Digests.hmacSha256(bytes(secret), bytes(text)));
    }

    private String fourth(SignedRequest request) {
        String signedHeaders = authentication(request, "SignedHeaders");
        String canonical = String.join(
                "\n",
                request.text("verb").toUpperCase(Locale.ROOT),
                request.text("path"),
                request.text("verb").equalsIgnoreCase("POST") ? "" : query(request.parameters()),
                headers(request, signedHeaders),
                signedHeaders,
                request.text("body_hash"));
        String[] credential = authentication(request, "Credential").split("/", -1);
        String date = request.header("X-Amz-Date");
        String signedAt = SignedRequest.required(date == null ? request.parameter("X-Amz-Date") : date);
        if (credential.length < 4 || !signedAt.startsWith(credential[1])) {
            throw Authorizations.denied();
        }
        String scope = String.join("/", credential).substring(credential[0].length() + 1);
        String text = String.join("\n", V4, signedAt, scope, Digests.hex("SHA-256", canonical));
        return HexFormat.of()
                .formatHex(Digests.hmacSha256(
                        derivedKey(secret, credential[1], credential[2], credential[3]), bytes(text)));
    }

    static byte[] derivedKey(String secret, String date, String region, String service) {
        byte[] ofDate = Digests.hmacSha256(bytes("AWS4" + secret), bytes(date));
        byte[] ofService = Digests.hmacSha256(Digests.hmacSha256(ofDate, bytes(region)), bytes(service));
        return Digests.hmacSha256(ofService, bytes("aws4_request"));
    }

    /** From the header Authorization, or when there is none from the query. */
    private static String authentication(SignedRequest request, String name) {
        String header = request.header("Authorization");
        if (header == null) {
            return SignedRequest.required(request.parameter("X-Amz-" + name));
        }
        int at = header.indexOf(name + "=");
        return at < 0 ? "" : header.substring(at + name.length() + 1).split(",", -1)[0];
    }

    private static String headers(SignedRequest request, String signed) {
        Map<String, String> headers = new TreeMap<>();
        request.headers()
                .forEach((name, value) ->
                        headers.put(name.toLowerCase(Locale.ROOT).strip(), value.strip()));
        @Nullable String agent = headers.get("user-agent");
        if (agent != null && OLD_BOTO.matcher(agent).lookingAt()) {
            headers.computeIfPresent("host", (name, value) -> value.split(":", -1)[0]);
        }
        return Pattern.compile(";")
                        .splitAsStream(signed)
                        .filter(headers::containsKey)
                        .map(name -> name + ":" + headers.get(name))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    private static String query(TreeMap<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + "=" + quoted(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** All but what RFC 3986 leaves unreserved is written as percent and two digits. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length());
        for (byte each : bytes(text)) {
            char c = (char) (each & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                quoted.append(c);
            } else {
                quoted.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        return quoted.toString();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

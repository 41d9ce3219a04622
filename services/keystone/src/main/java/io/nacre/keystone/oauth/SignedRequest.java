package io.nacre.keystone.oauth;

import io.nacre.base.Digests;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.http.Request;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request with an Authorization header of the scheme OAuth. It is signed with HMAC-SHA1 over its method, URL and
 * parameters (RFC 5849, 3.4), and good for ten minutes, as oauthlib has it for keystone.
 */
public final class SignedRequest {
    private static final Duration TOLERANCE = Duration.ofMinutes(10);
    private static final int LONGEST = 4096;
    private static final String SIGNATURE = "oauth_signature";
    private static final Pattern PARAMETER = Pattern.compile("\\s*([^=\\s,\"]+)=\"([^\"]*)\"\\s*(,|$)");
    private static final List<String> MANDATORY =
            List.of(SIGNATURE, "oauth_consumer_key", "oauth_nonce", "oauth_timestamp", "oauth_signature_method");

    private final String method;
    private final String url;
    private final Map<String, List<String>> query;
    private final Map<String, String> sent;

    SignedRequest(String method, String url, Map<String, List<String>> query, String authorization) {
        this.method = method;
        this.url = normalized(url);
        this.query = query;
        this.sent = parameters(authorization);
    }

    /** Faults with INVALID when there is no such header or it is not well formed. */
    static SignedRequest of(Request request) {
        Map<String, List<String>> query = new HashMap<>();
        request.query().names().forEach(name -> query.put(name, request.query().all(name)));
        return new SignedRequest(request.method(), request.baseUrl() + request.path(), query, authorization(request));
    }

    /** As logins are signed: keystoneauth does so before it puts {@code nocatalog} into the query. */
    public static SignedRequest withoutQuery(Request request) {
        return new SignedRequest(
                request.method(), request.baseUrl() + request.path(), Map.of(), authorization(request));
    }

    private static String authorization(Request request) {
        String header = request.header("Authorization");
        if (header == null) {
            throw Fault.invalid("No Authorization headers found, cannot proceed with OAuth related calls.");
        }
        return header;
    }

    private static Map<String, String> parameters(String header) {
        if (header.length() > LONGEST || !header.regionMatches(true, 0, "OAuth ", 0, 6)) {
            throw malformed();
        }
        Map<String, String> found = new HashMap<>();
        Matcher parameter = PARAMETER.matcher(header).region(6, header.length());
        while (parameter.lookingAt()) {
            if (found.put(decoded(parameter.group(1)), decoded(parameter.group(2))) != null) {
                throw refused("Duplicate OAuth1 entries.");
            }
            parameter.region(parameter.end(), header.length());
        }
        if (parameter.regionStart() != header.length()) {
            throw malformed();
        }
        return found;
    }

    /** Null when it is not there or empty. */
    @Nullable
    String parameter(String name) {
        String value = sent.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    String required(String name) {
        String value = parameter(name);
        if (value == null) {
            throw Fault.invalid("Expecting to find " + name + " in request.");
        }
        return value;
    }

    /** Faults with INVALID for what no secret could make right. */
    void requireWellFormed(Instant now) {
        if (MANDATORY.stream().anyMatch(name -> parameter(name) == null)) {
            throw refused("Missing mandatory OAuth parameters.");
        }
        if (query.keySet().stream().anyMatch(name -> name.startsWith("oauth_"))) {
            throw refused("OAuth parameters must come from the Authorization header alone.");
        }
        if (!"HMAC-SHA1".equals(parameter("oauth_signature_method"))) {
            throw refused("Invalid signature method, it must be HMAC-SHA1.");
        }
        if (!"1.0".equals(sent.getOrDefault("oauth_version", "1.0"))) {
            throw refused("Invalid OAuth version.");
        }
        String timestamp = required("oauth_timestamp");
        if (!timestamp.matches("[0-9]{10}")) {
            throw refused("Timestamp must be an integer of ten digits.");
        }
        Duration off = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now);
        if (off.abs().compareTo(TOLERANCE) > 0) {
            throw refused(
                    "Timestamp given is invalid, differ from allowed by over " + TOLERANCE.toSeconds() + " seconds.");
        }
    }

    /** @param tokenSecret empty while there is no token */
    boolean isSignedWith(String consumerSecret, String tokenSecret) {
        byte[] key = (encoded(consumerSecret) + "&" + encoded(tokenSecret)).getBytes(StandardCharsets.UTF_8);
        byte[] right = Digests.hmacSha1(key, text().getBytes(StandardCharsets.UTF_8));
        return MessageDigest.isEqual(
                Base64.getEncoder().encode(right),
                sent.getOrDefault(SIGNATURE, "").getBytes(StandardCharsets.UTF_8));
    }

    /** What is signed. */
    private String text() {
        Stream<String[]> header = sent.entrySet().stream()
                .filter(entry -> !List.of(SIGNATURE, "realm").contains(entry.getKey()))
                .map(entry -> new String[] {entry.getKey(), entry.getValue()});
        Stream<String[]> asked = query.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(value -> new String[] {entry.getKey(), value}));
        String parameters = Stream.concat(header, asked)
                .map(pair -> new String[] {encoded(pair[0]), encoded(pair[1])})
                .sorted(Comparator.comparing((String[] pair) -> pair[0]).thenComparing(pair -> pair[1]))
                .map(pair -> pair[0] + "=" + pair[1])
                .collect(Collectors.joining("&"));
        return String.join("&", List.of(encoded(method.toUpperCase(Locale.ROOT)), encoded(url), encoded(parameters)));
    }

    private static String normalized(String url) {
        try {
            URI uri = new URI(url);
            String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
            String authority =
                    Objects.requireNonNullElse(uri.getRawAuthority(), "").toLowerCase(Locale.ROOT);
            String standard = scheme.equals("https") ? ":443" : ":80";
            return scheme + "://"
                    + (authority.endsWith(standard)
                            ? authority.substring(0, authority.length() - standard.length())
                            : authority)
                    + uri.getRawPath();
        } catch (URISyntaxException e) {
            throw Fault.invalid("The URL is not well formed.").because(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed().because(e);
        }
    }

    private static FaultException malformed() {
        return Fault.invalid("Malformed authorization header");
    }

    private static FaultException refused(String detail) {
        return Fault.invalid("Validation failed with errors: invalid_request, detail message is: " + detail);
    }
}

package io.nacre.keystone.federation;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.nacre.base.Digests;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import io.nacre.config.Secret;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.mapping.rule.Assertion;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * An OpenID Connect provider. Its signed tokens are checked here, with the keys that it publishes; about opaque ones it
 * is asked. What it publishes of itself is read when it is first needed.
 */
final class OpenIdProvider implements BrowserProvider {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LONGEST = 16 * 1024;
    private static final int LARGEST_DOCUMENT = 256 * 1024;
    /** For clocks that are not quite alike. */
    private static final Duration LEEWAY = Duration.ofSeconds(60);

    /** Signatures that only the provider can make; never those of a secret that a client knows as well. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final OpenIdConfig config;
    private final InstantSource clock;
    private final DefaultResourceRetriever documents =
            new DefaultResourceRetriever((int) PATIENCE.toMillis(), (int) PATIENCE.toMillis(), LARGEST_DOCUMENT);
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private volatile @Nullable Known known;

    /** What the provider publishes of itself. */
    private record Known(JsonNode metadata, JWKSource<SecurityContext> keys) {}

    /** @param clock by which tokens end */
    OpenIdProvider(OpenIdConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /** The claims of an access token that is good and for this cloud; faults with UNAUTHENTICATED for any other. */
    Map<String, Object> claimsOfAccessToken(String token) {
        if (token.isBlank() || token.length() > LONGEST) {
            throw Authorizations.denied();
        }
        Map<String, Object> claims =
                token.chars().filter(c -> c == '.').count() == 2 ? signed(token) : introspected(token);
        if (!isForUs(claims)) {
            throw Authorizations.denied(new IllegalArgumentException("the access token is for somebody else"));
        }
        return claims;
    }

    @Override
    public String loginPage(BrowserLogin begun, String callback) {
        String page = endpoint("authorization_endpoint");
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", config.clientId());
        parameters.put("redirect_uri", callback);
        parameters.put("scope", config.scope());
        parameters.put("state", begun.state());
        parameters.put("nonce", begun.nonce());
        parameters.put("code_challenge", challenge(begun.verifier()));
        parameters.put("code_challenge_method", "S256");
        return page + (page.contains("?") ? "&" : "?") + form(parameters);
    }

    private static String challenge(String verifier) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Digests.of("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public boolean answersByForm() {
        return false;
    }

    @Override
    public Assertion assertion(Function<String, @Nullable String> answer, BrowserLogin begun, String callback) {
        String code = answer.apply("code");
        if (code == null) {
            throw Authorizations.denied(
                    new IllegalStateException("the identity provider says " + answer.apply("error")));
        }
        String speaker = answer.apply("iss");
        if (speaker != null && !speaker.equals(config.issuer())) {
            throw Authorizations.denied(new IllegalArgumentException("the code is of another identity provider"));
        }
        return OpenIdClaims.assertion(claimsOfCode(code, begun, callback));
    }

    /** Those of the provider's endpoint for user information included. */
    private Map<String, Object> claimsOfCode(String code, BrowserLogin begun, String callback) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "authorization_code");
        parameters.put("code", code);
        parameters.put("redirect_uri", callback);
        parameters.put("code_verifier", begun.verifier());
        JsonNode answer = post("token_endpoint", parameters);
        Map<String, Object> claims = signed(answer.path("id_token").asString(""));
        Object party = claims.get("azp");
        if (!names(claims.get("aud"), config.clientId())
                || (party != null && !config.clientId().equals(party))
                || !begun.nonce().equals(claims.get("nonce"))) {
            throw Authorizations.denied(new IllegalArgumentException("the identity token is for another login"));
        }
        Map<String, Object> all = new LinkedHashMap<>(
                userInformation(answer.path("access_token").asString(""), String.valueOf(claims.get("sub"))));
        all.putAll(claims);
        return all;
    }

    private Map<String, Object> userInformation(String accessToken, String subject) {
        if (accessToken.isEmpty() || !known().metadata().has("userinfo_endpoint")) {
            return Map.of();
        }
        JsonNode answer = answer(HttpRequest.newBuilder(URI.create(endpoint("userinfo_endpoint")))
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + accessToken)
                .build());
        if (!subject.equals(answer.path("sub").asString(""))) {
            throw Authorizations.denied(new IllegalArgumentException("the user information is about somebody else"));
        }
        return Json.map(answer);
    }

    private boolean isForUs(Map<String, Object> claims) {
        if (config.audience() != null) {
            return names(claims.get("aud"), config.audience());
        }
        return names(claims.get("aud"), config.clientId())
                || config.clientId().equals(claims.get("azp"))
                || config.clientId().equals(claims.get("client_id"));
    }

    private static boolean names(@Nullable Object audience, String name) {
        return audience instanceof Iterable<?> all
                ? StreamSupport.stream(all.spliterator(), false).anyMatch(name::equals)
                : name.equals(audience);
    }

    private Map<String, Object> signed(String token) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, known().keys()));
        DefaultJWTClaimsVerifier<SecurityContext> verifier =
                new DefaultJWTClaimsVerifier<>(
                        new JWTClaimsSet.Builder().issuer(config.issuer()).build(), Set.of("exp", "sub")) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        verifier.setMaxClockSkew((int) LEEWAY.toSeconds());
        processor.setJWTClaimsSetVerifier(verifier);
        try {
            return processor.process(token, null).toJSONObject();
        } catch (ParseException | BadJOSEException e) {
            throw Authorizations.denied(e);
        } catch (JOSEException e) {
            throw unreachable(e);
        }
    }

    private Map<String, Object> introspected(String token) {
        JsonNode answer = post("introspection_endpoint", Map.of("token", token, "token_type_hint", "access_token"));
        boolean foreign =
                answer.has("iss") && !config.issuer().equals(answer.get("iss").asString(""));
        long end = answer.path("exp").asLong(Long.MAX_VALUE);
        if (!answer.path("active").asBoolean(false)
                || foreign
                || end <= clock.instant().getEpochSecond()) {
            throw Authorizations.denied();
        }
        Map<String, Object> claims = Json.map(answer);
        claims.putIfAbsent("iss", config.issuer());
        return claims;
    }

    private JsonNode post(String endpoint, Map<String, String> parameters) {
        Secret secret = config.clientSecret();
        Map<String, String> all = new LinkedHashMap<>(parameters);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint(endpoint)))
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json");
        if (secret == null) {
            all.put("client_id", config.clientId());
        } else {
            String pair = encoded(config.clientId()) + ":" + encoded(secret.value());
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return answer(request.POST(BodyPublishers.ofString(form(all))).build());
    }

    private JsonNode answer(HttpRequest request) {
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() >= 500) {
                    throw unreachable(new IOException("status " + response.statusCode()));
                }
                if (response.statusCode() != 200) {
                    throw Authorizations.denied(
                            new IOException("the identity provider answers " + response.statusCode()));
                }
                return Json.MAPPER.readTree(body.readNBytes(LARGEST_DOCUMENT));
            }
        } catch (IOException | JacksonException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String endpoint(String name) {
        String endpoint = known().metadata().path(name).asString("");
        if (endpoint.isEmpty()) {
            throw Authorizations.denied(new IllegalStateException("the identity provider has no " + name));
        }
        return endpoint;
    }

    private Known known() {
        Known now = known;
        if (now == null) {
            synchronized (this) {
                now = known;
                if (now == null) {
                    now = read();
                    known = now;
                }
            }
        }
        return now;
    }

    private Known read() {
        String issuer = config.issuer();
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        try {
            JsonNode metadata = Json.MAPPER.readTree(documents
                    .retrieveResource(URI.create(base + "/.well-known/openid-configuration")
                            .toURL())
                    .getContent());
            if (!issuer.equals(metadata.path("issuer").asString(""))) {
                throw unreachable(new IOException("it says that it is " + metadata.path("issuer")));
            }
            return new Known(
                    metadata,
                    JWKSourceBuilder.<SecurityContext>create(
                                    URI.create(metadata.path("jwks_uri").asString(""))
                                            .toURL(),
                                    documents)
                            .retrying(true)
                            .build());
        } catch (IOException | IllegalArgumentException | JacksonException e) {
            throw unreachable(e);
        }
    }

    private FaultException unreachable(Exception cause) {
        return Fault.of(Fault.Kind.UPSTREAM, "BadGateway", "The identity provider cannot be asked.")
                .because(cause);
    }
}

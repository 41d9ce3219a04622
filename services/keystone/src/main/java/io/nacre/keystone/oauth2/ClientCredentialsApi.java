package io.nacre.keystone.oauth2;

import io.nacre.base.FaultException;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.auth.ClientCertificate;
import io.nacre.keystone.auth.ClientCertificates;
import io.nacre.keystone.auth.Login;
import io.nacre.keystone.token.Token;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "OS-OAUTH2": the token endpoint, {@code POST /v3/OS-OAUTH2/token} with a form. */
public final class ClientCredentialsApi {
    private static final String PATH = "/v3/OS-OAUTH2/token";
    private static final String BASIC = "Basic ";

    private final Login login;
    private final CertificateLogin certificateLogin;
    private final ClientCertificates certificates;

    public ClientCredentialsApi(Login login, CertificateLogin certificateLogin, ClientCertificates certificates) {
        this.login = login;
        this.certificateLogin = certificateLogin;
        this.certificates = certificates;
    }

    /** The other methods are there because they are refused without a token, and in the words of OAuth. */
    public List<Route> routes() {
        Route issue = Route.post(PATH)
                .open()
                .media("application/x-www-form-urlencoded")
                .to(this::issue);
        return Stream.concat(
                        Stream.of(issue),
                        Stream.of(Route.get(PATH), Route.put(PATH), Route.patch(PATH), Route.delete(PATH))
                                .map(builder -> builder.open().to(request -> {
                                    throw OAuth2Refusal.methodNotAllowed();
                                })))
                .toList();
    }

    private Response issue(Request request) {
        String grant = parameter(request, "grant_type");
        if (grant == null) {
            throw OAuth2Refusal.invalidRequest("The parameter grant_type is required.");
        }
        if (!grant.equals("client_credentials")) {
            throw OAuth2Refusal.unsupportedGrant(grant);
        }
        try {
            return told(issued(request));
        } catch (FaultException e) {
            throw OAuth2Refusal.of(e).because(e);
        }
    }

    /** A certificate comes before a secret. */
    private Login.Issued issued(Request request) {
        Optional<ClientCertificate> certificate = certificates.of(request::header);
        if (certificate.isEmpty()) {
            Client client = client(request);
            return login.byCredential(client.id(), client.secret());
        }
        String id = parameter(request, "client_id");
        if (id == null || id.isEmpty()) {
            throw OAuth2Refusal.invalidClient();
        }
        return certificateLogin.login(id, certificate.get());
    }

    /** Nobody keeps the answer (RFC 6749, section 5.1). */
    private static Response told(Login.Issued issued) {
        Token token = issued.authorization().token();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("access_token", issued.text());
        told.put("token_type", "Bearer");
        told.put(
                "expires_in",
                Duration.between(token.issuedAt(), token.expiresAt()).toSeconds());
        return Response.json(200, told).header("Cache-Control", "no-store");
    }

    private record Client(String id, String secret) {
        /** Names no secret. */
        @Override
        public String toString() {
            return "Client[" + id + "]";
        }
    }

    /** As the Authorization header says, else as the form does. */
    private static Client client(Request request) {
        String header = request.header("Authorization");
        String id = parameter(request, "client_id");
        String secret = parameter(request, "client_secret");
        if (header != null && header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            String[] parts = decoded(header.substring(BASIC.length()).strip()).split(":", 2);
            id = parts[0];
            secret = parts.length == 2 ? parts[1] : null;
        }
        if (id == null || id.isEmpty() || secret == null || secret.isEmpty()) {
            throw OAuth2Refusal.invalidClient();
        }
        return new Client(id, secret);
    }

    private static String decoded(String basic) {
        try {
            return new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw OAuth2Refusal.invalidClient().because(e);
        }
    }

    private static @Nullable String parameter(Request request, String name) {
        JsonNode value = request.hasBody() ? request.json().get(name) : null;
        return value == null || !value.isString() ? null : value.asString();
    }
}

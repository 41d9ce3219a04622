package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tokens by OAuth 2.0's client credentials grant. */
@EveryEngine(migrations = "db/keystone")
class OAuth2Test {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Map<String, String> GRANT = Map.of("grant_type", "client_credentials");

    @TempDir
    Path keys;

    private final HttpClient client = HttpClient.newHttpClient();
    private KeystoneServer cloud;
    private String admin;
    private String ann;
    private String id;
    private String secret;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        admin = cloud.admin();
        String blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        cloud.grant(admin, blue, ann, cloud.role(admin, "member"));
        credential(Map.of("name", "robot"));
    }

    @AfterEach
    void stop() {
        client.close();
        cloud.close();
    }

    private void credential(Map<String, ?> attributes) {
        Answer made = cloud.post(
                cloud.token("ann", "pw", KeystoneServer.project("blue")),
                "/v3/users/" + ann + "/application_credentials",
                Map.of("application_credential", attributes));
        id = made.id("application_credential");
        secret = made.json().at("/application_credential/secret").asString();
    }

    private Answer send(String method, @Nullable String authorization, String type, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(cloud.url + "/v3/OS-OAUTH2/token"))
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    method.equals("HEAD") ? Json.object() : Json.MAPPER.readTree(response.body()),
                    response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String form(Map<String, String> values) {
        return values.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static void isRefused(Answer answer, int status, String error) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        assertThat(answer.json().propertyNames()).containsExactlyInAnyOrder("error", "error_description");
        assertThat(answer.json().get("error").asString()).isEqualTo(error);
        assertThat(answer.header("WWW-Authenticate").startsWith("Keystone uri="))
                .isEqualTo(status == 401);
    }

    @Test
    void anApplicationCredentialGivesATokenForItsProject() {
        Answer told = send("POST", basic(id, secret), FORM, form(GRANT));
        assertThat(told.status()).isEqualTo(200);
        assertThat(told.json().propertyNames()).containsExactly("access_token", "token_type", "expires_in");
        assertThat(told.json().get("token_type").asString()).isEqualTo("Bearer");
        assertThat(told.json().get("expires_in").asInt()).isEqualTo(3600);
        assertThat(told.header("Cache-Control")).isEqualTo("no-store");
        String token = told.json().get("access_token").asString();
        JsonNode meaning = cloud.validate(admin, token).json().get("token");
        assertThat(meaning.at("/application_credential/id").asString()).isEqualTo(id);
        assertThat(meaning.at("/project/name").asString()).isEqualTo("blue");
        assertThat(meaning.at("/methods/0").asString()).isEqualTo("application_credential");

        Map<String, String> inTheForm = new HashMap<>(GRANT);
        inTheForm.put("client_id", id);
        inTheForm.put("client_secret", secret);
        assertThat(send("POST", null, FORM + "; charset=UTF-8", form(inTheForm)).status())
                .isEqualTo(200);
    }

    @Test
    void theTokenIsABearerTokenAndOneAsAnyOther() {
        String token = send("POST", basic(id, secret), FORM, form(GRANT))
                .json()
                .get("access_token")
                .asString();
        assertThat(cloud.get(token, "/v3/auth/projects").each("projects", "name"))
                .containsExactly("blue");
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + token);
        assertThat(cloud.send("GET", "/v3/auth/catalog", null, null, bearer).status())
                .isEqualTo(200);
        assertThat(cloud.send("GET", "/v3/users", null, null, bearer).status()).isEqualTo(403);
        assertThat(cloud.send("GET", "/v3/users", "nonsense", null, bearer).status())
                .isEqualTo(401);
        for (String wrong : List.of("Bearer", "Bearer ", "Bearer nonsense", "Basic " + token)) {
            assertThat(cloud.send("GET", "/v3/auth/projects", null, null, Map.of("Authorization", wrong))
                            .status())
                    .as(wrong)
                    .isEqualTo(401);
        }
    }

    @Test
    void theTokenEndsWithTheCredentialAndKeepsItsRules() {
        Map<String, ?> rule = Map.of("service", "identity", "method", "GET", "path", "/v3/auth/projects");
        credential(Map.of("name", "brief", "expires_at", "2026-01-02T03:14:05.000000", "access_rules", List.of(rule)));
        JsonNode told = send("POST", basic(id, secret), FORM, form(GRANT)).json();
        assertThat(told.get("expires_in").asInt()).isEqualTo(600);
        String token = told.get("access_token").asString();
        assertThat(cloud.get(token, "/v3/auth/projects").status()).isEqualTo(200);
        assertThat(cloud.get(token, "/v3/auth/catalog").status()).isEqualTo(401);
    }

    @Test
    void whatIsWrongIsSaidInTheWordsOfOAuth() {
        isRefused(send("POST", basic(id, "wrong"), FORM, form(GRANT)), 401, "invalid_client");
        isRefused(send("POST", basic("nobody", secret), FORM, form(GRANT)), 401, "invalid_client");
        isRefused(send("POST", basic(id, ""), FORM, form(GRANT)), 401, "invalid_client");
        isRefused(send("POST", "Basic " + id, FORM, form(GRANT)), 401, "invalid_client");
        isRefused(send("POST", "Basic !!!", FORM, form(GRANT)), 401, "invalid_client");
        isRefused(send("POST", null, FORM, form(GRANT)), 401, "invalid_client");
        isRefused(send("POST", null, FORM, "grant_type=client_credentials&client_id=" + id), 401, "invalid_client");
        isRefused(send("POST", basic(id, secret), FORM, ""), 400, "invalid_request");
        isRefused(send("POST", basic(id, secret), FORM, "scope=all"), 400, "invalid_request");
        isRefused(
                send("POST", basic(id, secret), "application/json", "{\"grant_type\": \"client_credentials\"}"),
                400,
                "invalid_request");
        isRefused(send("POST", basic(id, secret), FORM, "grant_type=password"), 400, "unsupported_grant_type");
        for (String method : List.of("GET", "PUT", "PATCH", "DELETE")) {
            Answer answer = send(method, basic(id, secret), FORM, "");
            isRefused(answer, 405, "other_error");
            assertThat(answer.header("Allow")).isEqualTo("POST");
        }
        assertThat(send("HEAD", null, FORM, "").status()).isEqualTo(405);
    }

    @Test
    void aFormThatIsNoneIsRefused() {
        assertThat(send("POST", basic(id, secret), FORM, "grant_type=%zz").status())
                .isEqualTo(400);
        assertThat(send("POST", basic(id, secret), FORM, form(GRANT) + "&" + form(GRANT))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whoHasToShowMoreThanACredentialGetsNone() {
        Map<String, ?> options = Map.of(
                "multi_factor_auth_enabled", true, "multi_factor_auth_rules", List.of(List.of("password", "totp")));
        assertThat(cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("options", options)))
                        .status())
                .isEqualTo(200);
        isRefused(send("POST", basic(id, secret), FORM, form(GRANT)), 401, "invalid_client");
    }
}

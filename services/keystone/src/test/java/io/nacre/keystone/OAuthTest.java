package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that a user lets act for them, and what it can do with that. */
@EveryEngine(migrations = "db/keystone")
class OAuthTest {
    private static final String CONSUMERS = "/v3/OS-OAUTH1/consumers";

    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private KeystoneServer cloud;
    private String admin;
    private String adminId;
    private String blue;
    private String member;
    private Key consumer;
    private int nonce;

    private record Key(String id, String secret) {
        static final Key NONE = new Key("", "");
    }

    /** The administrator has the role member on the project blue, and there is a consumer. */
    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, clock);
        admin = cloud.admin();
        adminId = cloud.get(admin, "/v3/users?name=admin").each("users", "id").getFirst();
        blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        member = cloud.role(admin, "member");
        cloud.grant(admin, blue, adminId, member);
        consumer = consumer();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Key consumer() {
        Answer made = cloud.post(admin, CONSUMERS, Map.of("consumer", Map.of("description", "ci")));
        assertThat(made.status()).isEqualTo(201);
        return new Key(made.id("consumer"), made.json().at("/consumer/secret").asString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private String signed(String path, Key by, Key token, Map<String, String> more) {
        TreeMap<String, String> parameters = new TreeMap<>(Map.of(
                "oauth_consumer_key",
                by.id(),
                "oauth_nonce",
                String.valueOf(++nonce),
                "oauth_signature_method",
                "HMAC-SHA1",
                "oauth_timestamp",
                String.valueOf(clock.instant().getEpochSecond()),
                "oauth_version",
                "1.0"));
        if (!token.id().isEmpty()) {
            parameters.put("oauth_token", token.id());
        }
        parameters.putAll(more);
        String all = parameters.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
        String text = "POST&" + encoded(cloud.url + path) + "&" + encoded(all);
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(
                    (by.secret() + "&" + token.secret()).getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            parameters.put(
                    "oauth_signature",
                    Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return parameters.entrySet().stream()
                .map(each -> each.getKey() + "=\"" + encoded(each.getValue()) + "\"")
                .collect(Collectors.joining(", ", "OAuth ", ""));
    }

    private Answer ask(Key by, String project) {
        String path = "/v3/OS-OAUTH1/request_token";
        return cloud.send(
                "POST",
                path,
                null,
                null,
                Map.of(
                        "Requested-Project-Id",
                        project,
                        "Authorization",
                        signed(path, by, Key.NONE, Map.of("oauth_callback", "oob"))));
    }

    private Answer allow(String token, Key request, String role) {
        return cloud.put(
                token, "/v3/OS-OAUTH1/authorize/" + request.id(), Map.of("roles", List.of(Map.of("id", role))));
    }

    private Answer take(Key by, Key request, String verifier) {
        String path = "/v3/OS-OAUTH1/access_token";
        String header = signed(path, by, request, Map.of("oauth_verifier", verifier));
        return cloud.send("POST", path, null, null, Map.of("Authorization", header));
    }

    private static Key told(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        assertThat(answer.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        Map<String, String> form = Arrays.stream(answer.response().body().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        return new Key(form.getOrDefault("oauth_token", ""), form.getOrDefault("oauth_token_secret", ""));
    }

    private Key access() {
        Key request = told(ask(consumer, blue));
        String verifier =
                allow(admin, request, member).json().at("/token/oauth_verifier").asString();
        return told(take(consumer, request, verifier));
    }

    private Answer login(Key by, Key token, Object scope) {
        String path = "/v3/auth/tokens";
        return cloud.send(
                "POST",
                path,
                null,
                KeystoneServer.auth(Map.of("methods", List.of("oauth1"), "oauth1", Map.of()), scope),
                Map.of("Authorization", signed(path, by, token, Map.of())));
    }

    private String token(Key access) {
        Answer answer = login(consumer, access, null);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.header("X-Subject-Token");
    }

    @Test
    void theConsumerActsForTheUserWithTheRolesItWasGiven() {
        Key request = told(ask(consumer, blue));
        Answer allowed = allow(admin, request, member);
        assertThat(allowed.status()).isEqualTo(200);
        String verifier = allowed.json().at("/token/oauth_verifier").asString();
        assertThat(verifier).hasSize(8);
        Key access = told(take(consumer, request, verifier));
        assertThat(take(consumer, request, verifier).status()).isEqualTo(404);

        Answer issued = login(consumer, access, null);
        assertThat(issued.status()).as(issued.response().body()).isEqualTo(201);
        assertThat(issued.json().at("/token/methods")).isEqualTo(Json.MAPPER.readTree("[\"oauth1\"]"));
        assertThat(issued.json().at("/token/OS-OAUTH1"))
                .isEqualTo(Json.tree(Map.of("access_token_id", access.id(), "consumer_id", consumer.id())));
        assertThat(issued.json().at("/token/user/id").asString()).isEqualTo(adminId);
        assertThat(issued.json().at("/token/project/id").asString()).isEqualTo(blue);
        assertThat(issued.json().at("/token/roles").findValuesAsString("name")).containsExactly("member", "reader");
        String token = issued.header("X-Subject-Token");
        assertThat(cloud.validate(admin, token).json()).isEqualTo(issued.json());
        assertThat(login(consumer, access, KeystoneServer.project("admin"))
                        .json()
                        .at("/token/project/id")
                        .asString())
                .isEqualTo(blue);
    }

    @Test
    void whatItWasGivenDoesNotGrow() {
        String token = token(access());
        assertThat(cloud.post(
                                null,
                                "/v3/auth/tokens",
                                KeystoneServer.auth(
                                        Map.of("methods", List.of("token"), "token", Map.of("id", token)),
                                        KeystoneServer.project("admin")))
                        .status())
                .isEqualTo(403);
        assertThat(cloud.post(
                                token,
                                "/v3/users/" + adminId + "/application_credentials",
                                Map.of("application_credential", Map.of("name", "x")))
                        .status())
                .isEqualTo(403);
        Map<String, ?> trust = Map.of(
                "trustor_user_id",
                adminId,
                "trustee_user_id",
                adminId,
                "impersonation",
                true,
                "project_id",
                blue,
                "roles",
                List.of(Map.of("id", member)));
        assertThat(cloud.post(token, "/v3/OS-TRUST/trusts", Map.of("trust", trust))
                        .status())
                .isEqualTo(403);
        cloud.grant(admin, blue, adminId, cloud.role(admin, "admin"));
        Key request = told(ask(consumer, blue));
        String verifier = allow(admin, request, cloud.role(admin, "admin"))
                .json()
                .at("/token/oauth_verifier")
                .asString();
        String powerful = token(told(take(consumer, request, verifier)));
        Key next = told(ask(consumer, blue));
        assertThat(allow(powerful, next, member).status()).isEqualTo(403);
        assertThat(cloud.get(powerful, "/v3/users/" + adminId + "/OS-OAUTH1/access_tokens")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aKeyMadeWithItIsBoundToIt() {
        Key access = access();
        String token = token(access);
        String path = "/v3/users/" + adminId + "/credentials/OS-EC2";
        assertThat(cloud.post(token, path, Map.of("tenant_id", adminsProject())).status())
                .isEqualTo(403);
        Answer made = cloud.post(token, path, Map.of("tenant_id", blue));
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        assertThat(cloud.get(admin, "/v3/credentials?type=ec2")
                        .json()
                        .at("/credentials/0/blob")
                        .asString())
                .contains("\"access_token_id\":\"" + access.id() + "\"");
    }

    private String adminsProject() {
        return cloud.get(admin, "/v3/projects?name=admin")
                .each("projects", "id")
                .getFirst();
    }

    @Test
    void whoIsNotItsConsumerOrDoesNotKnowTheSecretsIsRefused() {
        Key other = consumer();
        assertThat(ask(new Key(consumer.id(), "guessed"), blue).status()).isEqualTo(401);
        assertThat(ask(new Key("nobody", "x"), blue).status()).isEqualTo(404);
        assertThat(ask(consumer, "nowhere").status()).isEqualTo(404);
        Key request = told(ask(consumer, blue));
        assertThat(take(consumer, request, "guessed1").status()).isEqualTo(401);
        String verifier =
                allow(admin, request, member).json().at("/token/oauth_verifier").asString();
        assertThat(take(consumer, request, "guessed1").status()).isEqualTo(401);
        assertThat(take(other, request, verifier).status()).isEqualTo(401);
        assertThat(take(consumer, new Key(request.id(), "guessed"), verifier).status())
                .isEqualTo(401);
        Key access = told(take(consumer, request, verifier));
        assertThat(login(other, access, null).status()).isEqualTo(401);
        assertThat(login(consumer, new Key(access.id(), "guessed"), null).status())
                .isEqualTo(401);
        assertThat(login(consumer, new Key("nothing", ""), null).status()).isEqualTo(404);
        assertThat(login(consumer, Key.NONE, null).status()).isEqualTo(400);
        Map<String, ?> body = KeystoneServer.auth(Map.of("methods", List.of("oauth1"), "oauth1", Map.of()), null);
        assertThat(cloud.post(null, "/v3/auth/tokens", body).status()).isEqualTo(400);
        for (String path : List.of("request_token", "access_token")) {
            assertThat(cloud.send("POST", "/v3/OS-OAUTH1/" + path, null, null, Map.of())
                            .status())
                    .isEqualTo(400);
        }
        String late = signed("/v3/auth/tokens", consumer, access, Map.of());
        clock.advance(Duration.ofMinutes(11));
        assertThat(cloud.send("POST", "/v3/auth/tokens", null, body, Map.of("Authorization", late))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void onlyAnAdministratorWithTheRolesAllowsIt() {
        Key request = told(ask(consumer, blue));
        cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        assertThat(allow(cloud.token("ann", "pw", null), request, member).status())
                .isEqualTo(403);
        assertThat(allow(admin, request, cloud.role(admin, "admin")).status()).isEqualTo(401);
        assertThat(cloud.put(
                                admin,
                                "/v3/OS-OAUTH1/authorize/" + request.id(),
                                Map.of("roles", List.of(Map.of("name", "nobody"))))
                        .status())
                .isEqualTo(404);
        assertThat(allow(admin, new Key("gone", ""), member).status()).isEqualTo(404);
        clock.advance(Duration.ofHours(8));
        admin = cloud.admin();
        assertThat(allow(admin, request, member).status()).isEqualTo(401);
        assertThat(told(ask(consumer, blue))).isNotEqualTo(request);
        assertThat(allow(admin, request, member).status()).isEqualTo(404);
    }

    @Test
    void whatIsTakenAwayEndsItsTokens() {
        Key access = access();
        String token = token(access);
        cloud.delete(admin, "/v3/projects/" + blue + "/users/" + adminId + "/roles/" + member);
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(login(consumer, access, null).status()).isEqualTo(401);
        cloud.grant(admin, blue, adminId, member);
        token = token(access);
        String path = "/v3/users/" + adminId + "/OS-OAUTH1/access_tokens/" + access.id();
        assertThat(cloud.delete(admin, path).status()).isEqualTo(204);
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(login(consumer, access, null).status()).isEqualTo(404);
        assertThat(cloud.delete(admin, path).status()).isEqualTo(404);
        Key another = access();
        token = token(another);
        assertThat(cloud.delete(admin, CONSUMERS + "/" + consumer.id()).status())
                .isEqualTo(204);
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(login(consumer, another, null).status()).isEqualTo(404);
    }

    @Test
    void aTokenEndsWithTheAccessTokenAtTheLatest() {
        Key access = access();
        clock.advance(Duration.ofHours(23).plusMinutes(30));
        Answer issued = login(consumer, access, null);
        assertThat(issued.json().at("/token/expires_at").asString()).isEqualTo("2026-01-03T03:04:05.000000Z");
        clock.advance(Duration.ofMinutes(30));
        assertThat(login(consumer, access, null).status()).isEqualTo(401);
    }

    @Test
    void theAccessTokensOfAUserAreShownWithTheirRoles() {
        Key access = access();
        String all = "/v3/users/" + adminId + "/OS-OAUTH1/access_tokens";
        String one = all + "/" + access.id();
        Answer listed = cloud.get(admin, all);
        assertThat(listed.each("access_tokens", "id")).containsExactly(access.id());
        Answer shown = cloud.get(admin, one);
        assertThat(shown.json().at("/access_token")).isEqualTo(listed.json().at("/access_tokens/0"));
        assertThat(shown.json().at("/access_token"))
                .isEqualTo(Json.tree(new HashMap<>(Map.of(
                        "id",
                        access.id(),
                        "consumer_id",
                        consumer.id(),
                        "authorizing_user_id",
                        adminId,
                        "project_id",
                        blue,
                        "expires_at",
                        "2026-01-03T03:04:05.000000Z",
                        "links",
                        Map.of("self", cloud.url + one, "roles", cloud.url + one + "/roles")))));
        assertThat(cloud.get(admin, one + "/roles").each("roles", "id")).containsExactly(member);
        assertThat(cloud.get(admin, one + "/roles/" + member).id("role")).isEqualTo(member);
        assertThat(cloud.get(admin, one + "/roles/" + cloud.role(admin, "admin"))
                        .status())
                .isEqualTo(404);
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        assertThat(cloud.get(admin, one.replace(adminId, ann)).status()).isEqualTo(404);
        assertThat(cloud.delete(admin, one.replace(adminId, ann)).status()).isEqualTo(404);
        assertThat(cloud.get(cloud.token("ann", "pw", null), all).status()).isEqualTo(403);
    }

    @Test
    void aConsumersSecretIsToldOnce() {
        String one = CONSUMERS + "/" + consumer.id();
        Answer shown = cloud.get(admin, one);
        assertThat(shown.json().at("/consumer"))
                .isEqualTo(Json.tree(
                        Map.of("id", consumer.id(), "description", "ci", "links", Map.of("self", cloud.url + one))));
        assertThat(cloud.get(admin, CONSUMERS).response().body())
                .contains(consumer.id())
                .doesNotContain(consumer.secret());
        Answer changed = cloud.patch(admin, one, Map.of("consumer", Map.of("description", "cd", "owner", "ann")));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(cloud.get(admin, one).json()).isEqualTo(changed.json());
        assertThat(changed.json().at("/consumer/owner").asString()).isEqualTo("ann");
        for (Map<String, ?> wrong :
                List.of(Map.<String, Object>of(), Map.of("secret", "x"), Map.of("id", "x"), Map.of("description", 7))) {
            assertThat(cloud.patch(admin, one, Map.of("consumer", wrong)).status())
                    .as(wrong.toString())
                    .isEqualTo(400);
        }
        told(ask(consumer, blue));
        assertThat(cloud.get(admin, CONSUMERS + "/gone").status()).isEqualTo(404);
        assertThat(cloud.notified.toString()).contains("created.OS-OAUTH1:consumer");
    }
}

package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Caller;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@EveryEngine(migrations = "db/keystone")
class AuthTest {
    private static final Map<String, ?> SYSTEM = Map.of("system", Map.of("all", true));

    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private KeystoneServer cloud;
    private String admin;
    private String ann;
    private String blue;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, clock);
        admin = cloud.admin();
        blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "ann-secret"));
        cloud.grant(admin, blue, ann, cloud.role(admin, "member"));
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private String annsToken() {
        return cloud.token("ann", "ann-secret", KeystoneServer.project("blue"));
    }

    private Answer byToken(String token, Object scope) {
        Map<String, Object> identity = Map.of("methods", List.of("token"), "token", Map.of("id", token));
        return cloud.post(null, "/v3/auth/tokens", KeystoneServer.auth(identity, scope));
    }

    @Test
    void aProjectTokenTellsWhoWhatAndWhere() {
        Answer answer = cloud.login("ann", "ann-secret", KeystoneServer.project("blue"));
        JsonNode token = answer.json().get("token");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("X-Subject-Token")).startsWith("gAAAA");
        assertThat(token.get("methods").get(0).asString()).isEqualTo("password");
        assertThat(token.get("user").get("id").asString()).isEqualTo(ann);
        assertThat(token.get("user").get("domain").get("name").asString()).isEqualTo("Default");
        assertThat(token.get("user").get("password_expires_at").isNull()).isTrue();
        assertThat(token.get("project").get("id").asString()).isEqualTo(blue);
        assertThat(token.get("is_domain").asBoolean()).isFalse();
        assertThat(token.get("roles").toString())
                .contains("\"member\"", "\"reader\"")
                .doesNotContain("admin");
        assertThat(token.get("issued_at").asString()).isEqualTo("2026-01-02T03:04:05.000000Z");
        assertThat(token.get("expires_at").asString()).isEqualTo("2026-01-02T04:04:05.000000Z");
        assertThat(token.get("audit_ids")).hasSize(1);
        assertThat(token.get("catalog").toString()).contains("/v3/" + blue);
    }

    @Test
    void otherScopesHaveTheirOwnShape() {
        JsonNode unscoped = cloud.login("ann", "ann-secret", null).json().get("token");
        assertThat(unscoped.has("roles") || unscoped.has("catalog") || unscoped.has("project"))
                .isFalse();

        JsonNode system = cloud.login("admin", KeystoneServer.ADMIN_PASSWORD, SYSTEM)
                .json()
                .get("token");
        assertThat(system.get("system").get("all").asBoolean()).isTrue();
        assertThat(system.get("catalog").toString()).contains("8774").doesNotContain("8776");

        cloud.put(admin, "/v3/domains/default/users/" + ann + "/roles/" + cloud.role(admin, "reader"), null);
        JsonNode domain = cloud.login("ann", "ann-secret", Map.of("domain", Map.of("id", "default")))
                .json()
                .get("token");
        assertThat(domain.get("domain").get("name").asString()).isEqualTo("Default");
        assertThat(domain.has("project")).isFalse();
    }

    @Test
    void theDefaultProjectIsUsedWhenNoScopeIsAskedForAndRefusedWhenUnscopedIs() {
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("default_project_id", blue)));
        assertThat(cloud.login("ann", "ann-secret", null)
                        .json()
                        .at("/token/project/id")
                        .asString())
                .isEqualTo(blue);
        assertThat(cloud.login("ann", "ann-secret", "unscoped")
                        .json()
                        .at("/token/project")
                        .isMissingNode())
                .isTrue();
        assertThat(cloud.login("ann", "ann-secret", Map.of("unscoped", Map.of()))
                        .json()
                        .at("/token/project")
                        .isMissingNode())
                .isTrue();
        cloud.patch(admin, "/v3/projects/" + blue, Map.of("project", Map.of("enabled", false)));
        Answer unscoped = cloud.login("ann", "ann-secret", null);
        assertThat(unscoped.status()).isEqualTo(201);
        assertThat(unscoped.json().at("/token/project").isMissingNode()).isTrue();
    }

    @Test
    void everyWrongLoginIsTheSame401() {
        List<Answer> refused = List.of(
                cloud.login("ann", "wrong", null),
                cloud.login("nobody", "wrong", null),
                cloud.login("ann", "ann-secret", KeystoneServer.project("no-such-project")),
                cloud.login("ann", "ann-secret", KeystoneServer.project("admin")),
                cloud.login("ann", "ann-secret", SYSTEM),
                cloud.login("ann", "ann-secret", Map.of("domain", Map.of("id", "default"))),
                cloud.login(Map.of("id", ann, "password", ""), null),
                cloud.login(Map.of("id", ann), null));
        assertThat(refused).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Keystone uri=\"http://127.0.0.1:5000/v3\"");
            assertThat(answer.json().toString())
                    .isEqualTo("{\"error\":{\"code\":401,\"title\":\"Unauthorized\","
                            + "\"message\":\"The request you have made requires authentication.\"}}");
        });
    }

    @Test
    void aMalformedLoginIs400AndAnUnknownMethod401ThatNamesTheKnownOnes() {
        assertThat(List.of(
                        cloud.post(null, "/v3/auth/tokens", "{"),
                        cloud.post(null, "/v3/auth/tokens", "{}"),
                        cloud.post(null, "/v3/auth/tokens", "{\"auth\": {}}"),
                        cloud.post(
                                null, "/v3/auth/tokens", "{\"auth\": {\"identity\": {\"methods\": [\"password\"]}}}"),
                        cloud.login(Map.of("name", "ann", "password", "x"), null),
                        cloud.login("ann", "ann-secret", Map.of("project", Map.of("name", "blue"))),
                        cloud.login("ann", "ann-secret", Map.of("project", Map.of(), "domain", Map.of())),
                        cloud.login("ann", "ann-secret", Map.of())))
                .extracting(Answer::status)
                .containsOnly(400);
        Answer unknown = cloud.post(
                null,
                "/v3/auth/tokens",
                KeystoneServer.auth(Map.of("methods", List.of("magic"), "magic", Map.of()), null));
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(unknown.json().at("/error/identity/methods").toString()).contains("password");
    }

    @Test
    void aTokenIsValidatedByItsOwnerAndByOperatorsButNotByOthers() {
        String token = annsToken();
        Answer validated = cloud.validate(admin, token);
        assertThat(validated.status()).isEqualTo(200);
        assertThat(validated.header("X-Subject-Token")).isEqualTo(token);
        assertThat(validated.json().at("/token/user/id").asString()).isEqualTo(ann);
        assertThat(cloud.validate(token, token).status()).isEqualTo(200);
        assertThat(cloud.validate(token, admin).status()).isEqualTo(403);
        Answer head = cloud.send("HEAD", "/v3/auth/tokens", admin, null, Map.of("X-Subject-Token", token));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.response().body()).isEmpty();
        Answer plain = cloud.send("GET", "/v3/auth/tokens?nocatalog", admin, null, Map.of("X-Subject-Token", token));
        assertThat(plain.json().at("/token/catalog").isMissingNode()).isTrue();
        assertThat(plain.json().at("/token/roles")).isNotEmpty();
    }

    @Test
    void aTokenThatIsNotGoodIs404AsSubjectAnd401AsOnesOwn() {
        String garbled = annsToken().replaceFirst("gAAAA", "gAAAB");
        for (String bad : List.of(garbled, "nonsense", "x".repeat(10_000))) {
            assertThat(cloud.validate(admin, bad).status()).isEqualTo(404);
            assertThat(cloud.get(bad, "/v3/users").status()).isEqualTo(401);
        }
        assertThat(cloud.get(admin, "/v3/auth/tokens").status()).isEqualTo(404);
        assertThat(cloud.get(null, "/v3/users").status()).isEqualTo(401);
        assertThat(cloud.get(null, "/v3/nowhere").status()).isEqualTo(401);
        assertThat(cloud.get(admin, "/v3/nowhere").status()).isEqualTo(404);
    }

    @Test
    void anExpiredTokenIsOverButMayBeAskedForByServicesForAWhile() {
        String token = annsToken();
        clock.advance(Duration.ofMinutes(59));
        String operator = cloud.admin();
        assertThat(cloud.validate(operator, token).status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(1));
        assertThat(cloud.validate(operator, token).status()).isEqualTo(404);
        assertThat(cloud.get(token, "/v3/auth/projects").status()).isEqualTo(401);
        Map<String, String> subject = Map.of("X-Subject-Token", token);
        assertThat(cloud.send("GET", "/v3/auth/tokens?allow_expired=1", operator, null, subject)
                        .status())
                .isEqualTo(200);
        clock.advance(Duration.ofHours(49));
        assertThat(cloud.send("GET", "/v3/auth/tokens?allow_expired=1", cloud.admin(), null, subject)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aRevokedTokenIsOverAtOnceAndNoOtherIs() {
        String token = annsToken();
        String other = annsToken();
        assertThat(cloud.send("DELETE", "/v3/auth/tokens", token, null, Map.of("X-Subject-Token", token))
                        .status())
                .isEqualTo(204);
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(cloud.get(token, "/v3/auth/projects").status()).isEqualTo(401);
        assertThat(cloud.validate(admin, other).status()).isEqualTo(200);
        assertThat(cloud.send("DELETE", "/v3/auth/tokens", admin, null, Map.of("X-Subject-Token", token))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aTokenFromATokenKeepsItsEndAndItsChain() {
        String unscoped = cloud.token("ann", "ann-secret", "unscoped");
        clock.advance(Duration.ofMinutes(10));
        Answer scoped = byToken(unscoped, KeystoneServer.project("blue"));
        assertThat(scoped.status()).isEqualTo(201);
        JsonNode token = scoped.json().get("token");
        assertThat(token.get("expires_at").asString()).isEqualTo("2026-01-02T04:04:05.000000Z");
        assertThat(token.get("methods").toString()).contains("token", "password");
        assertThat(token.get("audit_ids")).hasSize(2);
        assertThat(byToken("nonsense", KeystoneServer.project("blue")).status()).isEqualTo(404);
        String system = cloud.systemAdmin();
        assertThat(byToken(system, KeystoneServer.project("admin")).status()).isEqualTo(403);
        assertThat(byToken(system, SYSTEM).status()).isEqualTo(201);
    }

    @Test
    void whateverChangesForTheUserIsInForceAtOnce() {
        String token = annsToken();
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("name", "anna")));
        assertThat(cloud.validate(admin, token).json().at("/token/user/name").asString())
                .isEqualTo("anna");
        String manager = cloud.role(admin, "manager");
        cloud.grant(admin, blue, ann, manager);
        assertThat(cloud.validate(admin, token).json().at("/token/roles").toString())
                .contains("manager");
        String path = "/v3/projects/" + blue + "/users/" + ann + "/roles/";
        cloud.delete(admin, path + manager);
        assertThat(cloud.validate(admin, token).json().at("/token/roles").toString())
                .doesNotContain("manager");
        cloud.delete(admin, path + cloud.role(admin, "member"));
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
    }

    @Test
    void disablingEndsTokensForGood() {
        for (String path : List.of("/v3/users/" + ann, "/v3/projects/" + blue)) {
            String envelope = path.contains("users") ? "user" : "project";
            String token = annsToken();
            cloud.patch(admin, path, Map.of(envelope, Map.of("enabled", false)));
            assertThat(cloud.get(token, "/v3/auth/projects").status()).isEqualTo(401);
            assertThat(cloud.login("ann", "ann-secret", KeystoneServer.project("blue"))
                            .status())
                    .isEqualTo(401);
            cloud.patch(admin, path, Map.of(envelope, Map.of("enabled", true)));
            assertThat(cloud.get(token, "/v3/auth/projects").status()).isEqualTo(401);
            // Within the same second: a new login counts, though the old token bears the same time.
            clock.advance(Duration.ofMillis(1));
            assertThat(cloud.get(annsToken(), "/v3/auth/projects").status()).isEqualTo(200);
        }
    }

    @Test
    void aChangedPasswordEndsTokensAndTheOldPassword() {
        String token = annsToken();
        String path = "/v3/users/" + ann + "/password";
        assertThat(cloud.post(null, path, Map.of("user", Map.of("original_password", "no", "password", "new")))
                        .status())
                .isEqualTo(401);
        assertThat(cloud.post(token, path, Map.of("user", Map.of("original_password", "ann-secret", "password", "new")))
                        .status())
                .isEqualTo(204);
        assertThat(cloud.get(token, "/v3/auth/projects").status()).isEqualTo(401);
        assertThat(cloud.login("ann", "ann-secret", null).status()).isEqualTo(401);
        clock.advance(Duration.ofMillis(1));
        String again = cloud.token("ann", "new", KeystoneServer.project("blue"));
        assertThat(cloud.get(again, "/v3/auth/projects").status()).isEqualTo(200);
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("password", "newer")));
        assertThat(cloud.get(again, "/v3/auth/projects").status()).isEqualTo(401);
        assertThat(cloud.login("ann", "newer", null).status()).isEqualTo(201);
    }

    @Test
    void aSecondControllerHonoursARevocationWithinItsPoll(Database database) {
        try (KeystoneServer other = new KeystoneServer(database, keys, clock, "revocation_poll=250ms")) {
            String token = annsToken();
            assertThat(other.validate(admin, token).status()).isEqualTo(200);
            cloud.send("DELETE", "/v3/auth/tokens", admin, null, Map.of("X-Subject-Token", token));
            clock.advance(Duration.ofMillis(250));
            assertThat(other.validate(admin, token).status()).isEqualTo(404);
        }
    }

    private Caller asking(String token) {
        Caller.Claim claim = new Caller.Claim(token, name -> null, "GET", "/v2.1/servers", "req-1", null);
        return cloud.keystone.peer().authenticate("compute", claim);
    }

    @Test
    void servicesLearnWhoIsAsking() {
        Caller caller = asking(annsToken());
        assertThat(caller.userId()).isEqualTo(ann);
        assertThat(caller.projectId()).isEqualTo(blue);
        assertThat(caller.roles()).containsExactlyInAnyOrder("member", "reader");
        assertThat(asking(cloud.keystone.peer().serviceToken()).roles()).contains("admin", "service");
        assertThat(asking(cloud.systemAdmin()).scope().system()).isTrue();
    }

    @Test
    void oneSeesWhatOneCanBeScopedTo() {
        String token = annsToken();
        assertThat(cloud.get(token, "/v3/auth/projects").each("projects", "name"))
                .containsExactly("blue");
        assertThat(cloud.get(token, "/v3/auth/domains").json().get("domains")).isEmpty();
        assertThat(cloud.get(token, "/v3/auth/system").json().get("system")).isEmpty();
        assertThat(cloud.get(admin, "/v3/auth/system").json().get("system")).hasSize(1);
        assertThat(cloud.get(token, "/v3/auth/catalog").each("catalog", "type"))
                .containsExactly("compute", "identity", "volumev3");
        assertThat(cloud.get(cloud.systemAdmin(), "/v3/auth/catalog").status()).isEqualTo(403);
    }

    @Test
    void bootstrapAgainChangesNothingThatIsThere(Database database) {
        String roles = cloud.get(admin, "/v3/roles").json().toString().replaceAll("127.0.0.1:\\d+", "");
        try (KeystoneServer again = new KeystoneServer(database, keys, clock)) {
            assertThat(again.get(admin, "/v3/roles").json().toString().replaceAll("127.0.0.1:\\d+", ""))
                    .isEqualTo(roles);
            assertThat(again.get(admin, "/v3/endpoints").json().get("endpoints"))
                    .hasSize(9);
        }
    }

    @Test
    void rotatedKeysKeepTokensGood() {
        String token = annsToken();
        cloud.keystone.rotateKeys();
        assertThat(cloud.validate(admin, token).status()).isEqualTo(200);
        assertThat(cloud.validate(admin, annsToken()).status()).isEqualTo(200);
    }
}

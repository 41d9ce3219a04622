package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens for what was signed with an access key: to services alone, and never more than the key's maker had. */
@EveryEngine(migrations = "db/keystone")
class SignedRequestsTest {
    private static final String STAMP = "2026-01-02T03:04:05Z";

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
        ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        cloud.grant(admin, blue, ann, cloud.role(admin, "member"));
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private record Key(String access, String secret) {
        String sign(String text) {
            try {
                Mac mac = Mac.getInstance("HmacSHA1");
                mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
                return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Key key(String token, String userId) {
        Answer made = cloud.post(token, "/v3/users/" + userId + "/credentials/OS-EC2", Map.of("tenant_id", blue));
        assertThat(made.status()).isEqualTo(201);
        return new Key(
                made.json().at("/credential/access").asString(),
                made.json().at("/credential/secret").asString());
    }

    private String annsToken() {
        return cloud.token("ann", "pw", KeystoneServer.project("blue"));
    }

    private Key annsKey() {
        return key(annsToken(), ann);
    }

    private static Map<String, ?> signed(Key key, String signature) {
        return Map.of(
                "credentials",
                Map.of(
                        "access",
                        key.access(),
                        "signature",
                        signature,
                        "host",
                        "cloud:8773",
                        "verb",
                        "GET",
                        "path",
                        "/",
                        "params",
                        Map.of("SignatureVersion", "0", "Action", "List", "Timestamp", STAMP)));
    }

    private Answer ec2(Key key) {
        return cloud.post(admin, "/v3/ec2tokens", signed(key, key.sign("List" + STAMP)));
    }

    private Answer s3(Key key, String signature) {
        String text = Base64.getUrlEncoder().encodeToString("GET\n/bucket".getBytes(StandardCharsets.UTF_8));
        return cloud.post(
                admin,
                "/v3/s3tokens",
                Map.of("credentials", Map.of("access", key.access(), "signature", signature, "token", text)));
    }

    @Test
    void aSignatureGivesATokenOfTheKeysUserAndProject() {
        Answer answer = ec2(annsKey());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/token/methods/0").asString()).isEqualTo("ec2credential");
        assertThat(answer.json().at("/token/user/id").asString()).isEqualTo(ann);
        assertThat(answer.json().at("/token/project/id").asString()).isEqualTo(blue);
        assertThat(answer.json().at("/token/roles").findValuesAsString("name")).containsExactly("member", "reader");
        assertThat(answer.json().at("/token/catalog")).isNotEmpty();
        Answer validated = cloud.validate(admin, answer.header("X-Subject-Token"));
        assertThat(validated.status()).isEqualTo(200);
        assertThat(validated.json().at("/token/user/id").asString()).isEqualTo(ann);
        assertThat(validated.json().at("/token/methods")).isEmpty();
    }

    @Test
    void s3IsToldWhoButGetsNoToken() {
        Key key = annsKey();
        Answer answer = s3(key, key.sign("GET\n/bucket"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/token/project/id").asString()).isEqualTo(blue);
        assertThat(answer.header("X-Subject-Token")).isEmpty();
        assertThat(s3(key, key.sign("GET\n/other")).status()).isEqualTo(401);
    }

    @Test
    void onlyServicesAndAdministratorsMayAsk() {
        Key key = annsKey();
        Map<String, ?> body = signed(key, key.sign("List" + STAMP));
        assertThat(cloud.post(null, "/v3/ec2tokens", body).status()).isEqualTo(401);
        assertThat(cloud.post(annsToken(), "/v3/ec2tokens", body).status()).isEqualTo(403);
        assertThat(cloud.post(annsToken(), "/v3/s3tokens", body).status()).isEqualTo(403);
        String service = cloud.token("nacre", "service-secret", KeystoneServer.project("service"));
        assertThat(cloud.post(service, "/v3/ec2tokens", body).status()).isEqualTo(200);
    }

    @Test
    void whatIsWrongIsRefused() {
        Key key = annsKey();
        assertThat(cloud.post(admin, "/v3/ec2tokens", signed(key, "wrong")).status())
                .isEqualTo(401);
        assertThat(ec2(new Key(key.access(), "guessed")).status()).isEqualTo(401);
        assertThat(ec2(new Key("nobody", key.secret())).status()).isEqualTo(404);
        assertThat(cloud.post(admin, "/v3/ec2tokens", Map.of()).status()).isEqualTo(400);
        assertThat(cloud.post(admin, "/v3/ec2tokens", Map.of("credentials", Map.of()))
                        .status())
                .isEqualTo(401);
        assertThat(cloud.post(admin, "/v3/s3tokens", Map.of("credentials", Map.of("access", key.access())))
                        .status())
                .isEqualTo(401);
        clock.advance(Duration.ofMinutes(15));
        assertThat(ec2(key).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertThat(ec2(key).status()).isEqualTo(401);
    }

    @Test
    void aKeyGivesNothingThatItsUserHasLost() {
        Key key = annsKey();
        cloud.patch(admin, "/v3/projects/" + blue, Map.of("project", Map.of("enabled", false)));
        assertThat(ec2(key).status()).isEqualTo(401);
        cloud.patch(admin, "/v3/projects/" + blue, Map.of("project", Map.of("enabled", true)));
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("enabled", false)));
        assertThat(ec2(key).status()).isEqualTo(401);
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("enabled", true)));
        assertThat(ec2(key).status()).isEqualTo(200);
        cloud.delete(admin, "/v3/projects/" + blue + "/users/" + ann + "/roles/" + cloud.role(admin, "member"));
        assertThat(ec2(key).status()).isEqualTo(401);
    }

    @Test
    void aKeyOfATrusteeStaysWithinTheTrust() {
        String bob = cloud.make(admin, "/v3/users", "user", Map.of("name", "bob", "password", "pw"));
        String trust = cloud.make(
                annsToken(),
                "/v3/OS-TRUST/trusts",
                "trust",
                Map.of(
                        "trustor_user_id",
                        ann,
                        "trustee_user_id",
                        bob,
                        "project_id",
                        blue,
                        "impersonation",
                        true,
                        "roles",
                        List.of(Map.of("name", "member"))));
        Key key = key(cloud.token("bob", "pw", Map.of("OS-TRUST:trust", Map.of("id", trust))), ann);
        Answer answer = ec2(key);
        assertThat(answer.json().at("/token/OS-TRUST:trust/id").asString()).isEqualTo(trust);
        assertThat(answer.json().at("/token/user/id").asString()).isEqualTo(ann);
        cloud.delete(annsToken(), "/v3/OS-TRUST/trusts/" + trust);
        assertThat(ec2(key).status()).isEqualTo(401);
    }

    @Test
    void aKeyOfAnApplicationCredentialStaysWithinIt() {
        Answer made = cloud.post(
                annsToken(),
                "/v3/users/" + ann + "/application_credentials",
                Map.of(
                        "application_credential",
                        Map.of(
                                "name",
                                "robot",
                                "unrestricted",
                                true,
                                "expires_at",
                                "2026-01-02T03:14:05.000000",
                                "roles",
                                List.of(Map.of("name", "member")))));
        Map<String, Object> identity = Map.of(
                "methods",
                List.of("application_credential"),
                "application_credential",
                Map.of(
                        "id",
                        made.id("application_credential"),
                        "secret",
                        made.json().at("/application_credential/secret").asString()));
        String token = cloud.post(null, "/v3/auth/tokens", KeystoneServer.auth(identity, null))
                .header("X-Subject-Token");
        Key key = key(token, ann);
        Answer answer = ec2(key);
        assertThat(answer.json().at("/token/expires_at").asString()).isEqualTo("2026-01-02T03:14:05.000000Z");
        assertThat(answer.json().at("/token/application_credential/id").asString())
                .isEqualTo(made.id("application_credential"));
        clock.advance(Duration.ofMinutes(10));
        assertThat(ec2(key).status()).isEqualTo(401);
    }
}

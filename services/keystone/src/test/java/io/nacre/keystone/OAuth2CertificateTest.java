package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tokens for who comes with a certificate that a proxy has verified. */
@EveryEngine(migrations = "db/keystone")
class OAuth2CertificateTest {
    private static final String HEADER = "X-Client-Cert";
    /** Of CN ann, and of CN bob, both of O acme; made with openssl. */
    private static final String ANN = """
            -----BEGIN CERTIFICATE-----
            MIIB6zCCAZGgAwIBAgIUF2wH2ITku7Vpv+w5tHm45xL2UUkwCgYIKoZIzj0EAwIw
            SjELMAkGA1UEBhMCRlIxDTALBgNVBAoMBGFjbWUxDDAKBgNVBAMMA2FubjEeMBwG
            CSqGSIb3DQEJARYPYW5uQGV4YW1wbGUub3JnMCAXDTI2MTEyNjA4MzQxMloYDzIx
            MjYxMTAyMDgzNDEyWjBKMQswCQYDVQQGEwJGUjENMAsGA1UECgwEYWNtZTEMMAoG
            A1UEAwwDYW5uMR4wHAYJKoZIhvcNAQkBFg9hbm5AZXhhbXBsZS5vcmcwWTATBgcq
            hkjOPQIBBggqhkjOPQMBBwNCAAR2Bz3l2qi6D1JwWF6cYL13dD5n2uuA0YAc20O4
            B0UE+OVrcd4AeVz9tjP0b4tANra7ksfLlnPwaFcUdAjMDuQMo1MwUTAdBgNVHQ4E
            FgQUspI4FTWQNCyBB8N3m5NytvWI2nwwHwYDVR0jBBgwFoAUspI4FTWQNCyBB8N3
            m5NytvWI2nwwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA18j+
            KvWsz+vQKm6jCv+ChhS2yU+Ch5gZWwgXVnxBjgkCIFYm+EYlEsrYClSs6H/mlvBB
            vdPfxzLEmkLYmYvjDj6m
            -----END CERTIFICATE-----
            """;

    private static final String BOB = """
            -----BEGIN CERTIFICATE-----
            MIIB6zCCAZGgAwIBAgIUXJ7Oun21usZEVCcyH6LaoJeBugQwCgYIKoZIzj0EAwIw
            SjELMAkGA1UEBhMCRlIxDTALBgNVBAoMBGFjbWUxDDAKBgNVBAMMA2JvYjEeMBwG
            CSqGSIb3DQEJARYPYm9iQGV4YW1wbGUub3JnMCAXDTI2MTEyNjA4MzQxMloYDzIx
            MjYxMTAyMDgzNDEyWjBKMQswCQYDVQQGEwJGUjENMAsGA1UECgwEYWNtZTEMMAoG
            A1UEAwwDYm9iMR4wHAYJKoZIhvcNAQkBFg9ib2JAZXhhbXBsZS5vcmcwWTATBgcq
            hkjOPQIBBggqhkjOPQMBBwNCAARMxaH5rBMaDIqfl1ttghgBCc7ZXEsxmbFihUxS
            qVZkueKM27KH4wAH9u68YUCY5d6KZwvqUzwR30sEahvTAaC1o1MwUTAdBgNVHQ4E
            FgQUSKXA0xqMoZf9/99IljNeuFawojQwHwYDVR0jBBgwFoAUSKXA0xqMoZf9/99I
            ljNeuFawojQwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiACNoTQ
            dP2HNI8z1h3DCVnUBjko9YNJR7rItKMFTdj0kQIhAJ5yYyIHuz1DOI1M9lsPEOGa
            Ho8BzyDY6NarKT9i6RHd
            -----END CERTIFICATE-----
            """;

    /** Made with Python's hashlib from the text above, as keystone makes it. */
    private static final String THUMBPRINT = "WtKT-l9GHE8hx5ZyfehA0eRF7sAk7ufGHwcet2pXuX8=";

    @TempDir
    Path keys;

    private KeystoneServer cloud;
    private String admin;
    private String ann;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, MutableClock.fixed(), "oauth2.client_certificate_header=" + HEADER);
        admin = cloud.admin();
        String blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        Map<String, ?> user =
                Map.of("name", "ann", "password", "pw", "default_project_id", blue, "email", "ann@example.org");
        ann = cloud.make(admin, "/v3/users", "user", user);
        cloud.grant(admin, blue, ann, cloud.role(admin, "member"));
        map(Map.of("name", "{0}", "email", "{1}", "domain", Map.of("name", "{2}")));
    }

    /** The domain is the issuer's organisation. */
    private void map(Map<String, ?> user) {
        Map<String, ?> rule = Map.of(
                "local",
                List.of(Map.of("user", user)),
                "remote",
                List.of(
                        Map.of("type", "SSL_CLIENT_SUBJECT_DN_CN"),
                        Map.of("type", "SSL_CLIENT_SUBJECT_DN_EMAILADDRESS"),
                        Map.of("type", "SSL_CLIENT_ISSUER_DN_O")));
        cloud.delete(admin, "/v3/OS-FEDERATION/mappings/oauth2_mapping");
        Answer made = cloud.put(
                admin, "/v3/OS-FEDERATION/mappings/oauth2_mapping", Map.of("mapping", Map.of("rules", List.of(rule))));
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Map<String, String> with(String certificate) {
        return Map.of(
                HEADER, URLEncoder.encode(certificate, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    private Answer ask(String user, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", "application/x-www-form-urlencoded");
        return cloud.send("POST", "/v3/OS-OAUTH2/token", null, "grant_type=client_credentials&client_id=" + user, all);
    }

    private void domainIs(String name) {
        assertThat(cloud.patch(admin, "/v3/domains/default", Map.of("domain", Map.of("name", name)))
                        .status())
                .isEqualTo(200);
    }

    private String token() {
        domainIs("acme");
        Answer told = ask(ann, with(ANN));
        assertThat(told.status()).as(told.response().body()).isEqualTo(200);
        assertThat(told.json().get("token_type").asString()).isEqualTo("Bearer");
        return told.json().get("access_token").asString();
    }

    @Test
    void aCertificateThatIsMappedToTheUserGivesATokenThatNeedsIt() {
        String token = token();
        JsonNode meaning = cloud.validate(admin, token).json().get("token");
        assertThat(meaning.at("/user/id").asString()).isEqualTo(ann);
        assertThat(meaning.at("/project/name").asString()).isEqualTo("blue");
        assertThat(meaning.at("/oauth2_credential/x5t#S256").asString()).isEqualTo(THUMBPRINT);

        String mine = "/v3/auth/projects";
        assertThat(cloud.send("GET", mine, token, null, with(ANN)).status()).isEqualTo(200);
        Map<String, String> bearer = new HashMap<>(with(ANN));
        bearer.put("Authorization", "Bearer " + token);
        assertThat(cloud.send("GET", mine, null, null, bearer).status()).isEqualTo(200);
        assertThat(cloud.send("GET", mine, token, null, Map.of()).status()).isEqualTo(401);
        assertThat(cloud.send("GET", mine, token, null, with(BOB)).status()).isEqualTo(401);
        assertThat(cloud.send("GET", mine, token, null, Map.of(HEADER, "nonsense"))
                        .status())
                .isEqualTo(401);
        // A certificate beside a token that is bound to none makes no difference.
        assertThat(cloud.send("GET", "/v3/users", admin, null, with(BOB)).status())
                .isEqualTo(200);
    }

    @Test
    void nothingIsMadeOfTheTokenThatNeedsNoCertificate() {
        String token = token();
        Map<String, ?> proof = Map.of("methods", List.of("token"), "token", Map.of("id", token));
        assertThat(cloud.send("POST", "/v3/auth/tokens", null, KeystoneServer.auth(proof, null), with(ANN))
                        .status())
                .isEqualTo(403);
        Map<String, ?> credential = Map.of("application_credential", Map.of("name", "x"));
        String credentials = "/v3/users/" + ann + "/application_credentials";
        assertThat(cloud.send("POST", credentials, token, credential, with(ANN)).status())
                .isEqualTo(403);
        Map<String, ?> trust =
                Map.of("trustor_user_id", ann, "trustee_user_id", ann, "impersonation", true, "roles", List.of());
        assertThat(cloud.send("POST", "/v3/OS-TRUST/trusts", token, Map.of("trust", trust), with(ANN))
                        .status())
                .isEqualTo(403);
        String blue = cloud.get(admin, "/v3/projects?name=blue")
                .each("projects", "id")
                .getFirst();
        String key = "/v3/users/" + ann + "/credentials/OS-EC2";
        assertThat(cloud.send("POST", key, token, Map.of("tenant_id", blue), with(ANN))
                        .status())
                .isEqualTo(403);
    }

    private void isRefused(String user, Map<String, String> headers) {
        Answer answer = ask(user, headers);
        assertThat(answer.status()).as(answer.response().body()).isIn(400, 401);
        assertThat(answer.json().get("error").asString()).isIn("invalid_client", "invalid_request");
    }

    @Test
    void whoeverTheCertificateIsNotForGetsNone() {
        isRefused(ann, with(ANN));
        domainIs("acme");
        isRefused(ann, with(BOB));
        isRefused(ann, Map.of());
        isRefused(ann, Map.of(HEADER, "nonsense"));
        isRefused("nobody", with(ANN));
        isRefused("", with(ANN));
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("email", "other@example.org")));
        isRefused(ann, with(ANN));
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("email", "ann@example.org")));
        assertThat(ask(ann, with(ANN)).status()).isEqualTo(200);
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("enabled", false)));
        isRefused(ann, with(ANN));
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("enabled", true)));
        cloud.delete(admin, "/v3/OS-FEDERATION/mappings/oauth2_mapping");
        isRefused(ann, with(ANN));
    }

    @Test
    void aCertificateComesInAnyOfTheFormsOfProxies() {
        domainIs("acme");
        String body = ANN.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        for (String sent : List.of(
                body, ANN.replace('\n', ' ').strip(), ANN.replace('\n', '\t').strip())) {
            assertThat(ask(ann, Map.of(HEADER, sent)).status()).as(sent).isEqualTo(200);
        }
    }

    @Test
    void theHeaderMeansNothingWhereNoProxyIsTrusted(Database database) {
        domainIs("acme");
        String token = ask(ann, with(ANN)).json().get("access_token").asString();
        try (KeystoneServer other = new KeystoneServer(database, keys, MutableClock.fixed())) {
            assertThat(other.send("GET", "/v3/auth/projects", token, null, with(ANN))
                            .status())
                    .isEqualTo(401);
        }
    }
}

package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Columns;
import io.nacre.database.Database;
import io.nacre.database.Sql;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Credentials whose content the service only keeps, such as those of type cert. */
@EveryEngine(migrations = "db/keystone")
class CredentialsTest {
    private static final String PEM =
            "-----BEGIN CERTIFICATE-----\nMIIB\u00e9\n%s\n-----END CERTIFICATE-----\n".formatted("QUJD".repeat(16_000));

    @TempDir
    Path keys;

    private KeystoneServer cloud;
    private String admin;
    private String ann;
    private String annsToken;
    private String bob;
    private String bobsToken;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        admin = cloud.admin();
        ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        bob = cloud.make(admin, "/v3/users", "user", Map.of("name", "bob", "password", "pw"));
        annsToken = cloud.token("ann", "pw", "unscoped");
        bobsToken = cloud.token("bob", "pw", "unscoped");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private String cert(String blob) {
        return cloud.make(
                annsToken, "/v3/credentials", "credential", Map.of("user_id", ann, "type", "cert", "blob", blob));
    }

    @Test
    void aCertIsKeptAsItIsAndSealedWhereItLies(Database database) {
        String id = cert(PEM);
        JsonNode shown = cloud.get(annsToken, "/v3/credentials/" + id).json().get("credential");
        assertThat(shown.get("type").asString()).isEqualTo("cert");
        assertThat(shown.get("blob").asString()).isEqualTo(PEM);
        assertThat(shown.get("user_id").asString()).isEqualTo(ann);
        assertThat(shown.get("project_id").isNull()).isTrue();
        assertThat(shown.at("/links/self").asString()).isEqualTo(cloud.url + "/v3/credentials/" + id);
        Columns table = Columns.of("keystone_credential");
        List<String> sealed = database.read(tx ->
                Sql.in(tx).select(table.text("sealed_blob")).from(table.table()).fetch(table.text("sealed_blob")));
        assertThat(sealed).hasSize(1);
        assertThat(sealed.getFirst()).doesNotContain("CERTIFICATE", "QUJDQUJD");
        // One of type ec2 needs a project and a blob that can be read; this one needs neither.
        Map<String, ?> ec2 = Map.of("user_id", ann, "type", "ec2", "blob", PEM);
        assertThat(cloud.post(annsToken, "/v3/credentials", Map.of("credential", ec2))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void theyAreFoundByTypeAndUser() {
        String cert = cert("one");
        cloud.make(annsToken, "/v3/credentials", "credential", Map.of("user_id", ann, "type", "other", "blob", "two"));
        cloud.make(bobsToken, "/v3/credentials", "credential", Map.of("user_id", bob, "type", "cert", "blob", "three"));
        assertThat(cloud.get(annsToken, "/v3/credentials?type=cert").each("credentials", "id"))
                .containsExactly(cert);
        assertThat(cloud.get(admin, "/v3/credentials?type=cert").each("credentials", "blob"))
                .containsExactlyInAnyOrder("one", "three");
        assertThat(cloud.get(admin, "/v3/credentials?type=cert&user_id=" + ann).each("credentials", "blob"))
                .containsExactly("one");
    }

    @Test
    void theyAreTheirUsers() {
        String path = "/v3/credentials/" + cert("my-secret-blob");
        Map<String, ?> mine = Map.of("user_id", ann, "type", "cert", "blob", "x");
        assertThat(cloud.post(bobsToken, "/v3/credentials", Map.of("credential", mine))
                        .status())
                .isEqualTo(403);
        assertThat(cloud.get(bobsToken, path).status()).isEqualTo(403);
        assertThat(cloud.delete(bobsToken, path).status()).isEqualTo(403);
        assertThat(cloud.get(bobsToken, "/v3/credentials").json().get("credentials"))
                .isEmpty();
        assertThat(cloud.get(annsToken, "/v3/credentials").each("credentials", "blob"))
                .containsExactly("my-secret-blob");
        Answer given = cloud.patch(annsToken, path, Map.of("credential", Map.of("user_id", bob)));
        assertThat(given.status()).isEqualTo(403);
        Answer changed = cloud.patch(annsToken, path, Map.of("credential", Map.of("blob", "other")));
        assertThat(changed.json().at("/credential/blob").asString()).isEqualTo("other");
        assertThat(cloud.delete(annsToken, path).status()).isEqualTo(204);
        assertThat(cloud.get(admin, path).status()).isEqualTo(404);
    }

    @Test
    void theyGoWithTheirUserAndTheirProject() {
        String project = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        cloud.make(
                bobsToken,
                "/v3/credentials",
                "credential",
                Map.of("user_id", bob, "type", "cert", "blob", "of blue", "project_id", project));
        cert("anns");
        cloud.delete(admin, "/v3/projects/" + project);
        assertThat(cloud.get(admin, "/v3/credentials").each("credentials", "blob"))
                .containsExactly("anns");
        cloud.delete(admin, "/v3/users/" + ann);
        assertThat(cloud.get(admin, "/v3/credentials").json().get("credentials"))
                .isEmpty();
    }

    /** What is in it proves nothing to this service. */
    @Test
    void nobodyLogsInWithACert() {
        String blob = "{\"access\": \"anns-key\", \"secret\": \"s\"}";
        cert(blob);
        for (String kind : List.of("ec2tokens", "s3tokens")) {
            Map<String, ?> signed = Map.of(
                    "access",
                    "anns-key",
                    "signature",
                    "s",
                    "host",
                    "h",
                    "verb",
                    "GET",
                    "path",
                    "/",
                    "params",
                    Map.of());
            assertThat(cloud.post(admin, "/v3/" + kind, Map.of("credentials", signed))
                            .status())
                    .as(kind)
                    .isEqualTo(404);
        }
    }
}

package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the service says of itself to those who do not know it yet. */
@EveryEngine(migrations = "db/keystone")
class VersionsTest {
    @TempDir
    Path keys;

    private KeystoneServer cloud;
    private String admin;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        admin = cloud.admin();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void versionsAreOfferedAndShown() {
        Answer all = cloud.get(null, "/");
        assertThat(all.status()).isEqualTo(300);
        assertThat(all.json().at("/versions/values/0/id").asString()).isEqualTo("v3.14");
        Answer one = cloud.get(null, "/v3/");
        assertThat(one.status()).isEqualTo(200);
        assertThat(one.json().at("/version/links/0/href").asString()).isEqualTo(cloud.url + "/v3/");
        assertThat(one.json().at("/version/status").asString()).isEqualTo("stable");
    }

    @Test
    void whoAsksForTheHomeDocumentIsToldWhereEverythingIs() {
        Set<String> served = cloud.keystone.service().routes().stream()
                .map(route -> unnamed(route.path()))
                .collect(Collectors.toSet());
        JsonNode home = accepting("application/json-home", "/").json().get("resources");
        for (JsonNode resource : home) {
            String path = resource.has("href")
                    ? resource.get("href").asString()
                    : resource.get("href-template").asString();
            assertThat(served).contains(unnamed(path));
        }
        assertThat(home.at("/https:~1~1docs.openstack.org~1api~1openstack-identity~13~1rel~1user"))
                .isEqualTo(Json.tree(Map.of(
                        "href-template",
                        "/v3/users/{user_id}",
                        "href-vars",
                        Map.of("user_id", "https://docs.openstack.org/api/openstack-identity/3/param/user_id"))));
        assertThat(accepting("application/json;q=0.5, application/json-home", "/v3")
                        .header("Content-Type"))
                .isEqualTo("application/json-home");
        for (String rather :
                List.of("*/*", "application/json, application/json-home", "application/json-home;q=0.1, */*")) {
            assertThat(accepting(rather, "/v3").json().has("version"))
                    .as(rather)
                    .isTrue();
        }
    }

    private Answer accepting(String media, String path) {
        return cloud.send("GET", path, null, null, Map.of("Accept", media));
    }

    private static String unnamed(String path) {
        return path.replaceAll("\\{\\w+}", "{}");
    }

    @Test
    void whatCameWithPkiTokensIsGone() {
        assertThat(cloud.get(null, "/v3/OS-SIMPLE-CERT/ca").status()).isEqualTo(410);
        assertThat(cloud.get(null, "/v3/OS-SIMPLE-CERT/certificates").status()).isEqualTo(410);
        assertThat(cloud.get(admin, "/v3/auth/tokens/OS-PKI/revoked").status()).isEqualTo(403);
    }
}

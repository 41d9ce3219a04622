package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.nacre.base.Digests;
import io.nacre.config.InvalidSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Images at a site that does not hash as others do. */
class HashingTest {
    private static final String ME = "member@mine";
    private static final String ADMIN = "admin@ops";
    private static final String TEXT = "0123456789";
    private static final byte[] DATA = TEXT.getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private GlanceServer server(String algorithm, int webPort) {
        return new GlanceServer(folder, GlanceServer.settings("""
                        hashing_algorithm = "%1$s"
                        [glance.locations]
                        show_multiple_locations = true
                        [glance.cache]
                        folder = "%2$s/cache"
                        [glance.store.files]
                        driver = "file"
                        folder = "%2$s/files"
                        [glance.store.other]
                        driver = "file"
                        folder = "%2$s/other"
                        [glance.store.web]
                        driver = "http"
                        allow = ["127.0.0.1:%3$d"]
                        """.formatted(algorithm, folder, webPort)));
    }

    private static void assertHash(JsonNode image, String algorithm, String name) {
        assertThat(image.get("os_hash_algo").stringValue()).isEqualTo(algorithm);
        assertThat(image.get("os_hash_value").stringValue()).isEqualTo(Digests.hex(name, TEXT));
    }

    @Test
    void imagesAreHashedAsTheSiteWantsItAndOlderOnesAsTheyWere() throws Exception {
        String old;
        try (GlanceServer glance = server("sha512", 1)) {
            old = glance.createRaw(ME);
            glance.upload(ME, old, DATA);
        }
        try (GlanceServer glance = server("sha256", 1)) {
            String id = glance.createRaw(ME);
            glance.upload(ME, id, DATA);
            for (String image : List.of(old, id)) {
                String copy = "{\"method\": {\"name\": \"copy-image\"}, \"stores\": [\"other\"]}";
                assertThat(glance.post(ADMIN, "/v2/images/" + image + "/import", copy)
                                .statusCode())
                        .isEqualTo(202);
                glance.settle();
                assertThat(glance.show(ME, image).get("stores").stringValue().split(","))
                        .containsExactlyInAnyOrder("files", "other");
            }
            assertHash(glance.show(ME, old), "sha512", "SHA-512");
            assertHash(glance.show(ME, id), "sha256", "SHA-256");
        }
    }

    @Test
    void dataOfOthersIsToldAndCachedByTheSameAlgorithm() throws Exception {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(DATA.length));
            exchange.sendResponseHeaders(200, head ? -1 : DATA.length);
            if (!head) {
                exchange.getResponseBody().write(DATA);
            }
            exchange.close();
        });
        web.start();
        int port = web.getAddress().getPort();
        try (GlanceServer glance = server("sha384", port)) {
            String id = glance.createRaw(ME);
            String patch =
                    "[{\"op\": \"add\", \"path\": \"/locations/-\", \"value\": {\"url\": \"http://127.0.0.1:" + port
                            + "/x\", \"metadata\": {}, \"validation_data\": {\"os_hash_algo\": \"%s\", \"os_hash_value\":"
                            + " \"%s\"}}}]";
            assertThat(glance.patch(ME, id, patch.formatted("sha512", Digests.hex("SHA-512", TEXT)))
                            .body())
                    .contains("os_hash_algo must be sha384, not sha512");
            assertThat(glance.patch(ME, id, patch.formatted("sha384", Digests.hex("SHA-256", TEXT)))
                            .body())
                    .contains("is not the correct size for sha384 (should be 48 bytes)");
            assertThat(glance.patch(ME, id, patch.formatted("sha384", Digests.hex("SHA-384", TEXT)))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(glance.get(ME, "/v2/images/" + id + "/file").body()).isEqualTo(TEXT);
            assertThat(Files.readString(folder.resolve("cache").resolve(id))).isEqualTo(TEXT);
        } finally {
            web.stop(0);
        }
    }

    @Test
    void anAlgorithmThatNobodyKnowsRefusesTheStart() {
        assertThatThrownBy(() -> server("sha3", 1))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("hashing_algorithm")
                .hasMessageContaining("md5, sha1, sha256, sha384, sha512");
    }
}

package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.nacre.tasks.Reconciler;
import io.nacre.testkit.image.HostileImages;
import io.nacre.testkit.image.SampleImages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Images whose data others serve, and where data is. */
class LocationsTest {
    private static final String ME = "member@mine";
    private static final String ADMIN = "admin@ops";
    private static final byte[] DATA = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final String HASH = "bb96c2fc40d2d54617d6f276febe571f623a8dadf0b734855299b0e107fda32c"
            + "f6b69f2da32b36445d73690b93cbd0f7bfc20e0f7f28553d2a4428f23b716e90";
    private static final String MD5 = "781e5e245d69b566979b86e28d23f2c7";

    @TempDir
    Path folder;

    private HttpServer web;
    private GlanceServer glance;

    @BeforeEach
    void start() throws IOException {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/one", DATA);
        serve("/two", DATA);
        serve("/other", new byte[11]);
        serve("/qcow2", SampleImages.qcow2(SampleImages.UNSPOILT));
        serve("/hostile", HostileImages.named("qcow2-backing-file"));
        web.start();
        glance = server(true);
    }

    private void serve(String path, byte[] data) {
        web.createContext(path, exchange -> {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (head) {
                exchange.getResponseHeaders().add("Content-Length", Integer.toString(data.length));
            }
            exchange.sendResponseHeaders(200, head ? -1 : data.length);
            if (!head) {
                exchange.getResponseBody().write(data);
            }
            exchange.close();
        });
    }

    private GlanceServer server(boolean visible) {
        return new GlanceServer(folder, GlanceServer.settings("""
                        [glance.locations]
                        show_image_direct_url = %1$s
                        show_multiple_locations = %1$s
                        [glance.store.files]
                        driver = "file"
                        folder = "%2$s/files"
                        [glance.store.web]
                        driver = "http"
                        allow = ["127.0.0.1:%3$d"]
                        weight = -1
                        """.formatted(
                        visible, folder, web.getAddress().getPort())));
    }

    @AfterEach
    void stop() {
        glance.close();
        web.stop(0);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + path;
    }

    private static String location(String url, String more) {
        return "{\"url\": \"" + url + "\", \"metadata\": {\"store\": \"web\"}" + more + "}";
    }

    private HttpResponse<String> add(String id, String location) throws Exception {
        return glance.patch(ME, id, "[{\"op\": \"add\", \"path\": \"/locations/-\", \"value\": " + location + "}]");
    }

    private HttpResponse<String> remove(String token, String id, String position) throws Exception {
        return glance.patch(token, id, "[{\"op\": \"remove\", \"path\": \"/locations/" + position + "\"}]");
    }

    private String data(String id) throws Exception {
        return glance.get(ME, "/v2/images/" + id + "/file").body();
    }

    private static String validation(String checksum, String algorithm, String hash) {
        return ", \"validation_data\": {\"checksum\": \"" + checksum + "\", \"os_hash_algo\": \"" + algorithm
                + "\", \"os_hash_value\": \"" + hash + "\"}";
    }

    @Test
    void anImageMayBeWhatOthersServe() throws Exception {
        String id = glance.createRaw(ME);
        JsonNode image = glance.json(add(id, location(url("/one"), validation(MD5, "sha512", HASH))));
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(image.get("size").intValue()).isEqualTo(10);
        assertThat(image.get("checksum").stringValue()).isEqualTo(MD5);
        assertThat(image.get("os_hash_value").stringValue()).isEqualTo(HASH);
        assertThat(image.get("stores").stringValue()).isEqualTo("web");
        assertThat(image.get("direct_url").stringValue()).isEqualTo(url("/one"));
        assertThat(image.get("locations").toString())
                .contains("\"url\":\"" + url("/one") + "\"")
                .contains("{\"store\":\"web\"}");
        assertThat(data(id)).isEqualTo("0123456789");
        assertThat(glance.send(glance.request(ME, "/v2/images/" + id + "/file").header("Range", "bytes=4-5"))
                        .body())
                .isEqualTo("45");
        assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
        glance.settle();
        assertThat(glance.get(ME, "/v2/images/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void dataHereMayAlsoBeElsewhere() throws Exception {
        String id = glance.createRaw(ME);
        glance.upload(ME, id, DATA);
        assertThat(add(id, location(url("/other"), "")).statusCode()).isEqualTo(400);
        assertThat(add(id, location(url("/one"), validation(MD5, "sha512", HASH)))
                        .statusCode())
                .isEqualTo(200);
        assertThat(add(id, location(url("/one"), "")).statusCode()).isEqualTo(400);
        assertThat(add(id, location(url("/two"), validation("0".repeat(32), "sha512", HASH)))
                        .statusCode())
                .isEqualTo(409);
        JsonNode shown = glance.show(ME, id);
        assertThat(shown.get("stores").stringValue()).isEqualTo("files,web");
        assertThat(shown.get("direct_url").stringValue()).startsWith("file://");
        assertThat(remove(ME, id, "1").statusCode()).isEqualTo(403);
        assertThat(remove(ADMIN, id, "2").statusCode()).isEqualTo(400);
        assertThat(remove(ADMIN, id, "x").statusCode()).isEqualTo(400);
        assertThat(remove(ADMIN, id, "0").statusCode()).isEqualTo(200);
        assertThat(glance.show(ME, id).get("stores").stringValue()).isEqualTo("web");
        assertThat(remove(ADMIN, id, "0").statusCode()).isEqualTo(403);
        glance.glance.reconcilers().forEach(Reconciler::run);
        assertThat(folder.resolve("files")).isEmptyDirectory();
        assertThat(data(id)).isEqualTo("0123456789");
    }

    @Test
    void allLocationsAreReplacedOnlyWhenThereAreNone() throws Exception {
        String id = glance.createRaw(ME);
        String both = "[" + location(url("/one"), "") + ", " + location(url("/two"), "") + "]";
        String replace = "[{\"op\": \"replace\", \"path\": \"/locations\", \"value\": %s}]";
        assertThat(glance.patch(ME, id, replace.formatted("[]")).statusCode()).isEqualTo(403);
        assertThat(glance.patch(ME, id, replace.formatted(both)).statusCode()).isEqualTo(200);
        assertThat(glance.show(ME, id).get("locations").size()).isEqualTo(2);
        assertThat(glance.patch(ME, id, replace.formatted(both)).statusCode()).isEqualTo(200);
        assertThat(glance.patch(ME, id, replace.formatted("[" + location(url("/one"), "") + "]"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void dataIsLookedIntoBeforeItIsAnImages() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(add(id, location(url("/hostile"), "")).body()).contains("does not match disk format");
        assertThat(glance.status(id)).isEqualTo("queued");
        String patch = "[{\"op\": \"replace\", \"path\": \"/disk_format\", \"value\": \"qcow2\"},"
                + " {\"op\": \"add\", \"path\": \"/locations/-\", \"value\": %s}]";
        HttpResponse<String> hostile = glance.patch(ME, id, patch.formatted(location(url("/hostile"), "")));
        assertThat(hostile.statusCode()).isEqualTo(400);
        assertThat(hostile.body()).contains("Invalid location: ", "backing file");
        assertThat(glance.show(ME, id).get("disk_format").stringValue()).isEqualTo("raw");
        JsonNode image = glance.json(200, glance.patch(ME, id, patch.formatted(location(url("/qcow2"), ""))));
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(image.get("disk_format").stringValue()).isEqualTo("qcow2");
        assertThat(image.get("virtual_size").longValue())
                .isNotEqualTo(image.get("size").longValue());
    }

    @Test
    void nobodyIsLedInsideOrToNothing() throws Exception {
        String id = glance.createRaw(ME);
        for (String bad : new String[] {
            "http://127.0.0.1:1/x",
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
            "s3://a/b/c",
            url("/nothing"),
            "x"
        }) {
            assertThat(add(id, location(bad, "")).statusCode()).as(bad).isEqualTo(400);
        }
        for (String bad : new String[] {
            validation("xy".repeat(16), "sha512", HASH),
            validation(MD5, "sha256", HASH),
            validation(MD5, "sha512", "abc"),
            validation(MD5, "sha512", "abcd")
        }) {
            assertThat(add(id, location(url("/one"), bad)).statusCode()).as(bad).isEqualTo(409);
        }
        assertThat(add(id, "{\"url\": \"" + url("/one") + "\"}").statusCode()).isEqualTo(400);
        assertThat(add(id, "7").statusCode()).isEqualTo(400);
        assertThat(glance.patch(
                                ME,
                                id,
                                "[{\"op\": \"add\", \"path\": \"/locations\", \"value\": " + location(url("/one"), "")
                                        + "}]")
                        .statusCode())
                .isEqualTo(400);
        assertThat(glance.status(id)).isEqualTo("queued");
        assertThat(glance.show(ME, id).get("locations").isEmpty()).isTrue();
        String bare = glance.create(ME, "\"name\": \"no formats\"");
        assertThat(add(bare, location(url("/one"), "")).statusCode()).isEqualTo(400);
        assertThat(glance.status(bare)).isEqualTo("queued");
    }

    @Test
    void whatIsInvisibleCannotBeChanged() throws Exception {
        glance.close();
        glance = server(false);
        String id = glance.createRaw(ME);
        HttpResponse<String> refused = add(id, location(url("/one"), ""));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("It's not allowed to add locations if locations are invisible.");
        assertThat(remove(ADMIN, id, "0").body()).contains("It's not allowed to remove locations");
        glance.upload(ME, id, DATA);
        assertThat(glance.show(ME, id).has("locations")).isFalse();
        assertThat(glance.show(ME, id).has("direct_url")).isFalse();
    }

    @Test
    void whoMayNotKnowWhereDataIsSeesNoPlace() throws Exception {
        String id = glance.create(
                ADMIN, "\"visibility\": \"public\", \"disk_format\": \"raw\", \"container_format\": \"bare\"");
        glance.upload(ADMIN, id, DATA);
        assertThat(glance.show(ADMIN, id).get("locations").size()).isEqualTo(1);
        assertThat(glance.show(ME, id).get("locations").isEmpty()).isTrue();
        assertThat(glance.show(ME, id).has("direct_url")).isFalse();
        assertThat(glance.json(glance.get(ME, "/v2/images"))
                        .get("images")
                        .get(0)
                        .get("locations")
                        .isEmpty())
                .isTrue();
    }
}

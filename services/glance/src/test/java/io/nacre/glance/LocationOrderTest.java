package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.nacre.base.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Several places of one image: their order, what clients say of them, and what a patch may change. */
class LocationOrderTest {
    private static final String ADMIN = "admin@ops";
    private static final String ME = "member@mine";
    private static final byte[] DATA = "data of others".getBytes(StandardCharsets.UTF_8);
    private static final String SHOWN =
            "locations.show_multiple_locations = true\nlocations.show_image_direct_url = true\n";

    @TempDir
    Path folder;

    private HttpServer web;
    private String url;
    private GlanceServer glance;

    @BeforeEach
    void start() throws Exception {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/image", exchange -> {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(DATA.length));
            exchange.sendResponseHeaders(200, head ? -1 : DATA.length);
            if (!head) {
                exchange.getResponseBody().write(DATA);
            }
            exchange.close();
        });
        web.start();
        String address = "127.0.0.1:" + web.getAddress().getPort();
        url = "http://" + address + "/image";
        glance = new GlanceServer(
                folder,
                GlanceServer.settings(SHOWN
                        + "[glance.store.disk]\ndriver = \"file\"\nfolder = \"" + folder.resolve("images") + "\"\n"
                        + "[glance.store.web]\ndriver = \"http\"\nallow = [\"" + address + "\"]\n"));
    }

    @AfterEach
    void stop() {
        glance.close();
        web.stop(0);
    }

    private String add(String at, String more) {
        return "[{\"op\": \"add\", \"path\": \"/locations/" + at + "\", \"value\": {\"url\": \"" + url + more
                + "\", \"metadata\": {\"foo\": \"" + more + "\"}}}]";
    }

    private JsonNode patched(String token, String id, String body) throws Exception {
        return glance.json(200, glance.patch(token, id, body));
    }

    private void refused(int status, String message, String token, String id, String body) throws Exception {
        JsonNode before = glance.show(ADMIN, id);
        HttpResponse<String> response = glance.patch(token, id, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains(message);
        assertThat(glance.show(ADMIN, id)).isEqualTo(before);
    }

    private static List<String> urls(JsonNode image) {
        return image.get("locations").findValuesAsString("url");
    }

    @Test
    void anImageIsDataThatOthersKeep() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(urls(glance.show(ME, id))).isEmpty();
        assertThat(glance.show(ME, id).has("direct_url")).isFalse();
        JsonNode image = patched(ME, id, add("-", ""));
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(image.get("size").longValue()).isEqualTo(DATA.length);
        assertThat(image.get("checksum").isNull()).isTrue();
        assertThat(image.at("/locations/0/metadata").toString()).isEqualTo("{\"foo\":\"\",\"store\":\"web\"}");
        assertThat(image.get("direct_url").stringValue()).isEqualTo(url);
        assertThat(image.get("stores").stringValue()).isEqualTo("web");
        assertThat(glance.show(ME, id)).isEqualTo(image);
        assertThat(glance.json(200, glance.get(ME, "/v2/images")).get("images").get(0))
                .isEqualTo(image);
        assertThat(glance.bytes(glance.request(ME, "/v2/images/" + id + "/file"))
                        .body())
                .isEqualTo(DATA);

        assertThat(urls(patched(ME, id, add("0", "#first")))).containsExactly(url + "#first", url);
        assertThat(urls(patched(ME, id, add("1", "#second")))).containsExactly(url + "#first", url + "#second", url);
        refused(400, "already exists", ME, id, add("-", "#first"));
        refused(400, "Invalid position for adding a location.", ME, id, add("x", "#x"));
        refused(403, "delete_image_location", ME, id, "[{\"op\": \"remove\", \"path\": \"/locations/0\"}]");
        refused(
                400,
                "Invalid position for removing a location.",
                ADMIN,
                id,
                "[{\"op\": \"remove\", \"path\": \"/locations/3\"}]");
        assertThat(urls(patched(ADMIN, id, "[{\"op\": \"remove\", \"path\": \"/locations/0\"}]")))
                .containsExactly(url + "#second", url);
        patched(ADMIN, id, "[{\"op\": \"remove\", \"path\": \"/locations/-\"}]");
        refused(
                403,
                "Cannot remove last location in the image.",
                ADMIN,
                id,
                "[{\"op\": \"remove\", \"path\": \"/locations/0\"}]");
        assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
    }

    /** The older media type has the operation as the member that holds the path. */
    @Test
    void replacingChangesWhatIsSaidOfLocationsAndNotWhereTheyAre() throws Exception {
        String id = glance.createRaw(ME);
        patched(ME, id, add("-", ""));
        String both = Json.write(patched(ME, id, add("-", "#b")).get("locations"));
        String body =
                "[{\"replace\": \"/locations\", \"value\": " + both.replace("\"foo\":\"#b\"", "\"foo\":\"c\"") + "}]";
        HttpResponse<String> old = glance.send(glance.request(ME, "/v2/images/" + id)
                .header("Content-Type", "application/openstack-images-v2.0-json-patch")
                .method("PATCH", BodyPublishers.ofString(body)));
        assertThat(glance.json(200, old).at("/locations/1/metadata/foo").stringValue())
                .isEqualTo("c");
        String replace = "[{\"op\": \"replace\", \"path\": \"/locations\", \"value\": ";
        refused(403, "Cannot set locations to empty list.", ME, id, replace + "[]}]");
        refused(
                400,
                "Original locations is not empty",
                ME,
                id,
                replace + "[{\"url\": \"" + url + "\", \"metadata\": {}}]}]");
        refused(400, "Invalid JSON pointer", ME, id, replace.replace("/locations", "/locations/0") + "{}}]");

        String other = glance.createRaw(ME);
        JsonNode set = patched(ME, other, replace + "[{\"url\": \"" + url + "\", \"metadata\": {}}]}]");
        assertThat(set.get("status").stringValue()).isEqualTo("active");
    }

    @Test
    void uploadedDataIsShownToWhomThePolicyLets() throws Exception {
        String id = glance.create(
                ADMIN, "\"disk_format\": \"raw\", \"container_format\": \"bare\", \"visibility\": \"public\"");
        assertThat(glance.upload(ADMIN, id, DATA).statusCode()).isEqualTo(204);
        JsonNode seen = glance.show(ADMIN, id);
        assertThat(urls(seen)).hasSize(1);
        assertThat(urls(seen).getFirst()).startsWith("file:///");
        assertThat(seen.get("direct_url").stringValue()).isEqualTo(urls(seen).getFirst());
        String same = Json.write(seen.get("locations"));
        JsonNode replaced =
                patched(ADMIN, id, "[{\"op\": \"replace\", \"path\": \"/locations\", \"value\": " + same + "}]");
        assertThat(urls(replaced)).isEqualTo(urls(seen));
        JsonNode strangers = glance.show(ME, id);
        assertThat(urls(strangers)).isEmpty();
        assertThat(strangers.has("direct_url")).isFalse();
    }
}

package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.tasks.Reconciler;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Images that are fetched from the glance of another region. */
class RegionsTest {
    private static final String ME = "member@mine";
    private static final byte[] DATA = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final String NOBODY = "11111111-2222-4333-8444-555555555555";

    @TempDir
    Path folder;

    private GlanceServer there;
    private GlanceServer here;

    @BeforeEach
    void start() throws Exception {
        there = new GlanceServer(Files.createDirectory(folder.resolve("there")), UnaryOperator.identity());
        here = new GlanceServer(
                Files.createDirectory(folder.resolve("here")),
                GlanceServer.settings("web_download_allow = [\"127.0.0.1:" + there.port() + "\"]"));
        here.identity.endpoints.put("there/public", "http://127.0.0.1:" + there.port() + "/v2/");
        here.identity.endpoints.put("there/admin", "http://127.0.0.1:22");
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
    }

    private String source(String token) throws Exception {
        String id = there.create(
                token,
                "\"disk_format\": \"raw\", \"container_format\": \"bare\", \"hw_cpu_cores\": \"5\","
                        + " \"trait:STORAGE_DISK_SSD\": \"required\", \"os_distro\": \"rhel\", \"speed\": \"88mph\"");
        assertThat(there.upload(token, id, DATA).statusCode()).isEqualTo(204);
        return id;
    }

    private String target() throws Exception {
        return here.create(
                ME,
                "\"disk_format\": \"iso\", \"container_format\": \"ovf\", \"hw_cpu_cores\": \"1\","
                        + " \"os_distro\": \"windows\"");
    }

    private HttpResponse<String> importing(String id, String method) throws Exception {
        return here.post(
                ME, "/v2/images/" + id + "/import", "{\"method\": {\"name\": \"glance-download\"" + method + "}}");
    }

    private static String of(String image, String more) {
        return ", \"glance_image_id\": \"" + image + "\", \"glance_region\": \"there\"" + more;
    }

    private JsonNode task(String id) throws Exception {
        return here.json(here.get(ME, "/v2/images/" + id + "/tasks"))
                .get("tasks")
                .get(0);
    }

    @Test
    void dataFormatsAndSomePropertiesComeAlong() throws Exception {
        String id = target();
        HttpResponse<String> response = importing(id, of(source(ME), ""));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        here.settle();
        JsonNode image = here.show(ME, id);
        assertThat(image.get("status").stringValue()).as(task(id).toString()).isEqualTo("active");
        assertThat(image.get("disk_format").stringValue()).isEqualTo("raw");
        assertThat(image.get("container_format").stringValue()).isEqualTo("bare");
        assertThat(image.get("hw_cpu_cores").stringValue()).isEqualTo("5");
        assertThat(image.get("os_distro").stringValue()).isEqualTo("rhel");
        assertThat(image.get("trait:STORAGE_DISK_SSD").stringValue()).isEqualTo("required");
        assertThat(image.has("speed")).isFalse();
        assertThat(here.get(ME, "/v2/images/" + id + "/file").body()).isEqualTo("0123456789");
        assertThat(task(id).at("/input/import_req/method/glance_service_interface")
                        .stringValue())
                .isEqualTo("public");
    }

    @Test
    void whatIsWrongWithTheRequestIsSaidAtOnce() throws Exception {
        String id = target();
        record Bad(String method, String message) {}
        for (Bad bad : List.of(
                new Bad("", "'glance_region' needs to be set"),
                new Bad(", \"glance_region\": \"there\"", "'glance_image_id' needs to be set"),
                new Bad(of("foo", ""), "Remote image id does not look like a UUID: foo"))) {
            HttpResponse<String> response = importing(id, bad.method());
            assertThat(response.statusCode()).as(bad.method()).isEqualTo(400);
            assertThat(response.body()).contains(bad.message());
        }
        assertThat(here.status(id)).isEqualTo("queued");
    }

    @Test
    void whatCannotBeFetchedLeavesTheImageAsItWas() throws Exception {
        String queued = there.createRaw(ME);
        record Bad(String method, String message) {}
        for (Bad bad : List.of(
                new Bad(of(NOBODY, ""), "status 404"),
                new Bad(of(source("member@yours"), ""), "status 404"),
                new Bad(of(queued, ""), "Source image status should be active instead of queued"),
                new Bad(of(NOBODY, ", \"glance_service_interface\": \"internal\""), "endpoint not found"),
                new Bad(of(NOBODY, ", \"glance_service_interface\": \"admin\""), "does not pass filtering"))) {
            String id = target();
            assertThat(importing(id, bad.method()).statusCode()).isEqualTo(202);
            here.settle();
            assertThat(task(id).get("status").stringValue()).isEqualTo("failure");
            assertThat(task(id).get("message").stringValue()).contains(bad.message());
            JsonNode image = here.show(ME, id);
            assertThat(image.get("status").stringValue()).isEqualTo("queued");
            assertThat(image.get("os_distro").stringValue()).isEqualTo("windows");
            assertThat(image.get("disk_format").stringValue()).isEqualTo("iso");
        }
        here.glance.reconcilers().forEach(Reconciler::run);
        assertThat(here.files()).isEmpty();
    }
}

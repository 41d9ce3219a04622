package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.config.Settings;
import io.nacre.glance.store.StoreConfig;
import io.nacre.glance.store.file.FileStoreConfig;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Quotas by keystone's limits. */
class UnifiedLimitsTest {
    private static final String ME = "member@mine";
    private static final String ADMIN = "admin@ops";
    private static final byte[] MIB = new byte[1 << 20];

    @TempDir
    Path folder;

    private GlanceServer glance;

    @BeforeEach
    void start() {
        Map<String, StoreConfig> stores = new LinkedHashMap<>();
        stores.put("one", new FileStoreConfig("", 0, folder.resolve("one")));
        stores.put("two", new FileStoreConfig("", 0, folder.resolve("two")));
        glance = new GlanceServer(
                folder,
                was -> new Settings()
                        .text("test", "[glance]\nuse_keystone_limits = true")
                        .section("glance", GlanceServer.stores(stores, "one").apply(was)));
        for (String name :
                new String[] {"image_count_total", "image_count_uploading", "image_size_total", "image_stage_total"}) {
            limit(name, 10);
        }
    }

    @AfterEach
    void stop() {
        glance.close();
    }

    private void limit(String name, long value) {
        glance.identity.limits.put("mine/" + name, value);
    }

    private HttpResponse<String> stage(String id) throws Exception {
        return glance.send(glance.request(ME, "/v2/images/" + id + "/stage")
                .header("Content-Type", GlanceServer.OCTETS)
                .PUT(BodyPublishers.ofByteArray(MIB)));
    }

    private HttpResponse<String> importing(String id) throws Exception {
        return glance.post(ME, "/v2/images/" + id + "/import", "{\"method\": {\"name\": \"glance-direct\"}}");
    }

    private JsonNode usage() throws Exception {
        return glance.json(glance.get(ME, "/v2/info/usage")).get("usage");
    }

    private void assertUsage(String name, long used, long limit) throws Exception {
        assertThat(usage().get(name).get("usage").longValue()).as(name).isEqualTo(used);
        assertThat(usage().get(name).get("limit").longValue()).as(name).isEqualTo(limit);
    }

    private static void assertOver(HttpResponse<String> response, String resource, long limit, long used, long more) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(413);
        assertThat(response.body())
                .contains("The request returned a 413 Request Entity Too Large.")
                .contains("Project mine is over a limit for [Resource " + resource + " is over limit of " + limit
                        + " due to current usage " + used + " and delta " + more + "]");
    }

    @Test
    void imagesAreCounted() throws Exception {
        limit("image_count_total", 1);
        String id = glance.createRaw(ME);
        assertOver(glance.post(ME, "/v2/images", "{}"), "image_count_total", 1, 1, 1);
        assertUsage("image_count_total", 1, 1);
        limit("image_count_total", 2);
        glance.createRaw(ME);
        glance.delete(ME, "/v2/images/" + id);
        glance.createRaw(ME);
        assertUsage("image_count_total", 2, 2);
        // What is not registered is not to be had.
        assertThat(glance.post("member@yours", "/v2/images", "{}").statusCode()).isEqualTo(413);
        glance.identity.limits.put("/image_count_total", -1L);
        assertThat(glance.post("member@yours", "/v2/images", "{}").statusCode()).isEqualTo(201);
    }

    @Test
    void dataIsCountedInEveryStore() throws Exception {
        limit("image_size_total", 1);
        String first = glance.createRaw(ME);
        assertThat(glance.upload(ME, first, MIB).statusCode()).isEqualTo(204);
        assertUsage("image_size_total", 1, 1);
        String second = glance.createRaw(ME);
        assertOver(glance.upload(ME, second, MIB), "image_size_total", 1, 1, 1);
        assertThat(glance.status(second)).isEqualTo("queued");
        glance.post(
                ADMIN,
                "/v2/images/" + first + "/import",
                "{\"method\": {\"name\": \"copy-image\"}, \"all_stores\": true}");
        glance.settle();
        assertUsage("image_size_total", 2, 1);
        glance.delete(ME, "/v2/images/" + first);
        assertThat(glance.upload(ME, second, MIB).statusCode()).isEqualTo(204);
    }

    @Test
    void stagedDataAndUploadsAreCounted() throws Exception {
        limit("image_stage_total", 1);
        limit("image_count_uploading", 1);
        String first = glance.createRaw(ME);
        assertThat(stage(first).statusCode()).isEqualTo(204);
        assertUsage("image_stage_total", 1, 1);
        assertUsage("image_count_uploading", 1, 1);
        String second = glance.createRaw(ME);
        assertOver(stage(second), "image_stage_total", 1, 1, 1);
        assertOver(glance.upload(ME, second, MIB), "image_count_uploading", 1, 2, 0);
        limit("image_stage_total", 10);
        assertOver(stage(second), "image_count_uploading", 1, 2, 0);
        assertThat(glance.status(second)).isEqualTo("queued");
        assertThat(importing(first).statusCode()).isEqualTo(202);
        glance.settle();
        assertThat(glance.status(first)).isEqualTo("active");
        assertUsage("image_count_uploading", 0, 1);
        assertUsage("image_stage_total", 0, 10);
        assertThat(stage(second).statusCode()).isEqualTo(204);
    }

    @Test
    void anImportThatIsTooMuchFailsWithTheReason() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(stage(id).statusCode()).isEqualTo(204);
        limit("image_size_total", 0);
        assertThat(importing(id).statusCode()).isEqualTo(202);
        glance.settle();
        assertThat(glance.status(id)).isEqualTo("queued");
        JsonNode task = glance.json(glance.get(ME, "/v2/images/" + id + "/tasks"))
                .get("tasks")
                .get(0);
        assertThat(task.get("status").stringValue()).isEqualTo("failure");
        assertThat(task.get("message").stringValue())
                .contains("Resource image_size_total is over limit of 0 due to current usage 0 and delta 1");
    }
}

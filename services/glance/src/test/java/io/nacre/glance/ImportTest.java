package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.glance.store.FaultyStore;
import io.nacre.glance.store.StoreConfig;
import io.nacre.tasks.Reconciler;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Imports into several stores, and copies from one to others, when stores get into trouble too. */
class ImportTest {
    private static final String ME = "member@mine";
    private static final String ADMIN = "admin@ops";
    private static final byte[] DATA = "0123456789".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private FaultyStore one;
    private FaultyStore two;
    private FaultyStore three;
    private GlanceServer glance;

    @BeforeEach
    void start() {
        one = new FaultyStore(folder.resolve("images/one"), null);
        two = new FaultyStore(folder.resolve("images/two"), null);
        three = new FaultyStore(folder.resolve("images/three"), null);
        Map<String, StoreConfig> stores = new LinkedHashMap<>();
        stores.put("one", one);
        stores.put("two", two);
        stores.put("three", three);
        glance = new GlanceServer(folder, GlanceServer.stores(stores, "one"));
    }

    @AfterEach
    void stop() {
        glance.close();
    }

    private HttpResponse<String> importing(String token, String id, String method, String more) throws Exception {
        return glance.post(
                token, "/v2/images/" + id + "/import", "{\"method\": {\"name\": \"" + method + "\"}" + more + "}");
    }

    private String staged() throws Exception {
        String id = glance.createRaw(ME);
        HttpResponse<String> response = glance.send(glance.request(ME, "/v2/images/" + id + "/stage")
                .header("Content-Type", GlanceServer.OCTETS)
                .PUT(BodyPublishers.ofByteArray(DATA)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
        return id;
    }

    private JsonNode imported(String more) throws Exception {
        String id = staged();
        HttpResponse<String> response = importing(ME, id, "glance-direct", more);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        glance.settle();
        return glance.show(ME, id);
    }

    private JsonNode copied(String id, String more) throws Exception {
        // Tasks are listed by their age.
        glance.clock.advance(Duration.ofSeconds(1));
        HttpResponse<String> response = importing(ADMIN, id, "copy-image", more);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        glance.settle();
        return glance.show(ME, id);
    }

    private String active() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(204);
        return id;
    }

    private static void assertStores(JsonNode image, String stores, String failed) {
        assertThat(image.get("stores").stringValue().split(",")).containsExactlyInAnyOrder(stores.split(","));
        assertThat(image.get("os_glance_failed_import").stringValue()).isEqualTo(failed);
        assertThat(image.get("os_glance_importing_to_stores").stringValue()).isEmpty();
        assertThat(image.has("os_glance_import_task")).isFalse();
    }

    private JsonNode task(String id) throws Exception {
        return glance.json(glance.get(ADMIN, "/v2/images/" + id + "/tasks"))
                .get("tasks")
                .get(0);
    }

    private void nothingIsLeft() throws IOException {
        glance.glance.reconcilers().forEach(Reconciler::run);
        assertThat(glance.files()).isEmpty();
    }

    @Test
    void anImportGoesIntoTheStoresThatItNames() throws Exception {
        assertStores(imported(""), "one", "");
        assertStores(imported(", \"stores\": [\"two\", \"three\"]"), "two,three", "");
        JsonNode everywhere = imported(", \"all_stores\": true");
        assertStores(everywhere, "one,two,three", "");
        JsonNode backends =
                task(everywhere.get("id").stringValue()).get("input").get("backend");
        assertThat(backends.toString()).isEqualTo("[\"one\",\"two\",\"three\"]");
    }

    @Test
    void whatIsWrongWithTheStoresIsSaidAtOnce() throws Exception {
        record Bad(String more, int status, String message) {}
        String id = staged();
        for (Bad bad : List.of(
                new Bad(", \"stores\": [\"nowhere\"]", 409, "Store for identifier nowhere not found"),
                new Bad(", \"stores\": [\"one\"], \"all_stores\": true", 400, "All_stores parameter"),
                new Bad(", \"all_stores\": \"yes\"", 400, "'all_stores' must be boolean value only"),
                new Bad(", \"all_stores_must_succeed\": 1", 400, "'all_stores_must_succeed' must be boolean"))) {
            HttpResponse<String> response = importing(ME, id, "glance-direct", bad.more());
            assertThat(response.statusCode()).as(bad.more()).isEqualTo(bad.status());
            assertThat(response.body()).contains(bad.message());
        }
        for (String body : List.of("{}", "{\"method\": {}}", "{\"method\": {\"name\": \"carrier-pigeon\"}}", "[]")) {
            assertThat(glance.post(ME, "/v2/images/" + id + "/import", body).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        HttpResponse<String> both = glance.send(glance.request(ME, "/v2/images/" + id + "/import")
                .header("X-Image-Meta-Store", "one")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"method\": {\"name\": \"glance-direct\"}, \"stores\": [\"two\"]}")));
        assertThat(both.statusCode()).isEqualTo(400);
        assertThat(glance.status(id)).isEqualTo("uploading");
    }

    @Test
    void aStoreThatFailsFailsTheImportWhenAllMustSucceed() throws Exception {
        two.room(3);
        String id = staged();
        assertThat(importing(ME, id, "glance-direct", ", \"all_stores\": true").statusCode())
                .isEqualTo(202);
        glance.settle();
        JsonNode image = glance.show(ME, id);
        assertThat(image.get("status").stringValue()).isEqualTo("queued");
        assertThat(image.get("os_glance_failed_import").stringValue()).isEqualTo("two");
        assertThat(image.get("os_glance_importing_to_stores").stringValue()).isEmpty();
        assertThat(task(id).get("status").stringValue()).isEqualTo("failure");
        assertThat(task(id).get("message").stringValue()).contains("storage media is full");
        nothingIsLeft();
    }

    @Test
    void aStoreThatFailsIsLeftOutWhenNotAllMustSucceed() throws Exception {
        two.away(true);
        JsonNode image = imported(", \"all_stores\": true, \"all_stores_must_succeed\": false");
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertStores(image, "one,three", "two");
        two.away(false);
        JsonNode again = copied(image.get("id").stringValue(), ", \"all_stores\": true");
        assertStores(again, "one,two,three", "");
    }

    @Test
    void anImportThatNoStoreTakesHasFailed() throws Exception {
        two.away(true);
        String id = staged();
        importing(ME, id, "glance-direct", ", \"stores\": [\"two\"], \"all_stores_must_succeed\": false");
        glance.settle();
        assertThat(glance.status(id)).isEqualTo("queued");
        assertThat(task(id).get("message").stringValue()).isEqualTo("None of the uploads finished!");
        two.away(false);
        nothingIsLeft();
    }

    @Test
    void anActiveImageIsCopiedByAdminsOnly() throws Exception {
        String id = active();
        assertThat(importing(ME, id, "copy-image", ", \"all_stores\": true").statusCode())
                .isEqualTo(403);
        assertThat(importing("member@yours", id, "copy-image", "").statusCode()).isEqualTo(404);
        JsonNode image = copied(id, ", \"stores\": [\"three\"]");
        assertStores(image, "one,three", "");
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(task(id).get("owner").stringValue()).isEqualTo("ops");
        assertThat(task(id).get("result").get("image_id").stringValue()).isEqualTo(id);
        HttpResponse<String> twice = importing(ADMIN, id, "copy-image", ", \"stores\": [\"three\"]");
        assertThat(twice.statusCode()).isEqualTo(400);
        assertThat(twice.body()).contains("Image is already present at store 'three'");
        assertStores(copied(id, ", \"all_stores\": true"), "one,two,three", "");
        assertStores(copied(id, ", \"all_stores\": true"), "one,two,three", "");
        assertThat(glance.json(glance.get(ADMIN, "/v2/images/" + id + "/tasks")).get("tasks"))
                .hasSize(2);
        String queued = glance.createRaw(ME);
        HttpResponse<String> early = importing(ADMIN, queued, "copy-image", "");
        assertThat(early.statusCode()).isEqualTo(409);
        assertThat(early.body()).contains("Only images with status active can be targeted for copying");
    }

    @Test
    void aCopyThatFailsLeavesTheImageAsItWas() throws Exception {
        String id = active();
        three.room(3);
        JsonNode image = copied(id, ", \"all_stores\": true");
        assertStores(image, "one", "three");
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(task(id).get("status").stringValue()).isEqualTo("failure");
        assertStores(copied(id, ", \"all_stores\": true, \"all_stores_must_succeed\": false"), "one,two", "three");
        assertThat(task(id).get("status").stringValue()).isEqualTo("success");
        assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
        glance.settle();
        nothingIsLeft();
    }

    @Test
    void anotherOperationHasToWaitForTheOneThatGoesOn() throws Exception {
        String id = active();
        glance.patch(ADMIN, id, "[{\"op\": \"add\", \"path\": \"/os_glance_import_task\", \"value\": \"x\"}]");
        assertThat(glance.show(ME, id).has("os_glance_import_task")).isFalse();
        glance.database.run(tx -> io.nacre.database.Sql.in(tx)
                .execute("insert into glance_image_property (image_id, name, value) values ('" + id
                        + "', 'os_glance_import_task', 'some-task')"));
        HttpResponse<String> response = importing(ADMIN, id, "copy-image", ", \"all_stores\": true");
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("Image has active task");
    }

    private int stage(String token, String id, String type) throws Exception {
        return glance.send(glance.request(token, "/v2/images/" + id + "/stage")
                        .header("Content-Type", type)
                        .PUT(BodyPublishers.ofByteArray(DATA)))
                .statusCode();
    }

    @Test
    void dataIsStagedOnceByWhoMayChangeTheImage() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(stage("member@yours", id, GlanceServer.OCTETS)).isEqualTo(404);
        assertThat(stage("reader@mine", id, GlanceServer.OCTETS)).isEqualTo(403);
        assertThat(stage(ME, id, "application/json")).isEqualTo(415);
        assertThat(stage(ME, "11111111-2222-4333-8444-555555555555", GlanceServer.OCTETS))
                .isEqualTo(404);
        assertThat(stage(ME, active(), GlanceServer.OCTETS)).isEqualTo(409);
        assertThat(glance.status(id)).isEqualTo("queued");
        assertThat(stage(ME, id, GlanceServer.OCTETS)).isEqualTo(204);
        assertThat(stage(ME, id, GlanceServer.OCTETS)).isEqualTo(409);
        assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(409);
        assertThat(glance.status(id)).isEqualTo("uploading");
        assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
    }

    @Test
    void withoutGlanceDirectNothingIsStaged() throws Exception {
        try (GlanceServer other = new GlanceServer(
                Files.createDirectory(folder.resolve("other")),
                GlanceServer.settings("import_methods = [\"web-download\"]"))) {
            String id = other.createRaw(ME);
            HttpResponse<String> response = other.send(other.request(ME, "/v2/images/" + id + "/stage")
                    .header("Content-Type", GlanceServer.OCTETS)
                    .PUT(BodyPublishers.ofByteArray(DATA)));
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).contains("'glance-direct' method is not available at this site.");
        }
    }
}

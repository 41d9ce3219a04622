package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.tasks.Reconciler;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The tasks API, over HTTP. */
class TasksTest {
    private static final String ADMIN = "admin@ops";
    private static final String ME = "member@mine";

    @TempDir
    Path folder;

    private GlanceServer glance;

    /** Serves anything by HTTP. */
    private GlanceServer there;

    @BeforeEach
    void start() throws Exception {
        there = new GlanceServer(Files.createDirectory(folder.resolve("there")), UnaryOperator.identity());
        glance = new GlanceServer(
                Files.createDirectory(folder.resolve("here")),
                GlanceServer.settings("web_download_allow = [\"127.0.0.1:" + there.port() + "\"]"));
    }

    @AfterEach
    void stop() {
        glance.close();
        there.close();
    }

    private String imported(String token) throws Exception {
        String id = glance.createRaw(token);
        glance.send(glance.request(token, "/v2/images/" + id + "/stage")
                .header("Content-Type", GlanceServer.OCTETS)
                .PUT(BodyPublishers.ofByteArray("data".getBytes(StandardCharsets.UTF_8))));
        HttpResponse<String> response =
                glance.post(token, "/v2/images/" + id + "/import", "{\"method\": {\"name\": \"glance-direct\"}}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        glance.settle();
        return id;
    }

    private JsonNode list(String query) throws Exception {
        HttpResponse<String> response = glance.get(ADMIN, "/v2/tasks" + query);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return glance.json(response);
    }

    private List<String> ids(JsonNode list) {
        List<String> ids = new ArrayList<>();
        list.get("tasks").forEach(task -> ids.add(task.get("id").stringValue()));
        return ids;
    }

    @Test
    void onlyAdminsSeeTasksUnlessThePolicySaysOtherwise() throws Exception {
        imported(ME);
        String id = ids(list("")).getFirst();
        for (String path : List.of("/v2/tasks", "/v2/tasks/" + id)) {
            HttpResponse<String> response = glance.get(ME, path);
            assertThat(response.statusCode()).as(path).isEqualTo(403);
            assertThat(response.body()).contains("tasks_api_access");
        }
        assertThat(glance.delete(ME, "/v2/tasks/" + id).statusCode()).isEqualTo(405);
        HttpResponse<String> kept = glance.delete(ADMIN, "/v2/tasks/" + id);
        assertThat(kept.statusCode()).isEqualTo(405);
        assertThat(kept.headers().firstValue("Allow")).contains("GET");
        assertThat(glance.get(ADMIN, "/v2/tasks/11111111-2222-4333-8444-555555555555")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aTaskTellsWhatWasAskedAndWhatCameOfIt() throws Exception {
        String image = imported(ME);
        JsonNode stub = list("").get("tasks").get(0);
        assertThat(stub.propertyNames())
                .containsExactlyInAnyOrder(
                        "id", "type", "status", "owner", "created_at", "updated_at", "expires_at", "self", "schema");
        JsonNode task = glance.json(glance.get(ADMIN, stub.get("self").stringValue()));
        assertThat(task.get("type").stringValue()).isEqualTo("api_image_import");
        assertThat(task.get("status").stringValue()).isEqualTo("success");
        assertThat(task.get("owner").stringValue()).isEqualTo("mine");
        assertThat(task.get("user_id").stringValue()).isEqualTo("u-mine");
        assertThat(task.get("request_id").stringValue()).startsWith("req-");
        assertThat(task.get("image_id").stringValue()).isEqualTo(image);
        assertThat(task.get("result").get("image_id").stringValue()).isEqualTo(image);
        assertThat(task.at("/input/import_req/method/name").stringValue()).isEqualTo("glance-direct");
        assertThat(task.at("/input/backend/0").stringValue()).isEqualTo("file");
        assertThat(task.get("expires_at").stringValue()).endsWith("Z");
        assertThat(task.get("schema").stringValue()).isEqualTo("/v2/schemas/task");
    }

    @Test
    void whoMayNotSeeATaskOfAnotherProjectDoesNotSeeItWithTheImageEither() throws Exception {
        String image = imported(ME);
        JsonNode mine = glance.json(glance.get(ME, "/v2/images/" + image + "/tasks"));
        assertThat(mine.get("tasks")).hasSize(1);
        assertThat(mine.get("tasks").get(0).get("deleted").booleanValue()).isFalse();
        assertThat(mine.get("tasks").get(0).get("created_at").stringValue())
                .matches("\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\.\\d{6}");
        glance.patch(ADMIN, image, "[{\"op\": \"replace\", \"path\": \"/visibility\", \"value\": \"public\"}]");
        JsonNode theirs = glance.json(glance.get("member@yours", "/v2/images/" + image + "/tasks"));
        assertThat(theirs.get("tasks")).isEmpty();
        assertThat(glance.get("member@yours", "/v2/images/" + glance.createRaw(ME) + "/tasks")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void theListIsFilteredSortedAndPaged() throws Exception {
        for (int i = 0; i < 3; i++) {
            imported(ME);
        }
        String yours = imported("member@yours");
        List<String> newestFirst = ids(list(""));
        assertThat(newestFirst).hasSize(4);
        assertThat(ids(list("?sort_dir=asc"))).isEqualTo(newestFirst.reversed());
        assertThat(ids(list("?owner=yours"))).hasSize(1);
        assertThat(ids(list("?image_id=" + yours))).isEqualTo(ids(list("?owner=yours")));
        assertThat(ids(list("?status=success"))).hasSize(4);
        assertThat(ids(list("?status=failure"))).isEmpty();
        assertThat(ids(list("?type=import"))).isEmpty();
        assertThat(ids(list("?sort_key=owner&sort_dir=asc")).getLast())
                .isEqualTo(ids(list("?owner=yours")).getFirst());

        JsonNode page = list("?limit=3&sort_key=created_at");
        assertThat(ids(page)).isEqualTo(newestFirst.subList(0, 3));
        assertThat(page.get("first").stringValue()).startsWith("/v2/tasks?").doesNotContain("marker");
        JsonNode rest = glance.json(glance.get(ADMIN, page.get("next").stringValue()));
        assertThat(ids(rest)).isEqualTo(newestFirst.subList(3, 4));
        assertThat(rest.has("next")).isFalse();
        assertThat(rest.get("schema").stringValue()).isEqualTo("/v2/schemas/tasks");
    }

    @Test
    void aBadQueryIsRefused() throws Exception {
        record Bad(String query, String message) {}
        for (Bad bad : List.of(
                new Bad("status=done", "Invalid status value: done"),
                new Bad("type=export", "Invalid type value: export"),
                new Bad("sort_dir=up", "Invalid sort direction: up"),
                new Bad("sort_key=colour", "Sort key supplied was not valid."),
                new Bad("marker=x", "Invalid marker format"),
                new Bad("marker=11111111-2222-4333-8444-555555555555", "was not found"),
                new Bad("limit=x", "limit param must be an integer"),
                new Bad("limit=-1", "limit param must be positive"))) {
            HttpResponse<String> response = glance.get(ADMIN, "/v2/tasks?" + bad.query());
            assertThat(response.statusCode()).as(bad.query()).isEqualTo(400);
            assertThat(response.body()).contains(bad.message());
        }
    }

    @Test
    void aTaskIsForgottenAfterItsTime() throws Exception {
        String image = imported(ME);
        glance.clock.advance(Duration.ofHours(47));
        glance.glance.reconcilers().forEach(Reconciler::run);
        assertThat(ids(list(""))).hasSize(1);
        glance.clock.advance(Duration.ofHours(2));
        assertThat(ids(list(""))).isEmpty();
        glance.glance.reconcilers().forEach(Reconciler::run);
        assertThat(glance.json(glance.get(ME, "/v2/images/" + image + "/tasks")).get("tasks"))
                .isEmpty();
        Integer rows = glance.database.read(tx -> io.nacre.database.Sql.in(tx)
                .fetchCount(io.nacre.database.Columns.of("glance_task").table()));
        assertThat(rows).isZero();
        assertThat(glance.status(image)).isEqualTo("active");
    }

    private JsonNode made(String type, String input) throws Exception {
        HttpResponse<String> response =
                glance.post(ADMIN, "/v2/tasks", "{\"type\": \"" + type + "\", \"input\": {" + input + "}}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        String path = glance.json(response).get("self").stringValue();
        assertThat(response.headers().firstValue("Location"))
                .contains(response.uri().resolve(path).toString());
        glance.settle();
        return glance.json(glance.get(ADMIN, path));
    }

    private static String from(String url) {
        return "\"import_from\": \"" + url
                + "\", \"import_from_format\": \"raw\", \"image_properties\": {\"name\": \"made\"}";
    }

    @Test
    void aTaskMakesAnImage() throws Exception {
        JsonNode task = made("import", from("http://127.0.0.1:" + there.port() + "/versions"));
        assertThat(task.get("status").stringValue()).as(task.toString()).isEqualTo("success");
        assertThat(task.get("type").stringValue()).isEqualTo("import");
        JsonNode image = glance.show(ADMIN, task.get("result").get("image_id").stringValue());
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(image.get("name").stringValue()).isEqualTo("made");
        assertThat(image.get("disk_format").stringValue()).isEqualTo("raw");
        assertThat(ids(list("?type=import"))).containsExactly(task.get("id").stringValue());
    }

    @Test
    void aTaskThatCannotMakeAnImageSaysWhyAndLeavesNone() throws Exception {
        String nothing = "http://127.0.0.1:" + there.port() + "/v2/nothing";
        record Bad(String type, String input, String message) {}
        for (Bad bad : List.of(
                new Bad("import", "", "Input does not contain 'import_from' field"),
                new Bad("import", from("file:///etc/passwd"), "File based imports are not allowed"),
                new Bad("import", from("swift://somewhere"), "The given uri is not valid"),
                new Bad("import", from(""), "Invalid location"),
                new Bad("import", from("http://127.0.0.1/x"), "does not pass filtering"),
                new Bad("import", from(nothing), "status 4"),
                new Bad("api_image_import", "", "Task was aborted externally"))) {
            JsonNode task = made(bad.type(), bad.input());
            assertThat(task.get("status").stringValue()).as(bad.message()).isEqualTo("failure");
            assertThat(task.get("message").stringValue()).contains(bad.message());
            assertThat(task.get("result").isNull()).isTrue();
        }
        assertThat(glance.json(glance.get(ADMIN, "/v2/images")).get("images")).isEmpty();
        for (String body :
                List.of("{\"input\": {}}", "{\"type\": \"import\"}", "{\"type\": \"export\", \"input\": {}}")) {
            assertThat(glance.post(ADMIN, "/v2/tasks", body).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(glance.post(ME, "/v2/tasks", "{\"type\": \"import\", \"input\": {}}")
                        .statusCode())
                .isEqualTo(403);
    }
}

package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Requests at the edges of what is allowed, and the words in which they are refused. */
class EdgesTest {
    private static final String ME = "member@mine";
    private static final String ADMIN = "admin@ops";
    private static final String CONFLICT = "There was a conflict when trying to complete your request.";
    private static final String DENIED = "Access was denied to this resource.";
    private static final String NO_RANGE = "The Range requested is not available.";

    @TempDir
    Path folder;

    private GlanceServer glance;

    @BeforeEach
    void start() {
        glance = new GlanceServer(folder, UnaryOperator.identity());
    }

    @AfterEach
    void stop() {
        glance.close();
    }

    private HttpResponse<String> send(String method, String path, Map<String, String> headers, String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + glance.port() + path))
                .header("X-Auth-Token", ME)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return glance.send(request);
    }

    private String get(String path, String accept) throws Exception {
        return send("GET", path, Map.of("Accept", accept), "").body();
    }

    private HttpResponse<String> range(String id, String name, String value) throws Exception {
        return send("GET", "/v2/images/" + id + "/file", Map.of(name, value, "Accept", "text/plain"), "");
    }

    private void assertRefused(HttpResponse<String> response, int status, String explanation, String detail) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(glance.json(response).get("message").stringValue())
                .isEqualTo(explanation + "<br /><br />\n" + detail + "\n\n");
    }

    @Test
    void aFaultIsToldInTheFormThatIsMostWelcome() throws Exception {
        String path = "/v2/images/x%3C";
        String html = "<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n"
                + "  No image found with ID x&lt;<br /><br />\n\n\n\n </body>\n</html>";
        for (String accept : List.of("*/*", "text/html", "application/json;q=0.5, text/*", "application/json, */*")) {
            assertThat(get(path, accept)).as(accept).isEqualTo(html);
        }
        for (String accept : List.of("application/json", "text/html;q=0.1, application/json", "text/html;q=0, */*")) {
            assertThat(get(path, accept))
                    .as(accept)
                    .isEqualTo(
                            "{\"message\":\"No image found with ID x<<br /><br />\\n\\n\\n\",\"code\":\"404 Not Found\","
                                    + "\"title\":\"Not Found\"}");
        }
        for (String accept : List.of("image/png", "text/plain", "*/*;q=0")) {
            assertThat(get(path, accept)).as(accept).isEqualTo("404 Not Found\n\nNo image found with ID x<\n\n   ");
        }
    }

    @Test
    void lettersThatAreNotAsciiAreReferencesInHtml() throws Exception {
        assertThat(send("POST", "/v2/images", Map.of("Accept", "*/*"), "{\"disk_format\": \"ü🚀\"}")
                        .body())
                .contains("&#x27;&#252;&#128640;&#x27; is not one of");
    }

    @Test
    void everyMinorVersionIsTheSameApiAndAnyOtherTellsWhichThereAre() throws Exception {
        for (String path : List.of("/v2.0/images", "/v2.17/images", "//v2/images", "/v2//images")) {
            JsonNode list = glance.json(200, glance.get(ME, path));
            assertThat(list.get("first").stringValue()).as(path).isEqualTo("/v2/images");
        }
        for (String path : List.of("/", "/v1/images", "/v3", "/v2.99/images", "/2.0/images")) {
            assertThat(glance.json(300, send("GET", path, Map.of(), "")).has("versions"))
                    .as(path)
                    .isTrue();
        }
        HttpResponse<String> root = send("GET", "/v2", Map.of(), "");
        assertThat(root.statusCode()).isEqualTo(302);
        assertThat(root.headers().firstValue("Location").orElse("")).endsWith("/v2/");
    }

    @Test
    void aSlashAtTheEndIsAnotherPath() throws Exception {
        String id = glance.create(ME, "\"name\": \"a\"");
        for (String path : List.of("/v2/", "/v2/images/", "/v2/images/" + id + "/", "/v2/schemas/image/")) {
            assertThat(glance.get(ME, path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(glance.delete(ME, "/v2/images").statusCode()).isEqualTo(405);
        assertThat(glance.delete(ME, "/v2/images/").statusCode()).isEqualTo(404);
    }

    @Test
    void anyPathHasOptions() throws Exception {
        assertThat(send("OPTIONS", "/v2/images", Map.of(), "").statusCode()).isEqualTo(200);
    }

    @Test
    void bodiesThatCannotBeRead() throws Exception {
        Map<String, String> json = Map.of("Content-Type", "application/json", "Accept", "application/json");
        assertRefused(send("POST", "/v2/images", json, ""), 400, "Body expected in request.", "");
        assertRefused(send("POST", "/v2/images", json, "{"), 400, "Malformed JSON in request body.", "");
        assertRefused(send("POST", "/v2/images", json, "7"), 400, "Unexpected body type. Expected list/dict.", "");
        HttpResponse<String> typed = send("PATCH", "/v2/images/x", json, "[]");
        assertThat(glance.json(typed).get("message").stringValue())
                .isEqualTo("The request media type application/json is not supported by this server.\n<br /><br />\n");
    }

    @Test
    void fieldsOfNewImagesThatAreRefused() throws Exception {
        assertRefused(
                glance.post(ME, "/v2/images", "{\"deleted\": \"x\"}"), 403, DENIED, "Attribute 'deleted' is reserved.");
        assertRefused(
                glance.post(ME, "/v2/images", "{\"locations\": []}"), 403, "Attribute 'locations' is reserved.", "");
        for (String owner : List.of("null", "\"yours\"")) {
            assertRefused(
                    glance.post(ME, "/v2/images", "{\"owner\": " + owner + "}"),
                    403,
                    DENIED,
                    "You are not permitted to create images owned by '"
                            + owner.replace("null", "None").replace("\"", "") + "'");
        }
        assertRefused(
                glance.post(ME, "/v2/images", "{\"min_disk\": 2147483648}"),
                400,
                "'min_disk' value out of range, must not exceed 2147483647.",
                "");
        assertRefused(
                glance.post(ME, "/v2/images", "{\"min_ram\": -1}"),
                400,
                "Invalid value '-1' for parameter 'min_ram': Cannot be a negative value",
                "");
    }

    @Test
    void pointersOfPatches() throws Exception {
        String id = glance.create(ME, "\"name\": \"a\"");
        assertThat(glance.patch(ME, id, "[{\"op\": \"replace\", \"path\": \"//name\", \"value\": \"b\"}]")
                        .statusCode())
                .isEqualTo(200);
        assertThat(glance.show(ME, id).get("name").stringValue()).isEqualTo("b");
        for (String absent : List.of("", "absent")) {
            assertRefused(
                    glance.patch(ME, id, "[{\"op\": \"replace\", \"path\": \"/" + absent + "\", \"value\": \"x\"}]"),
                    409,
                    CONFLICT,
                    "Property " + absent + " does not exist.");
        }
        assertRefused(
                glance.patch(ME, id, "[{\"op\": \"remove\", \"path\": \"/owner\"}]"),
                403,
                DENIED,
                "Property owner may not be removed.");
        assertRefused(
                glance.patch(ME, id, "[{\"op\": \"replace\", \"path\": \"/owner\", \"value\": \"x\"}]"),
                403,
                DENIED,
                "Owner can't be updated by non admin.");
        assertRefused(
                glance.patch(ME, id, "[{\"op\": \"add\", \"path\": \"/ /a\", \"value\": \"x\"}]"),
                400,
                "Invalid JSON pointer for this resource: '//a'",
                "");
    }

    @Test
    void onlyWhoMayPublicizeSaysPublicAlsoOfAPublicImage() throws Exception {
        String id = glance.create(ME, "\"name\": \"a\"");
        String publicize = "[{\"op\": \"replace\", \"path\": \"/visibility\", \"value\": \"public\"}]";
        assertThat(glance.patch(ADMIN, id, publicize).statusCode()).isEqualTo(200);
        assertThat(glance.patch(ME, id, publicize).statusCode()).isEqualTo(403);
    }

    @Test
    void imagesThatAreNotThere() throws Exception {
        assertRefused(glance.delete(ME, "/v2/images/x"), 404, "Failed to find image x to delete", "");
        assertRefused(glance.put(ME, "/v2/images/x/tags/a", ""), 404, "Image x not found.", "");
        assertRefused(glance.get(ME, "/v2/images/x/members"), 404, "Image x not found.", "");
        assertRefused(glance.get(ME, "/v2/images?marker=x"), 400, "No image found with ID x", "");
    }

    @Test
    void oddListings() throws Exception {
        assertThat(glance.get(ME, "/v2/images?limit=99999999999999999999").statusCode())
                .isEqualTo(200);
        glance.create(ME, "\"name\": \"a\"");
        assertThat(glance.json(200, glance.get(ME, "/v2/images?visibility=")).get("images"))
                .isEmpty();
    }

    @Test
    void rangesThatCannotBeHad() throws Exception {
        String id = glance.createRaw(ME);
        glance.upload(ME, id, "0123456789".getBytes(StandardCharsets.UTF_8));
        String start = "header. Start position MUST be in the inclusive range [0, 9].";
        record Bad(String header, String value, String detail) {}
        for (Bad bad : List.of(
                new Bad("Range", "bytes=10-", "Invalid start position in Range " + start),
                new Bad("Range", "bytes=5-2", "Invalid Range header."),
                new Bad("Range", "bytes=x", "Invalid Range header."),
                new Bad("Content-Range", "bytes 10-11/12", "Invalid start position in Content-Range " + start),
                new Bad("Content-Range", "bytes 3-1/10", "Invalid Content-Range header."),
                new Bad(
                        "Content-Range",
                        "bytes 0-10/*",
                        "Invalid stop position in Content-Range header. The stop position MUST be in the inclusive range"
                                + " [0, 9]."))) {
            HttpResponse<String> response = range(id, bad.header(), bad.value());
            assertThat(response.statusCode()).as(bad.value()).isEqualTo(416);
            assertThat(response.body())
                    .isEqualTo("416 Request Range Not Satisfiable\n\n" + NO_RANGE + "\n\n " + bad.detail() + "  ");
        }
        assertThat(range(id, "Content-Range", "bytes 0-3/99").body()).isEqualTo("0123");
        assertThat(range(id, "Content-Range", "bytes 8-10/11").body()).isEqualTo("89");
        assertThat(range(id, "Range", "Bytes=0-1").body()).isEqualTo("01");
    }

    @Test
    void onlyAdministratorsSeeWhereTheDataOfADeactivatedImageIs() throws Exception {
        String id = glance.createRaw(ME);
        glance.upload(ME, id, new byte[1]);
        assertThat(glance.show(ME, id).has("stores")).isTrue();
        glance.post(ADMIN, "/v2/images/" + id + "/actions/deactivate", "");
        assertThat(glance.show(ME, id).has("stores")).isFalse();
        assertThat(glance.show(ADMIN, id).has("stores")).isTrue();
    }

    @Test
    void anEmptyImageHasNoVirtualSize() throws Exception {
        String id = glance.createRaw(ME);
        glance.upload(ME, id, new byte[0]);
        assertThat(glance.show(ME, id).get("virtual_size").isNull()).isTrue();
    }

    @Test
    void whatHasNoBodyTakesNone() throws Exception {
        String id = glance.create(ME, "\"name\": \"a\"");
        Map<String, String> json = Map.of("Content-Type", "application/json", "Accept", "application/json");
        for (String request :
                List.of("GET /v2/images/" + id, "DELETE /v2/images/" + id, "PUT /v2/images/" + id + "/tags/a")) {
            String[] words = request.split(" ");
            assertRefused(send(words[0], words[1], json, "{}"), 400, "A body is not expected with this request.", "");
        }
        assertThat(send("GET", "/v2/images", json, "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void membersOfImagesThatAreNotShared() throws Exception {
        String id = glance.create(ME, "\"visibility\": \"private\"");
        String members = "/v2/images/" + id + "/members";
        String refused = "Not allowed to %s members for image " + id + "%s";
        String why = "Only shared images have members.";
        assertRefused(glance.get(ME, members), 403, refused.formatted("list", ": " + why), "");
        assertRefused(glance.post(ME, members, "{\"member\": \"x\"}"), 403, refused.formatted("create", "."), "");
        assertRefused(
                glance.put(ME, members + "/x", "{\"status\": \"accepted\"}"),
                403,
                refused.formatted("update", "."),
                "");
        assertRefused(glance.delete(ME, members + "/x"), 403, refused.formatted("delete", "."), "");
        assertRefused(glance.get(ME, members + "/x"), 404, why, "");
    }

    @Test
    void oddMembers() throws Exception {
        String members = "/v2/images/" + glance.create(ME, "\"name\": \"a\"") + "/members";
        assertRefused(glance.post(ME, members, "{\"member\": \"\"}"), 400, "Member can't be empty", "");
        assertRefused(
                glance.post(ME, members, "[]"), 400, "Expected a member in the form: {\"member\": \"image_id\"}", "");
        assertRefused(glance.post(ME, members, "7"), 400, "Unexpected body type. Expected list/dict.", "");
        assertThat(glance.post(ME, members, "{\"member\": \"mine\"}").statusCode())
                .isEqualTo(200);
        assertRefused(
                glance.put(ME, members + "/mine", "{\"status\": 7}"),
                400,
                "Incorrect request: Status must be \"pending\", \"accepted\" or \"rejected\".",
                "");
        assertRefused(
                glance.put(ME, members + "/mine", "{\"status\": \"accepted\"}"),
                403,
                "You are not authorized to complete modify_member action.",
                "");
    }

    @Test
    void oddImports() throws Exception {
        String path = "/v2/images/" + glance.create(ME, "\"name\": \"a\"") + "/import";
        assertRefused(glance.post(ME, path, "\"x\""), 400, "Unexpected body type. Expected list/dict.", "");
        assertRefused(
                glance.post(ME, path, "{\"method\": {\"name\": null}}"), 400, "Unknown import method name 'None'.", "");
    }

    @Test
    void aPatchWithoutChangesNeedsNoRightToChange() throws Exception {
        String id = glance.create(ME, "\"visibility\": \"community\"");
        assertThat(glance.patch("member@yours", id, "[]").statusCode()).isEqualTo(200);
        assertThat(glance.patch("member@theirs", "x", "[]").statusCode()).isEqualTo(404);
    }

    @Test
    void tasksAreNotDeleted() throws Exception {
        HttpResponse<String> response = glance.delete(ADMIN, "/v2/tasks/x");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(glance.json(response).get("message").stringValue()).endsWith(" based on their expires_at property.");
        assertRefused(glance.get(ME, "/v2/images/x/tasks"), 404, "The resource could not be found.", "");
    }

    @Test
    void namespacesThatAreNotThere() throws Exception {
        String path = "/v2/metadefs/namespaces/x";
        String sayingWhat = "Metadata definition namespace=x was not found.";
        assertRefused(glance.get(ADMIN, path), 404, sayingWhat, "");
        assertRefused(glance.get(ADMIN, path + "/objects"), 404, sayingWhat, "");
        assertRefused(glance.get(ADMIN, path + "/tags"), 404, "Namespace x not found", "");
        assertRefused(glance.delete(ADMIN, path), 404, "Namespace x not found", "");
    }

    @Test
    void oneTagOrMemberTooMany() throws Exception {
        String id = glance.create(ME, "\"name\": \"a\"");
        for (int i = 0; i < 128; i++) {
            assertThat(glance.put(ME, "/v2/images/" + id + "/tags/" + i, "").statusCode())
                    .isEqualTo(204);
            assertThat(glance.post(ME, "/v2/images/" + id + "/members", "{\"member\": \"" + i + "\"}")
                            .statusCode())
                    .isEqualTo(200);
        }
        String limit =
                " limit exceeded for image " + id + ": The limit has been exceeded on the number of allowed image ";
        assertRefused(
                glance.put(ME, "/v2/images/" + id + "/tags/more", ""),
                413,
                "Image tag" + limit + "tags. Attempted: 129, Maximum: 128:",
                "");
        assertRefused(
                glance.post(ME, "/v2/images/" + id + "/members", "{\"member\": \"more\"}"),
                413,
                "Image member" + limit + "members for this image. Attempted: 129, Maximum: 128:",
                "");
    }
}

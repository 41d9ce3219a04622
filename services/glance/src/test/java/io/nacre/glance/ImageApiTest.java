package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ImageApiTest {
    private static final String ME = "member@mine";
    private static final String YOU = "member@yours";
    private static final String ADMIN = "admin@ops";

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

    private List<String> names(String token, String query) throws Exception {
        HttpResponse<String> response = glance.get(token, "/v2/images" + query);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return StreamSupport.stream(glance.json(response).get("images").spliterator(), false)
                .map(image -> image.get("name").stringValue())
                .toList();
    }

    private String named(String token, String name, String more) throws IOException, InterruptedException {
        glance.clock.advance(java.time.Duration.ofSeconds(1));
        return glance.create(token, "\"name\": \"" + name + "\"" + more);
    }

    @Test
    void aNewImageIsQueuedSharedAndItsCreators() throws Exception {
        HttpResponse<String> response = glance.post(
                ME,
                "/v2/images",
                "{\"name\": \"ñ\", \"disk_format\": \"raw\", \"container_format\": \"bare\", \"tags\": [\"b\", \"a\"],"
                        + " \"min_disk\": 1, \"min_ram\": 64, \"os_hidden\": true, \"hw_disk_bus\": \"scsi\"}");
        assertThat(response.statusCode()).isEqualTo(201);
        JsonNode image = glance.json(response);
        String id = image.get("id").stringValue();
        assertThat(response.headers().firstValue("Location"))
                .contains(response.uri().resolve("/v2/images/" + id).toString());
        assertThat(response.headers().firstValue("OpenStack-image-import-methods"))
                .hasValueSatisfying(methods ->
                        assertThat(methods.split(",")).contains("glance-direct", "web-download", "copy-image"));
        assertThat(image.get("status").stringValue()).isEqualTo("queued");
        assertThat(image.get("visibility").stringValue()).isEqualTo("shared");
        assertThat(image.get("owner").stringValue()).isEqualTo("mine");
        assertThat(image.get("hw_disk_bus").stringValue()).isEqualTo("scsi");
        assertThat(image.get("tags").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(image.get("size").isNull()).isTrue();
        assertThat(image.get("os_hidden").booleanValue()).isTrue();
        assertThat(image.get("created_at").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(image.get("self").stringValue()).isEqualTo("/v2/images/" + id);
        assertThat(image.get("file").stringValue()).isEqualTo("/v2/images/" + id + "/file");
        assertThat(glance.show(ME, id)).isEqualTo(image);
    }

    @Test
    void anIdMayBeChosenOnceAndNeverAgain() throws Exception {
        String id = "11111111-2222-4333-8444-555555555555";
        assertThat(glance.create(ME, "\"id\": \"" + id + "\"")).isEqualTo(id);
        assertThat(glance.post(ME, "/v2/images", "{\"id\": \"" + id + "\"}").statusCode())
                .isEqualTo(409);
        assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
        assertThat(glance.post(ME, "/v2/images", "{\"id\": \"" + id + "\"}").statusCode())
                .isEqualTo(409);
        assertThat(glance.post(ME, "/v2/images", "{\"id\": \"x\"}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatOnlyGlanceMayWriteIsRefused() throws Exception {
        for (String field : List.of("status", "checksum", "size", "self", "stores", "location", "os_glance_x")) {
            String value = field.equals("size") ? "7" : field.equals("status") ? "\"active\"" : "\"x\"";
            HttpResponse<String> response = glance.post(ME, "/v2/images", "{\"" + field + "\": " + value + "}");
            assertThat(response.statusCode()).as(field + response.body()).isEqualTo(403);
        }
        assertThat(glance.post(ME, "/v2/images", "{\"name\": 7}").statusCode()).isEqualTo(400);
        assertThat(glance.post(ME, "/v2/images", "{\"min_disk\": -1}").statusCode())
                .isEqualTo(400);
        assertThat(glance.post(ME, "/v2/images", "{\"visibility\": \"all\"}").statusCode())
                .isEqualTo(400);
        assertThat(glance.post(ME, "/v2/images", "{\"custom\": 7}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void onlyAnAdminPublicizesOrCreatesForOthers() throws Exception {
        assertThat(glance.post(ME, "/v2/images", "{\"visibility\": \"public\"}").statusCode())
                .isEqualTo(403);
        assertThat(glance.post(ADMIN, "/v2/images", "{\"visibility\": \"public\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(glance.post(ME, "/v2/images", "{\"owner\": \"yours\"}").statusCode())
                .isEqualTo(403);
        assertThat(glance.post(ADMIN, "/v2/images", "{\"owner\": \"yours\"}").statusCode())
                .isEqualTo(201);
        assertThat(glance.post("reader@mine", "/v2/images", "{}").statusCode()).isEqualTo(403);
        assertThat(glance.post(ME, "/v2/images", "{\"visibility\": \"community\"}")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void anotherProjectsImageDoesNotExist() throws Exception {
        String id = glance.create(ME, "\"visibility\": \"private\"");
        assertThat(glance.get(YOU, "/v2/images/" + id).statusCode()).isEqualTo(404);
        assertThat(glance.delete(YOU, "/v2/images/" + id).statusCode()).isEqualTo(404);
        assertThat(glance.patch(YOU, id, "[]").statusCode()).isEqualTo(404);
        assertThat(glance.upload(YOU, id, new byte[1]).statusCode()).isEqualTo(404);
        assertThat(glance.get(ADMIN, "/v2/images/" + id).statusCode()).isEqualTo(200);
        String open = glance.create(ADMIN, "\"visibility\": \"public\"");
        assertThat(glance.get(YOU, "/v2/images/" + open).statusCode()).isEqualTo(200);
        assertThat(glance.delete(YOU, "/v2/images/" + open).statusCode()).isEqualTo(403);
        assertThat(glance.patch(YOU, open, "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"x\"}]")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aListingShowsWhatTheCallerMaySeeInItsView() throws Exception {
        named(ME, "own", ", \"visibility\": \"private\"");
        named(YOU, "foreign", ", \"visibility\": \"private\"");
        named(YOU, "community", ", \"visibility\": \"community\"");
        named(ADMIN, "public", ", \"visibility\": \"public\"");
        named(ME, "hidden", ", \"os_hidden\": true");
        assertThat(names(ME, "")).containsExactly("public", "own");
        assertThat(names(ME, "?visibility=community")).containsExactly("community");
        assertThat(names(ME, "?visibility=all")).containsExactly("public", "community", "own");
        assertThat(names(ME, "?os_hidden=true")).containsExactly("hidden");
        assertThat(names(ADMIN, "")).containsExactly("public", "foreign", "own");
        assertThat(glance.get(ME, "/v2/images?visibility=none").statusCode()).isEqualTo(400);
        assertThat(glance.get(ME, "/v2/images?os_hidden=maybe").statusCode()).isEqualTo(400);
    }

    @Test
    void filtersCombine() throws Exception {
        String a = named(ME, "a", ", \"disk_format\": \"raw\", \"tags\": [\"x\", \"y\"], \"colour\": \"red\"");
        named(ME, "b,c", ", \"disk_format\": \"qcow2\", \"tags\": [\"x\"], \"protected\": true, \"min_ram\": 5");
        assertThat(names(ME, "?name=a")).containsExactly("a");
        assertThat(names(ME, "?name=in:a,%22b,c%22")).containsExactly("b,c", "a");
        assertThat(names(ME, "?id=" + a)).containsExactly("a");
        assertThat(names(ME, "?tag=x&tag=y")).containsExactly("a");
        assertThat(names(ME, "?colour=red")).containsExactly("a");
        assertThat(names(ME, "?colour=red&disk_format=qcow2")).isEmpty();
        assertThat(names(ME, "?protected=true")).containsExactly("b,c");
        assertThat(names(ME, "?min_ram=5")).containsExactly("b,c");
        assertThat(names(ME, "?status=queued&owner=mine")).hasSize(2);
        assertThat(names(ME, "?size_min=1")).isEmpty();
        assertThat(names(ME, "?created_at=gt:1999-01-01T00:00:00Z")).hasSize(2);
        assertThat(names(ME, "?created_at=lt:1999-01-01T00:00:00Z")).isEmpty();
        String created = glance.show(ME, a).get("created_at").stringValue();
        assertThat(names(ME, "?created_at=" + created)).containsExactly("a");
        for (String bad : List.of(
                "size_min=x",
                "created_at=gt:yesterday",
                "name=gt:a",
                "name=in:%22a",
                "protected=x",
                "limit=-1",
                "limit=x",
                "marker=none",
                "sort_key=colour",
                "sort_dir=up",
                "sort=name:up",
                "member_status=x")) {
            assertThat(glance.get(ME, "/v2/images?" + bad).statusCode()).as(bad).isEqualTo(400);
        }
    }

    @Test
    void pagesFollowEachOtherInTheOrderAskedFor() throws Exception {
        for (String name : List.of("b", "a", "c", "d")) {
            named(ME, name, ", \"min_disk\": " + (name.equals("c") ? 2 : 1));
        }
        assertThat(names(ME, "")).containsExactly("d", "c", "a", "b");
        assertThat(names(ME, "?sort_key=name&sort_dir=asc")).containsExactly("a", "b", "c", "d");
        assertThat(names(ME, "?sort=name:desc")).containsExactly("d", "c", "b", "a");
        JsonNode first = glance.json(glance.get(ME, "/v2/images?sort=name:asc&limit=3"));
        assertThat(first.get("first").stringValue()).isEqualTo("/v2/images?sort=name%3Aasc&limit=3");
        JsonNode second = glance.json(glance.get(ME, first.get("next").stringValue()));
        assertThat(second.get("images")).hasSize(1);
        assertThat(second.get("images").get(0).get("name").stringValue()).isEqualTo("d");
        assertThat(second.has("next")).isFalse();
        assertThat(names(ME, "?limit=0")).isEmpty();
    }

    @Test
    void aPatchChangesAddsAndRemoves() throws Exception {
        String id = glance.create(ME, "\"name\": \"old\", \"a\": \"1\"");
        HttpResponse<String> response = glance.patch(ME, id, """
                [{"op": "replace", "path": "/name", "value": "new"}, {"op": "add", "path": "/b", "value": "2"},
                 {"op": "remove", "path": "/a"}, {"op": "replace", "path": "/tags", "value": ["t"]},
                 {"op": "add", "path": "/x~1y", "value": "slash"}, {"op": "replace", "path": "/min_ram", "value": 9}]""");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode image = glance.show(ME, id);
        assertThat(image.get("name").stringValue()).isEqualTo("new");
        assertThat(image.get("b").stringValue()).isEqualTo("2");
        assertThat(image.has("a")).isFalse();
        assertThat(image.get("x/y").stringValue()).isEqualTo("slash");
        assertThat(image.get("tags").toString()).isEqualTo("[\"t\"]");
        assertThat(image.get("min_ram").intValue()).isEqualTo(9);
    }

    @Test
    void aPatchThatCannotBeDoneIsRefusedAsAWhole() throws Exception {
        String id = glance.create(ME, "\"name\": \"old\"");
        record Bad(String change, int status) {}
        for (Bad bad : List.of(
                new Bad("{\"op\":\"replace\",\"path\":\"/none\",\"value\":\"x\"}", 409),
                new Bad("{\"op\":\"remove\",\"path\":\"/none\"}", 409),
                new Bad("{\"op\":\"remove\",\"path\":\"/name\"}", 403),
                new Bad("{\"op\":\"replace\",\"path\":\"/status\",\"value\":\"active\"}", 403),
                new Bad("{\"op\":\"replace\",\"path\":\"/owner\",\"value\":\"yours\"}", 403),
                new Bad("{\"op\":\"replace\",\"path\":\"/visibility\",\"value\":\"public\"}", 403),
                new Bad("{\"op\":\"replace\",\"path\":\"name\",\"value\":\"x\"}", 400),
                new Bad("{\"op\":\"replace\",\"path\":\"/a/b\",\"value\":\"x\"}", 400),
                new Bad("{\"op\":\"replace\",\"path\":\"/name\"}", 400),
                new Bad("{\"op\":\"move\",\"path\":\"/name\",\"value\":\"x\"}", 400),
                new Bad("{\"path\":\"/name\",\"value\":\"x\"}", 400),
                new Bad("{\"op\":\"replace\",\"path\":\"/name\",\"value\":7}", 400),
                new Bad("7", 400))) {
            HttpResponse<String> response = glance.patch(
                    ME, id, "[{\"op\":\"add\",\"path\":\"/extra\",\"value\":\"x\"}, " + bad.change() + "]");
            assertThat(response.statusCode()).as(bad + response.body()).isEqualTo(bad.status());
        }
        assertThat(glance.show(ME, id).has("extra")).isFalse();
        assertThat(glance.patch(ME, id, "{}").statusCode()).isEqualTo(400);
        assertThat(glance.send(glance.request(ME, "/v2/images/" + id)
                                .header("Content-Type", "application/json")
                                .method("PATCH", BodyPublishers.ofString("[]")))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void theOlderPatchFormNamesTheOperationAsTheMember() throws Exception {
        String id = glance.create(ME, "\"name\": \"old\"");
        HttpResponse<String> response = glance.send(glance.request(ME, "/v2/images/" + id)
                .header("Content-Type", "application/openstack-images-v2.0-json-patch")
                .method("PATCH", BodyPublishers.ofString("[{\"replace\": \"/name\", \"value\": \"new\"}]")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(glance.show(ME, id).get("name").stringValue()).isEqualTo("new");
    }

    @Test
    void tagsComeAndGoOneByOne() throws Exception {
        String id = glance.create(ME, "");
        assertThat(glance.put(ME, "/v2/images/" + id + "/tags/a%20b", "").statusCode())
                .isEqualTo(204);
        assertThat(glance.show(ME, id).get("tags").toString()).isEqualTo("[\"a b\"]");
        assertThat(glance.delete(ME, "/v2/images/" + id + "/tags/a%20b").statusCode())
                .isEqualTo(204);
        assertThat(glance.delete(ME, "/v2/images/" + id + "/tags/a%20b").statusCode())
                .isEqualTo(404);
        for (int i = 0; i < 128; i++) {
            glance.put(ME, "/v2/images/" + id + "/tags/" + i, "");
        }
        assertThat(glance.put(ME, "/v2/images/" + id + "/tags/more", "").statusCode())
                .isEqualTo(413);
    }

    @Test
    void aProtectedImageStaysUntilItIsNot() throws Exception {
        String id = glance.create(ME, "\"protected\": true");
        HttpResponse<String> refused = glance.delete(ME, "/v2/images/" + id);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("protected");
        glance.patch(ME, id, "[{\"op\":\"replace\",\"path\":\"/protected\",\"value\":false}]");
        assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
        assertThat(glance.get(ME, "/v2/images/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void membersSeeAnImageAndListItOnceTheyAccept() throws Exception {
        String id = named(ME, "shared", "");
        String members = "/v2/images/" + id + "/members";
        assertThat(glance.get(YOU, "/v2/images/" + id).statusCode()).isEqualTo(404);
        HttpResponse<String> added = glance.post(ME, members, "{\"member\": \"yours\"}");
        assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
        assertThat(glance.json(added).get("status").stringValue()).isEqualTo("pending");
        assertThat(glance.post(ME, members, "{\"member\": \"yours\"}").statusCode())
                .isEqualTo(409);
        assertThat(glance.get(YOU, "/v2/images/" + id).statusCode()).isEqualTo(200);
        assertThat(names(YOU, "")).isEmpty();
        assertThat(names(YOU, "?member_status=pending")).containsExactly("shared");
        assertThat(glance.put(ME, members + "/yours", "{\"status\": \"accepted\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(glance.put(YOU, members + "/yours", "{\"status\": \"liked\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(glance.put(YOU, members + "/yours", "{\"status\": \"accepted\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(names(YOU, "")).containsExactly("shared");
        assertThat(names(YOU, "?visibility=shared")).containsExactly("shared");
        glance.post(ME, members, "{\"member\": \"third\"}");
        assertThat(glance.json(glance.get(YOU, members)).get("members")).hasSize(1);
        assertThat(glance.json(glance.get(ME, members)).get("members")).hasSize(2);
        assertThat(glance.get(YOU, members + "/third").statusCode()).isEqualTo(404);
        assertThat(glance.delete(YOU, members + "/yours").statusCode()).isEqualTo(403);
        assertThat(glance.delete(ME, members + "/yours").statusCode()).isEqualTo(204);
        assertThat(glance.get(YOU, "/v2/images/" + id).statusCode()).isEqualTo(404);
        String open = glance.create(ADMIN, "\"visibility\": \"public\"");
        assertThat(glance.get(ADMIN, "/v2/images/" + open + "/members").statusCode())
                .isEqualTo(403);
    }

    @Test
    void anEmptyIdIsNoImageAndNotTheList() throws Exception {
        assertThat(glance.get(ME, "/v2/images/").statusCode()).isEqualTo(404);
        assertThat(glance.delete(ME, "/v2/images/").statusCode()).isEqualTo(404);
        assertThat(glance.delete(ME, "/v2/images").statusCode()).isEqualTo(405);
    }

    @Test
    void faultsComeInTheFormTheClientTakes() throws Exception {
        HttpResponse<String> json = glance.get(ME, "/v2/images/none");
        assertThat(glance.json(json).get("code").stringValue()).isEqualTo("404 Not Found");
        assertThat(glance.json(json).get("message").stringValue()).startsWith("No image found with ID none");
        HttpResponse<String> html = glance.send(java.net.http.HttpRequest.newBuilder(
                        java.net.URI.create("http://127.0.0.1:" + glance.port() + "/v2/images/%3Cb%3E"))
                .header("X-Auth-Token", ME)
                .header("Accept", "*/*"));
        assertThat(html.headers().firstValue("Content-Type")).contains("text/html; charset=UTF-8");
        assertThat(html.body()).contains("<h1>404 Not Found</h1>").contains("&lt;b&gt;");
    }

    @Test
    void documentsTellWhatIsOffered() throws Exception {
        HttpResponse<String> versions = glance.send(
                java.net.http.HttpRequest.newBuilder(java.net.URI.create("http://127.0.0.1:" + glance.port() + "/")));
        assertThat(versions.statusCode()).isEqualTo(300);
        assertThat(glance.json(versions).get("versions").get(0).get("id").stringValue())
                .isEqualTo("v2.17");
        for (String schema : List.of(
                "image", "images", "member", "members", "task", "tasks", "metadefs/namespace", "metadefs/properties")) {
            HttpResponse<String> response = glance.get(ME, "/v2/schemas/" + schema);
            assertThat(response.statusCode()).as(schema).isEqualTo(200);
            assertThat(glance.json(response).has("properties")).isTrue();
        }
        assertThat(glance.get(ME, "/v2/schemas/none").statusCode()).isEqualTo(404);
        assertThat(glance.get(ME, "/v2/info/import").body())
                .startsWith(
                        "{\"import-methods\":{\"description\":\"Import methods available.\",\"type\":\"array\",\"value\":[")
                .contains("web-download");
        assertThat(glance.get(ME, "/v2/info/stores").body()).contains("\"default\":\"true\"");
        assertThat(glance.get(ME, "/v2/info/stores/detail").statusCode()).isEqualTo(403);
        assertThat(glance.get(ME, "/v2/info/usage").body()).contains("image_count_total");
    }

    @Test
    void dataIsServedAsItCameWithItsHashes() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(glance.get(ME, "/v2/images/" + id + "/file").statusCode()).isEqualTo(204);
        byte[] data = "hello image".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response = glance.upload(ME, id, data);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
        JsonNode image = glance.show(ME, id);
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(image.get("size").longValue()).isEqualTo(data.length);
        assertThat(image.get("virtual_size").longValue()).isEqualTo(data.length);
        assertThat(image.get("os_hash_algo").stringValue()).isEqualTo("sha512");
        assertThat(image.get("stores").stringValue()).isEqualTo("file");
        HttpResponse<byte[]> down = glance.bytes(glance.request(ME, "/v2/images/" + id + "/file"));
        assertThat(down.body()).isEqualTo(data);
        assertThat(down.headers().firstValue("Content-MD5"))
                .contains(image.get("checksum").stringValue());
        assertThat(glance.upload(ME, id, data).statusCode()).isEqualTo(409);
        assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
        glance.settle();
        assertThat(glance.files()).isEmpty();
    }
}

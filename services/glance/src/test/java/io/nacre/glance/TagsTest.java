package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tags of metadata definitions. */
class TagsTest extends MetadefFixture {
    private static final String TAGS = ALL + "/ns/tags";

    @BeforeEach
    void makeNamespace() throws Exception {
        createNamespace("{\"namespace\": \"ns\", \"owner\": \"mine\"}");
    }

    /** Without a body, as clients do. */
    private HttpResponse<String> add(String token, String name) throws Exception {
        glance.clock.advance(Duration.ofSeconds(1));
        return glance.send(glance.request(token, TAGS + "/" + name).POST(BodyPublishers.noBody()));
    }

    private List<String> names(String query) throws Exception {
        return glance.json(200, glance.get(ME, TAGS + query)).get("tags").findValuesAsString("name");
    }

    @Test
    void aTagIsAName() throws Exception {
        JsonNode made = made(add(ADMIN, "a%2Fb"));
        assertThat(made.get("name").stringValue()).isEqualTo("a/b");
        assertThat(made.get("created_at").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(glance.json(glance.get(ME, TAGS + "/a%2Fb"))).isEqualTo(made);
        HttpResponse<String> again = add(ADMIN, "a%2Fb");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("A metadata tag with name=a/b already exists in namespace=ns.");
        made(add(ADMIN, "c"));
        assertThat(glance.put(ADMIN, TAGS + "/c", "{\"name\": \"a/b\"}").statusCode())
                .isEqualTo(409);
        HttpResponse<String> renamed = glance.put(ADMIN, TAGS + "/c", "{\"name\": \"d\"}");
        assertThat(renamed.statusCode()).as(renamed.body()).isEqualTo(200);
        assertThat(names("")).containsExactly("d", "a/b");
        HttpResponse<String> gone = glance.get(ME, TAGS + "/c");
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.body()).contains("Could not find metadata tag c");
        assertThat(glance.delete(ADMIN, TAGS + "/d").statusCode()).isEqualTo(204);
        assertThat(glance.delete(ADMIN, TAGS + "/d").statusCode()).isEqualTo(404);
    }

    @Test
    void manyTagsReplaceWhatWasThereUnlessTheyAreAppended() throws Exception {
        made(add(ADMIN, "old"));
        JsonNode made = made(glance.post(ADMIN, TAGS, "{\"tags\": [{\"name\": \"x\"}, {\"name\": \"y\"}]}"));
        assertThat(made.toString()).isEqualTo("{\"tags\":[{\"name\":\"x\"},{\"name\":\"y\"}]}");
        assertThat(names("")).containsExactlyInAnyOrder("x", "y");
        HttpResponse<String> appended = glance.send(glance.request(ADMIN, TAGS)
                .header("Content-Type", "application/json")
                .header("X-Openstack-Append", "True")
                .POST(BodyPublishers.ofString("{\"tags\": [{\"name\": \"z\"}]}")));
        assertThat(made(appended).get("tags").size()).isEqualTo(1);
        assertThat(names("")).containsExactlyInAnyOrder("x", "y", "z");

        HttpResponse<String> twice = glance.post(ADMIN, TAGS, "{\"tags\": [{\"name\": \"one\"}, {\"name\": \"one\"}]}");
        assertThat(twice.statusCode()).isEqualTo(409);
        made(glance.post(ADMIN, TAGS, "{\"tags\": []}"));
        assertThat(names("")).containsExactlyInAnyOrder("x", "y", "z");
        assertThat(glance.delete(ADMIN, TAGS).statusCode()).isEqualTo(204);
        assertThat(names("")).isEmpty();
    }

    @Test
    void aListingIsSortedAndPaged() throws Exception {
        for (String name : List.of("b", "c", "a")) {
            made(add(ADMIN, name));
        }
        assertThat(names("")).containsExactly("a", "c", "b");
        assertThat(names("?sort_key=name&sort_dir=asc")).containsExactly("a", "b", "c");
        assertThat(names("?limit=2")).containsExactly("a", "c");
        assertThat(names("?limit=2&marker=c")).containsExactly("b");
        assertThat(glance.get(ME, TAGS + "?marker=none").statusCode()).isEqualTo(404);
        for (String wrong : List.of("limit=x", "limit=-1", "sort_dir=up", "sort_key=definition")) {
            assertThat(glance.get(ME, TAGS + "?" + wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void aBodyThatDoesNotFitIsRefused() throws Exception {
        made(add(ADMIN, "a"));
        String tooLong = "x".repeat(81);
        assertThat(add(ADMIN, tooLong).statusCode()).isEqualTo(400);
        for (String tag : List.of(
                "{}",
                "{\"name\": \"\"}",
                "{\"name\": 1}",
                "{\"name\": \"" + tooLong + "\"}",
                "{\"name\": \"t\", \"o\": 1}")) {
            assertThat(glance.put(ADMIN, TAGS + "/a", tag).statusCode()).as(tag).isEqualTo(400);
            assertThat(glance.post(ADMIN, TAGS, "{\"tags\": [" + tag + "]}").statusCode())
                    .as(tag)
                    .isEqualTo(400);
            assertThat(glance.post(ADMIN, ALL, "{\"namespace\": \"new\", \"tags\": [" + tag + "]}")
                            .statusCode())
                    .as(tag)
                    .isEqualTo(400);
        }
        assertThat(glance.post(ADMIN, TAGS, "{}").statusCode()).isEqualTo(400);
        assertThat(glance.put(ADMIN, TAGS + "/a", "{\"name\": \"a\", \"created_at\": \"2026-01-01T00:00:00Z\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(names("")).containsExactly("a");
    }

    @Test
    void onlyAnAdminChangesThemAndStrangersSeeNothing() throws Exception {
        made(add(ADMIN, "a"));
        for (String token : List.of("member@mine", "member@yours")) {
            int refused = token.equals("member@mine") ? 403 : 404;
            assertThat(add(token, "b").statusCode()).isEqualTo(refused);
            assertThat(glance.post(token, TAGS, "{\"tags\": [{\"name\": \"b\"}]}")
                            .statusCode())
                    .isEqualTo(refused);
            assertThat(glance.put(token, TAGS + "/a", "{\"name\": \"b\"}").statusCode())
                    .isEqualTo(refused);
            assertThat(glance.delete(token, TAGS + "/a").statusCode()).isEqualTo(refused);
            assertThat(glance.delete(token, TAGS).statusCode()).isEqualTo(refused);
        }
        assertThat(glance.get("reader@yours", TAGS).statusCode()).isEqualTo(404);
        assertThat(glance.get("reader@yours", TAGS + "/a").statusCode()).isEqualTo(404);
        assertThat(names("")).containsExactly("a");
    }

    @Test
    void aNamespaceBringsItsTagsAndKeepsThemWhileItIsProtected() throws Exception {
        JsonNode made = made(glance.post(
                ADMIN, ALL, "{\"namespace\": \"kept\", \"protected\": true, \"tags\": [{\"name\": \"t\"}]}"));
        assertThat(made.get("tags").toString()).isEqualTo("[{\"name\":\"t\"}]");
        assertThat(glance.json(glance.get(ADMIN, ALL + "/kept"))).isEqualTo(made);
        HttpResponse<String> kept = glance.delete(ADMIN, ALL + "/kept/tags/t");
        assertThat(kept.statusCode()).isEqualTo(403);
        assertThat(kept.body()).contains("Metadata definition tag t is protected and cannot be deleted.");
        assertThat(glance.delete(ADMIN, ALL + "/kept/tags").statusCode()).isEqualTo(403);
    }
}

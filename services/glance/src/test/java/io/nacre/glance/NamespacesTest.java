package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class NamespacesTest extends MetadefFixture {
    private static final String YOU = "reader@yours";

    /** @param more further fields, each behind a comma */
    private void create(String name, String more) throws Exception {
        glance.clock.advance(Duration.ofSeconds(1));
        HttpResponse<String> response = glance.post(ADMIN, ALL, "{\"namespace\": \"" + name + "\"" + more + "}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private int status(String token, String path) throws Exception {
        return glance.get(token, path).statusCode();
    }

    private List<String> names(JsonNode page) {
        return StreamSupport.stream(page.get("namespaces").spliterator(), false)
                .map(namespace -> namespace.get("namespace").stringValue())
                .toList();
    }

    private List<String> names(String token, String query) throws Exception {
        return names(glance.json(200, glance.get(token, ALL + query)));
    }

    @Test
    void aNamespaceIsPrivateAndTheCreatorsUnlessItSaysOtherwise() throws Exception {
        HttpResponse<String> response = glance.post(ADMIN, ALL, "{\"namespace\": \"OS::My Ñ\"}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        assertThat(response.headers().firstValue("Location"))
                .contains(response.uri().resolve(ALL + "/OS::My%20%C3%91").toString());
        JsonNode made = glance.json(response);
        assertThat(made.get("visibility").stringValue()).isEqualTo("private");
        assertThat(made.get("protected").booleanValue()).isFalse();
        assertThat(made.get("owner").stringValue()).isEqualTo("ops");
        assertThat(made.get("self").stringValue()).isEqualTo(ALL + "/OS::My Ñ");
        assertThat(made.get("schema").stringValue()).isEqualTo("/v2/schemas/metadefs/namespace");
        assertThat(made.get("created_at").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(made.has("display_name")).isFalse();
        assertThat(made.has("id")).isFalse();
        assertThat(glance.json(glance.get(ADMIN, ALL + "/OS::My%20%C3%91"))).isEqualTo(made);
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        create("one", ", \"owner\": \"mine\", \"display_name\": \"One\"");
        HttpResponse<String> again = glance.post(ADMIN, ALL, "{\"namespace\": \"one\"}");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("The metadata definition namespace=one already exists.");
        create("two", "");
        HttpResponse<String> renamed = glance.put(ADMIN, ALL + "/two", "{\"namespace\": \"one\"}");
        assertThat(renamed.statusCode()).isEqualTo(409);
        assertThat(glance.json(glance.get(ME, ALL + "/one")).get("display_name").stringValue())
                .isEqualTo("One");
    }

    @Test
    void aBodyThatDoesNotFitIsRefused() throws Exception {
        for (String body : List.of(
                "{}",
                "[]",
                "{\"namespace\": 1}",
                "{\"namespace\": \"\"}",
                "{\"namespace\": \"..\"}",
                "{\"namespace\": \"a\\u0000b\"}",
                "{\"namespace\": \"\\ud800\"}",
                "{\"namespace\": \"" + "x".repeat(81) + "\"}",
                "{\"namespace\": \"a\", \"visibility\": \"shared\"}",
                "{\"namespace\": \"a\", \"protected\": \"yes\"}",
                "{\"namespace\": \"a\", \"display_name\": null}",
                "{\"namespace\": \"a\", \"other\": 1}")) {
            assertThat(glance.post(ADMIN, ALL, body).statusCode()).as(body).isEqualTo(400);
        }
        for (String field : List.of("self", "schema", "created_at", "updated_at")) {
            HttpResponse<String> response =
                    glance.post(ADMIN, ALL, "{\"namespace\": \"a\", \"" + field + "\": \"2026-01-01T00:00:00Z\"}");
            assertThat(response.statusCode()).as(field).isEqualTo(403);
            assertThat(response.body()).contains("Attribute '" + field + "' is read-only.");
        }
        assertThat(names(ADMIN, "")).isEmpty();
    }

    @Test
    void onlyAnAdminChangesThem() throws Exception {
        create("mine", ", \"owner\": \"mine\"");
        create("open", ", \"visibility\": \"public\"");
        assertThat(glance.post("member@mine", ALL, "{\"namespace\": \"x\"}").statusCode())
                .isEqualTo(403);
        for (String name : List.of("mine", "open")) {
            String path = ALL + "/" + name;
            assertThat(glance.put("member@mine", path, "{\"namespace\": \"x\"}").statusCode())
                    .isEqualTo(403);
            assertThat(glance.delete("member@mine", path).statusCode()).isEqualTo(403);
            assertThat(status("member@mine", path)).isEqualTo(200);
        }
    }

    @Test
    void anotherProjectsPrivateNamespaceDoesNotExist() throws Exception {
        create("mine", ", \"owner\": \"mine\"");
        String path = ALL + "/mine";
        assertThat(status(ME, path)).isEqualTo(200);
        assertThat(status(ADMIN, path)).isEqualTo(200);
        HttpResponse<String> hidden = glance.get(YOU, path);
        assertThat(hidden.statusCode()).isEqualTo(404);
        assertThat(hidden.body().replace("mine", "none"))
                .isEqualTo(glance.get(YOU, ALL + "/none").body());
        assertThat(glance.put(YOU, path, "{\"namespace\": \"mine\"}").statusCode())
                .isEqualTo(404);
        assertThat(glance.delete(YOU, path).statusCode()).isEqualTo(404);
        assertThat(status(YOU, ALL + "?marker=mine")).isEqualTo(404);
        assertThat(names(YOU, "")).isEmpty();
    }

    @Test
    void anUpdateSaysEverythingAnew() throws Exception {
        create("old", ", \"owner\": \"mine\", \"description\": \"d\", \"visibility\": \"public\", \"protected\": true");
        String created =
                glance.json(glance.get(ME, ALL + "/old")).get("created_at").stringValue();
        glance.clock.advance(Duration.ofSeconds(5));
        HttpResponse<String> response =
                glance.put(ADMIN, ALL + "/old", "{\"namespace\": \"new\", \"display_name\": \"N\"}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode updated = glance.json(glance.get(ADMIN, ALL + "/new"));
        assertThat(updated).isEqualTo(glance.json(response));
        assertThat(updated.has("description")).isFalse();
        assertThat(updated.get("visibility").stringValue()).isEqualTo("private");
        assertThat(updated.get("protected").booleanValue()).isFalse();
        assertThat(updated.get("owner").stringValue()).isEqualTo("ops");
        assertThat(updated.get("created_at").stringValue()).isEqualTo(created);
        assertThat(updated.get("updated_at").stringValue()).isGreaterThan(created);
        assertThat(status(ADMIN, ALL + "/old")).isEqualTo(404);
    }

    @Test
    void aProtectedNamespaceStaysUntilItIsNotProtected() throws Exception {
        create("a", ", \"protected\": true");
        HttpResponse<String> kept = glance.delete(ADMIN, ALL + "/a");
        assertThat(kept.statusCode()).isEqualTo(403);
        assertThat(kept.body()).contains("Metadata definition namespace a is protected and cannot be deleted.");
        assertThat(glance.put(ADMIN, ALL + "/a", "{\"namespace\": \"a\"}").statusCode())
                .isEqualTo(200);
        assertThat(glance.delete(ADMIN, ALL + "/a").statusCode()).isEqualTo(204);
        assertThat(glance.delete(ADMIN, ALL + "/a").statusCode()).isEqualTo(404);
    }

    @Test
    void aListingIsFilteredSortedAndPaged() throws Exception {
        create("b", ", \"visibility\": \"public\"");
        create("c", ", \"owner\": \"mine\"");
        create("a", ", \"visibility\": \"public\", \"owner\": \"yours\"");
        assertThat(names(ADMIN, "")).containsExactly("a", "c", "b");
        assertThat(names(ME, "")).containsExactly("a", "c", "b");
        assertThat(names(YOU, "")).containsExactly("a", "b");
        assertThat(names(ME, "?visibility=private")).containsExactly("c");
        assertThat(names(ME, "?visibility=public&sort_dir=asc")).containsExactly("b", "a");
        assertThat(names(ME, "?sort_key=namespace&sort_dir=asc")).containsExactly("a", "b", "c");
        JsonNode page = glance.json(glance.get(ME, ALL + "?limit=2&sort_dir=asc"));
        assertThat(names(page)).containsExactly("b", "c");
        assertThat(page.get("first").stringValue()).isEqualTo(ALL + "?limit=2&sort_dir=asc");
        assertThat(page.get("schema").stringValue()).isEqualTo("/v2/schemas/metadefs/namespaces");
        JsonNode last = glance.json(glance.get(ME, page.get("next").stringValue()));
        assertThat(names(last)).containsExactly("a");
        assertThat(last.has("next")).isFalse();
        assertThat(last.get("first")).isEqualTo(page.get("first"));
        for (String wrong : List.of("limit=x", "limit=-1", "sort_dir=up", "sort_key=nothing", "visibility=shared")) {
            assertThat(status(ME, ALL + "?" + wrong)).as(wrong).isEqualTo(400);
        }
    }
}

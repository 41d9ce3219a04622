package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ResourceTypesTest extends MetadefFixture {
    private static final String TYPES = ALL + "/ns/resource_types";

    @BeforeEach
    void makeNamespace() throws Exception {
        createNamespace("{\"namespace\": \"ns\", \"owner\": \"mine\"}");
    }

    private List<String> names(String token, String path, String member) throws Exception {
        return glance.json(200, glance.get(token, path)).get(member).findValuesAsString("name");
    }

    private List<String> associations(String token) throws Exception {
        return names(token, TYPES, "resource_type_associations");
    }

    @Test
    void aNamespaceIsAssociatedWithATypeThatNeedNotHaveBeenNamedBefore() throws Exception {
        JsonNode made = glance.json(
                201,
                glance.post(
                        ADMIN,
                        TYPES,
                        "{\"name\": \"OS::Cinder::Volume\", \"prefix\": \"hw_\", \"properties_target\": \"image\"}"));
        assertThat(made.get("name").stringValue()).isEqualTo("OS::Cinder::Volume");
        assertThat(made.get("prefix").stringValue()).isEqualTo("hw_");
        assertThat(made.get("properties_target").stringValue()).isEqualTo("image");
        assertThat(made.get("created_at").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(glance.json(glance.get(ME, TYPES)).get("resource_type_associations"))
                .containsExactly(made);
        assertThat(names(ME, "/v2/metadefs/resource_types", "resource_types")).containsExactly("OS::Cinder::Volume");

        HttpResponse<String> again = glance.post(ADMIN, TYPES, "{\"name\": \"OS::Cinder::Volume\"}");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body())
                .contains("The metadata definition resource-type association of"
                        + " resource-type=OS::Cinder::Volume to namespace=ns already exists.");
    }

    @Test
    void aTypeStaysWhenItsLastAssociationEnds() throws Exception {
        glance.post(ADMIN, TYPES, "{\"name\": \"T\"}");
        assertThat(glance.delete(ADMIN, TYPES + "/T").statusCode()).isEqualTo(204);
        assertThat(associations(ME)).isEmpty();
        HttpResponse<String> again = glance.delete(ADMIN, TYPES + "/T");
        assertThat(again.statusCode()).isEqualTo(404);
        assertThat(again.body()).contains("Failed to find resource type T to delete");
        assertThat(names(ME, "/v2/metadefs/resource_types", "resource_types")).containsExactly("T");
    }

    @Test
    void onlyAnAdminAssociatesAndStrangersSeeNothing() throws Exception {
        glance.post(ADMIN, TYPES, "{\"name\": \"T\"}");
        assertThat(glance.post("member@mine", TYPES, "{\"name\": \"U\"}").statusCode())
                .isEqualTo(403);
        assertThat(glance.delete("member@mine", TYPES + "/T").statusCode()).isEqualTo(403);
        assertThat(glance.get("member@yours", TYPES).statusCode()).isEqualTo(404);
        assertThat(glance.post("member@yours", TYPES, "{\"name\": \"U\"}").statusCode())
                .isEqualTo(404);
        assertThat(glance.delete("member@yours", TYPES + "/T").statusCode()).isEqualTo(404);
        assertThat(glance.post(ADMIN, ALL + "/none/resource_types", "{\"name\": \"U\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(associations(ME)).containsExactly("T");
    }

    @Test
    void aBodyThatDoesNotFitIsRefused() throws Exception {
        for (String body : List.of(
                "{}",
                "{\"name\": 1}",
                "{\"name\": \"\"}",
                "{\"name\": \"T\", \"prefix\": \"" + "x".repeat(81) + "\"}",
                "{\"name\": \"T\", \"other\": \"x\"}")) {
            assertThat(glance.post(ADMIN, TYPES, body).statusCode()).as(body).isEqualTo(400);
            HttpResponse<String> inNamespace =
                    glance.post(ADMIN, ALL, "{\"namespace\": \"new\", \"resource_type_associations\": [" + body + "]}");
            assertThat(inNamespace.statusCode()).as(body).isEqualTo(400);
        }
        assertThat(glance.post(ADMIN, TYPES, "{\"name\": \"T\", \"created_at\": \"2026-01-01T00:00:00Z\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(associations(ME)).isEmpty();
        assertThat(glance.get(ADMIN, ALL + "/new").statusCode()).isEqualTo(404);
    }

    @Test
    void aProtectedNamespaceKeepsItsAssociations() throws Exception {
        createNamespace(
                "{\"namespace\": \"kept\", \"protected\": true, \"resource_type_associations\": [{\"name\": \"T\"}]}");
        HttpResponse<String> kept = glance.delete(ADMIN, ALL + "/kept/resource_types/T");
        assertThat(kept.statusCode()).isEqualTo(403);
        assertThat(kept.body())
                .contains("Metadata definition resource-type-association T is protected and cannot be deleted.");
    }

    @Test
    void aNamespaceBringsItsTypesAndIsFoundByThem() throws Exception {
        JsonNode made =
                createNamespace("{\"namespace\": \"both\", \"visibility\": \"public\", \"resource_type_associations\":"
                        + " [{\"name\": \"A\", \"prefix\": \"a_\"}, {\"name\": \"B\"}]}");
        assertThat(made.get("resource_type_associations").findValuesAsString("name"))
                .containsExactly("A", "B");
        assertThat(glance.json(glance.get(ME, ALL + "/both"))).isEqualTo(made);
        glance.post(ADMIN, TYPES, "{\"name\": \"B\"}");
        assertThat(found("A")).containsExactly("both");
        assertThat(found("A,B")).containsExactlyInAnyOrder("both", "ns");
        assertThat(found("C")).isEmpty();
        JsonNode listed = glance.json(glance.get(ME, ALL + "?resource_types=A"))
                .get("namespaces")
                .get(0);
        assertThat(listed).isEqualTo(made);

        HttpResponse<String> twice = glance.post(
                ADMIN,
                ALL,
                "{\"namespace\": \"twice\", \"resource_type_associations\": [{\"name\": \"A\"}, {\"name\": \"A\"}]}");
        assertThat(twice.statusCode()).isEqualTo(409);
        assertThat(glance.get(ADMIN, ALL + "/twice").statusCode()).isEqualTo(404);

        assertThat(glance.delete(ADMIN, ALL + "/both").statusCode()).isEqualTo(204);
        assertThat(found("A")).isEmpty();
    }

    private List<String> found(String types) throws Exception {
        return glance.json(glance.get(ME, ALL + "?resource_types=" + types))
                .get("namespaces")
                .findValuesAsString("namespace");
    }
}

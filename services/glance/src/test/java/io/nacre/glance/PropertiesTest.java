package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Properties of metadata definitions and the objects that group them. */
class PropertiesTest extends MetadefFixture {
    private static final String NS = ALL + "/ns";
    private static final String DISK =
            "{\"title\": \"Disk Bus\", \"type\": \"string\", \"enum\": [\"scsi\", \"virtio\"]}";
    private static final String NAMED_DISK = DISK.replace("{", "{\"name\": \"disk_bus\", ");
    private static final String CPU =
            "{\"name\": \"CPU\", \"required\": [\"cores\"], \"properties\": {\"cores\": {\"title\": \"Cores\","
                    + " \"type\": \"integer\", \"minimum\": 1}}}";

    @BeforeEach
    void makeNamespace() throws Exception {
        createNamespace("{\"namespace\": \"ns\", \"owner\": \"mine\"}");
    }

    @Test
    void aPropertyIsWhatItsBodySays() throws Exception {
        JsonNode made = made(glance.post(ADMIN, NS + "/properties", NAMED_DISK));
        assertThat(made).isEqualTo(tree(NAMED_DISK));
        assertThat(get(NS + "/properties/disk_bus")).isEqualTo(made);
        assertThat(get(NS + "/properties")).isEqualTo(tree("{\"properties\": {\"disk_bus\": " + NAMED_DISK + "}}"));
        HttpResponse<String> again = glance.post(ADMIN, NS + "/properties", NAMED_DISK);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body())
                .contains("A metadata definition property with name=disk_bus already exists in namespace=ns.");

        String renamed = "{\"name\": \"bus\", \"title\": \"Bus\", \"type\": \"string\"}";
        HttpResponse<String> updated = glance.put(ADMIN, NS + "/properties/disk_bus", renamed);
        assertThat(updated.statusCode()).as(updated.body()).isEqualTo(200);
        assertThat(get(NS + "/properties/bus")).isEqualTo(tree(renamed));
        HttpResponse<String> gone = glance.get(ME, NS + "/properties/disk_bus");
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.body()).contains("Could not find property disk_bus");
        assertThat(glance.delete(ADMIN, NS + "/properties/bus").statusCode()).isEqualTo(204);
        assertThat(glance.delete(ADMIN, NS + "/properties/bus").statusCode()).isEqualTo(404);
    }

    @Test
    void aPropertyIsFoundByItsNameOnAResource() throws Exception {
        made(glance.post(ADMIN, NS + "/properties", NAMED_DISK));
        made(glance.post(ADMIN, NS + "/resource_types", "{\"name\": \"Image\", \"prefix\": \"hw_\"}"));
        made(glance.post(ADMIN, NS + "/resource_types", "{\"name\": \"Flavor\"}"));
        assertThat(get(NS + "/properties/hw_disk_bus?resource_type=Image")).isEqualTo(tree(NAMED_DISK));
        for (String wrong :
                List.of("disk_bus?resource_type=Image", "disk_bus?resource_type=Flavor", "x?resource_type=No")) {
            assertThat(glance.get(ME, NS + "/properties/" + wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(404);
        }
    }

    @Test
    void anObjectGroupsProperties() throws Exception {
        JsonNode made = made(glance.post(ADMIN, NS + "/objects", CPU));
        assertThat(made.get("required")).isEqualTo(tree("[\"cores\"]"));
        assertThat(made.get("properties")).isEqualTo(tree(CPU).get("properties"));
        assertThat(made.get("self").stringValue()).isEqualTo(NS + "/objects/CPU");
        assertThat(made.get("schema").stringValue()).isEqualTo("/v2/schemas/metadefs/object");
        assertThat(made.has("description")).isFalse();
        assertThat(get(NS + "/objects/CPU")).isEqualTo(made);
        assertThat(get(NS + "/objects").get("objects")).containsExactly(made);
        assertThat(glance.post(ADMIN, NS + "/objects", CPU).statusCode()).isEqualTo(409);

        glance.clock.advance(Duration.ofSeconds(2));
        made(glance.post(ADMIN, NS + "/objects", "{\"name\": \"RAM\"}"));
        assertThat(glance.put(ADMIN, NS + "/objects/CPU", "{\"name\": \"RAM\"}").statusCode())
                .isEqualTo(409);
        HttpResponse<String> updated =
                glance.put(ADMIN, NS + "/objects/CPU", "{\"name\": \"Cores\", \"description\": \"d\"}");
        assertThat(updated.statusCode()).as(updated.body()).isEqualTo(200);
        JsonNode now = get(NS + "/objects/Cores");
        assertThat(now.get("properties").isEmpty()).isTrue();
        assertThat(now.get("required").isEmpty()).isTrue();
        assertThat(now.get("created_at")).isEqualTo(made.get("created_at"));
        assertThat(now.get("updated_at")).isNotEqualTo(made.get("updated_at"));
        HttpResponse<String> gone = glance.delete(ADMIN, NS + "/objects/CPU");
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.body()).contains("Could not find metadata object CPU");
        assertThat(glance.delete(ADMIN, NS + "/objects/Cores").statusCode()).isEqualTo(204);
        assertThat(get(NS + "/objects").get("objects").findValuesAsString("name"))
                .containsExactly("RAM");
    }

    @Test
    void aBodyThatDoesNotFitIsRefused() throws Exception {
        for (String body : List.of(
                "{\"name\": \"p\", \"title\": \"P\"}",
                "{\"name\": \"p\", \"title\": \"P\", \"type\": \"text\"}",
                "{\"name\": \"p\", \"title\": \"P\", \"type\": \"string\", \"other\": 1}",
                "{\"name\": \"p\", \"title\": \"P\", \"type\": \"string\", \"minLength\": -1}",
                "{\"name\": \"" + "p".repeat(81) + "\", \"title\": \"P\", \"type\": \"string\"}")) {
            assertThat(glance.post(ADMIN, NS + "/properties", body).statusCode())
                    .as(body)
                    .isEqualTo(400);
            String name = tree(body).get("name").stringValue();
            String inNamespace = "{\"namespace\": \"new\", \"properties\": {\"" + name + "\": " + body + "}}";
            assertThat(glance.post(ADMIN, ALL, inNamespace).statusCode())
                    .as(inNamespace)
                    .isEqualTo(400);
        }
        for (String body : List.of(
                "{}",
                "{\"name\": \"" + "o".repeat(81) + "\"}",
                "{\"name\": \"o\", \"required\": [1]}",
                "{\"name\": \"o\", \"properties\": {\"p\": {\"title\": \"P\"}}}",
                "{\"name\": \"o\", \"properties\": {\"p\": {\"title\": \"P\", \"type\": \"string\", \"other\": 1}}}")) {
            assertThat(glance.post(ADMIN, NS + "/objects", body).statusCode())
                    .as(body)
                    .isEqualTo(400);
            assertThat(glance.post(ADMIN, ALL, "{\"namespace\": \"new\", \"objects\": [" + body + "]}")
                            .statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(get(NS + "/properties").get("properties").isEmpty()).isTrue();
        assertThat(get(NS + "/objects").get("objects").isEmpty()).isTrue();
        assertThat(glance.get(ADMIN, ALL + "/new").statusCode()).isEqualTo(404);
    }

    @Test
    void onlyAnAdminChangesThemAndStrangersSeeNothing() throws Exception {
        made(glance.post(ADMIN, NS + "/properties", NAMED_DISK));
        made(glance.post(ADMIN, NS + "/objects", CPU));
        for (String kind : List.of("/properties", "/objects")) {
            String body = kind.equals("/objects") ? CPU : NAMED_DISK;
            String one = NS + kind + "/" + tree(body).get("name").stringValue();
            for (String token : List.of("member@mine", "member@yours")) {
                int refused = token.equals("member@mine") ? 403 : 404;
                assertThat(glance.post(token, NS + kind, body).statusCode()).isEqualTo(refused);
                assertThat(glance.put(token, one, body).statusCode()).isEqualTo(refused);
                assertThat(glance.delete(token, one).statusCode()).isEqualTo(refused);
                assertThat(glance.delete(token, NS + kind).statusCode()).isEqualTo(refused);
            }
            assertThat(glance.get("reader@yours", NS + kind).statusCode()).isEqualTo(404);
            assertThat(glance.get("reader@yours", one).statusCode()).isEqualTo(404);
            assertThat(glance.get(ME, one).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aNamespaceBringsThemAndTellsOfThemAsOnAResource() throws Exception {
        JsonNode made = made(glance.post(
                ADMIN,
                ALL,
                "{\"namespace\": \"full\", \"visibility\": \"public\", \"resource_type_associations\": [{\"name\":"
                        + " \"Image\", \"prefix\": \"hw_\"}], \"properties\": {\"disk_bus\": " + DISK
                        + "}, \"objects\": [" + CPU + "]}"));
        assertThat(made.get("properties")).isEqualTo(tree("{\"disk_bus\": " + DISK + "}"));
        assertThat(get(ALL + "/full")).isEqualTo(made);
        assertThat(made.get("objects")).containsExactly(get(ALL + "/full/objects/CPU"));
        JsonNode onImage = get(ALL + "/full?resource_type=Image");
        assertThat(onImage.get("properties")).isEqualTo(tree("{\"hw_disk_bus\": " + DISK + "}"));
        JsonNode object = onImage.get("objects").get(0);
        assertThat(object.get("properties").has("hw_cores")).isTrue();
        assertThat(object.get("required")).isEqualTo(tree("[\"hw_cores\"]"));
        assertThat(get(ALL + "/full?resource_type=Other")).isEqualTo(made);
        assertThat(get(ALL).get("namespaces").get(0).has("objects")).isFalse();
    }

    @Test
    void aProtectedNamespaceKeepsThem() throws Exception {
        made(glance.post(
                ADMIN,
                ALL,
                "{\"namespace\": \"kept\", \"protected\": true, \"properties\": {\"disk_bus\": " + DISK
                        + "}, \"objects\": [" + CPU + "]}"));
        HttpResponse<String> property = glance.delete(ADMIN, ALL + "/kept/properties/disk_bus");
        assertThat(property.statusCode()).isEqualTo(403);
        assertThat(property.body())
                .contains("Metadata definition property disk_bus is protected and cannot be deleted.");
        HttpResponse<String> object = glance.delete(ADMIN, ALL + "/kept/objects/CPU");
        assertThat(object.statusCode()).isEqualTo(403);
        assertThat(object.body()).contains("Metadata definition object CPU is protected and cannot be deleted.");
        assertThat(glance.delete(ADMIN, ALL + "/kept/objects").statusCode()).isEqualTo(403);
        assertThat(glance.delete(ADMIN, ALL + "/kept/properties").statusCode()).isEqualTo(403);
    }

    @Test
    void allOfAKindAreDeletedTogether() throws Exception {
        made(glance.post(ADMIN, NS + "/properties", NAMED_DISK));
        made(glance.post(ADMIN, NS + "/objects", CPU));
        assertThat(glance.delete(ADMIN, NS + "/objects").statusCode()).isEqualTo(204);
        assertThat(get(NS + "/objects").get("objects").isEmpty()).isTrue();
        assertThat(get(NS + "/properties").get("properties").size()).isEqualTo(1);
        assertThat(glance.delete(ADMIN, NS + "/properties").statusCode()).isEqualTo(204);
        assertThat(get(NS + "/properties").get("properties").isEmpty()).isTrue();

        made(glance.post(ADMIN, NS + "/objects", CPU));
        assertThat(glance.delete(ADMIN, NS).statusCode()).isEqualTo(204);
        made(glance.post(ADMIN, ALL, "{\"namespace\": \"ns\", \"owner\": \"mine\"}"));
        assertThat(get(NS + "/objects").get("objects").isEmpty()).isTrue();
    }
}

package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The metadata definitions that a cloud has from the start. */
class StandardDefinitionsTest extends MetadefFixture {

    private List<String> names() throws Exception {
        return get(ALL + "?limit=100").get("namespaces").findValuesAsString("namespace");
    }

    @Test
    void everybodySeesThemAndTheirResourceTypes() throws Exception {
        glance.glance.bootstrap();
        assertThat(names())
                .hasSize(33)
                .contains("OS::Compute::Hypervisor", "OS::Glance::CommonImageProperties", "OS::Software::DBMS");
        assertThat(get("/v2/metadefs/resource_types").get("resource_types").findValuesAsString("name"))
                .containsExactly(
                        "OS::Cinder::Volume",
                        "OS::Glance::Image",
                        "OS::Nova::Aggregate",
                        "OS::Nova::Flavor",
                        "OS::Nova::Server",
                        "OS::Trove::Instance");
        JsonNode watchdog = get(ALL + "/OS::Compute::Watchdog?resource_type=OS::Nova::Flavor");
        assertThat(watchdog.get("owner").stringValue()).isEqualTo("admin");
        assertThat(watchdog.get("protected").booleanValue()).isTrue();
        assertThat(watchdog.at("/properties/hw:watchdog_action/enum").valueStream())
                .extracting(JsonNode::stringValue)
                .containsExactly("disabled", "reset", "poweroff", "pause", "none");
        JsonNode mysql = get(ALL + "/OS::Software::DBMS/objects/MySQL");
        assertThat(mysql.at("/properties/sw_database_mysql_admin/default").stringValue())
                .isEqualTo("root");
    }

    /** As a client would have to send them: nothing in them is more than the API takes. */
    @Test
    void eachIsOfTheFormThatTheApiAsksFor() throws Exception {
        glance.glance.bootstrap();
        for (String name : names()) {
            ObjectNode body = (ObjectNode) get(ALL + "/" + name);
            assertThat(body.get("visibility").stringValue()).isEqualTo("public");
            Stream.of("self", "schema", "created_at", "updated_at").forEach(body::remove);
            for (String part : List.of("objects", "resource_type_associations")) {
                body.path(part)
                        .forEach(one -> Stream.of("self", "schema", "created_at", "updated_at")
                                .forEach(((ObjectNode) one)::remove));
            }
            String copy = Json.write(body.put("namespace", "Copy of " + name));
            glance.json(201, glance.post(ADMIN, ALL, copy));
        }
    }

    @Test
    void anotherStartUndoesNothingThatAnOperatorDid() throws Exception {
        glance.json(
                201, glance.post(ADMIN, ALL, "{\"namespace\": \"OS::Compute::Quota\", \"display_name\": \"Ours\"}"));
        glance.glance.bootstrap();
        assertThat(glance.delete(ADMIN, ALL + "/OS::Glance::Signatures").statusCode())
                .isEqualTo(204);
        assertThat(glance.delete(ADMIN, ALL + "/OS::Compute::CPUMode/properties/cpu_mode")
                        .statusCode())
                .isEqualTo(204);
        glance.json(
                200,
                glance.put(
                        ADMIN, ALL + "/OS::Compute::Watchdog", "{\"namespace\": \"Dog\", \"visibility\": \"public\"}"));
        List<String> before = names();
        stop();
        start();
        glance.glance.bootstrap();
        assertThat(names())
                .isEqualTo(before)
                .contains("Dog")
                .doesNotContain("OS::Glance::Signatures", "OS::Compute::Watchdog", "OS::Compute::Quota");
        assertThat(get(ALL + "/OS::Compute::CPUMode").has("properties")).isFalse();
        JsonNode ours = glance.json(200, glance.get(ADMIN, ALL + "/OS::Compute::Quota"));
        assertThat(ours.get("display_name").stringValue()).isEqualTo("Ours");
        assertThat(ours.has("objects")).isFalse();
    }
}

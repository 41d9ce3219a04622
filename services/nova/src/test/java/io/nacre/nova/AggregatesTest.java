package io.nacre.nova;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AggregatesTest {
    private static final String AGGREGATES = "/os-aggregates";

    @TempDir
    Path directory;

    private NovaCloud cloud;

    @BeforeEach
    void start() {
        cloud = new NovaCloud(directory, "host1", "host2");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private JsonNode create(String name, String zone) {
        String body = "{\"aggregate\": {\"name\": \"" + name + "\", \"availability_zone\": \"" + zone + "\"}}";
        NovaCloud.Answer answer = cloud.post("admin", AGGREGATES, body);
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().get("aggregate");
    }

    private NovaCloud.Answer act(JsonNode aggregate, String action) {
        return cloud.post("admin", AGGREGATES + "/" + aggregate.get("id") + "/action", action);
    }

    @Test
    void aNewOneIsAnsweredWithoutWhatItHolds() {
        JsonNode created = create("racks", "east");
        assertThat(created.propertyNames())
                .containsExactlyInAnyOrder(
                        "id", "uuid", "name", "availability_zone", "created_at", "updated_at", "deleted", "deleted_at");
        JsonNode shown =
                cloud.get("admin", AGGREGATES + "/" + created.get("id")).body().get("aggregate");
        assertThat(shown.get("hosts")).isEmpty();
        assertThat(shown.get("metadata").get("availability_zone").asString()).isEqualTo("east");
        assertThat(cloud.post("admin", AGGREGATES, "{\"aggregate\": {\"name\": \"racks\"}}")
                        .status())
                .isEqualTo(409);
        assertThat(cloud.post("member", AGGREGATES, "{\"aggregate\": {\"name\": \"mine\"}}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void hostsLieInOneZoneAndKeepTheirAggregate() {
        JsonNode east = create("east", "east");
        JsonNode west = create("west", "west");
        JsonNode added = act(east, "{\"add_host\": {\"host\": \"host1\"}}").body();
        assertThat(added.get("aggregate").get("hosts").get(0).asString()).isEqualTo("host1");
        assertThat(act(east, "{\"add_host\": {\"host\": \"host1\"}}").status()).isEqualTo(409);
        assertThat(act(west, "{\"add_host\": {\"host\": \"host1\"}}").status()).isEqualTo(409);
        assertThat(act(west, "{\"add_host\": {\"host\": \"nowhere\"}}").status())
                .isEqualTo(404);
        assertThat(act(west, "{\"remove_host\": {\"host\": \"host1\"}}").status())
                .isEqualTo(404);
        String one = "/v2.1" + AGGREGATES + "/" + east.get("id");
        assertThat(cloud.call("admin", "DELETE", one, null, 96).status()).isEqualTo(400);
        assertThat(act(east, "{\"remove_host\": {\"host\": \"host1\"}}").status())
                .isEqualTo(200);
        assertThat(cloud.call("admin", "DELETE", one, null, 96).status()).isEqualTo(200);
        assertThat(cloud.call("admin", "GET", one, null, 96).status()).isEqualTo(404);
    }

    @Test
    void metadataIsSetAndTakenAwayByName() {
        JsonNode aggregate = create("fast", "east");
        act(aggregate, "{\"set_metadata\": {\"metadata\": {\"ssd\": \"true\", \"old\": \"1\"}}}");
        JsonNode changed = act(aggregate, "{\"set_metadata\": {\"metadata\": {\"old\": null}}}")
                .body()
                .get("aggregate")
                .get("metadata");
        assertThat(changed.propertyNames()).containsExactlyInAnyOrder("availability_zone", "ssd");
    }
}

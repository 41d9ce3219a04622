package io.nacre.nova;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ServerLifeTest {
    @TempDir
    Path directory;

    private NovaCloud cloud;

    @BeforeEach
    void start() {
        cloud = new NovaCloud(directory, "host1", "host2");
        cloud.flavor("1");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void aServerIsBuiltShownAndDeleted() {
        String id = cloud.create("member", "first");
        JsonNode server = cloud.await(id, "ACTIVE");
        assertThat(server.get("OS-EXT-STS:vm_state").asString()).isEqualTo("active");
        assertThat(server.get("OS-EXT-STS:power_state").asInt()).isEqualTo(1);
        assertThat(server.get("addresses").get("private").get(0).get("addr").asString())
                .startsWith("10.0.0.");
        assertThat(server.get("OS-EXT-SRV-ATTR:host").asString()).startsWith("host");
        assertThat(server.get("flavor").get("original_name").asString()).isEqualTo("m-1");
        assertThat(cloud.holders()).containsExactly(id);
        assertThat(cloud.call("member", "DELETE", "/v2.1/servers/" + id, null, 96)
                        .status())
                .isEqualTo(204);
        cloud.awaitGone(id);
        assertThat(cloud.holders()).isEmpty();
        assertThat(cloud.networks.plugged).isEmpty();
        assertThat(cloud.nodes.get("host1").guests).isEmpty();
        assertThat(cloud.nodes.get("host2").guests).isEmpty();
        JsonNode deleted = cloud.get("admin", "/servers/detail?deleted=True&all_tenants=1")
                .body()
                .get("servers");
        assertThat(deleted.get(0).get("status").asString()).isEqualTo("DELETED");
        assertThat(cloud.get("member", "/servers").body().get("servers")).isEmpty();
    }

    @Test
    void aHostThatFailsIsReplacedByAnotherOne() {
        cloud.nodes.get("host1").broken = "no such machine";
        for (int i = 0; i < 4; i++) {
            JsonNode server = cloud.await(cloud.create("member", "n" + i), "ACTIVE");
            assertThat(server.get("OS-EXT-SRV-ATTR:host").asString()).isEqualTo("host2");
        }
        assertThat(cloud.networks.plugged).allMatch(plugged -> plugged.endsWith("@host2"));
    }

    @Test
    void whenEveryHostFailsTheServerTellsWhyAndNothingIsLeft() {
        cloud.nodes.values().forEach(node -> node.broken = "the machine caught fire");
        String id = cloud.create("member", "doomed");
        JsonNode server = cloud.await(id, "ERROR");
        assertThat(server.get("fault").get("message").asString()).contains("the machine caught fire");
        assertThat(server.get("fault").get("code").asInt()).isEqualTo(500);
        assertThat(cloud.holders()).isEmpty();
        assertThat(cloud.networks.plugged).isEmpty();
        cloud.call("member", "DELETE", "/v2.1/servers/" + id, null, 96);
        cloud.awaitGone(id);
    }

    @Test
    void withoutAHostThatHasRoomTheFaultIsTheOriginals() {
        cloud.post("admin", "/flavors", """
                {"flavor": {"name": "huge", "id": "huge", "ram": 40000, "vcpus": 2, "disk": 1}}""");
        NovaCloud.Answer answer = cloud.post("member", "/servers", """
                {"server": {"name": "x", "flavorRef": "huge", "imageRef": "%s", "networks": "none"}}""".formatted(FakeImages.CIRROS));
        String id = answer.body().get("server").get("id").asString();
        JsonNode server = cloud.await(id, "ERROR");
        assertThat(server.get("fault").get("message").asString())
                .isEqualTo("No valid host was found. There are not enough hosts available.");
        JsonNode fault =
                cloud.get("admin", "/servers/" + id).body().get("server").get("fault");
        assertThat(fault.get("details").asString())
                .isEqualTo("placement found no host with enough room: {DISK_GB=1, MEMORY_MB=40000, VCPU=2} fits"
                        + " nowhere");
    }

    @Test
    void aDeleteDoesNotWaitForABuildButTakesItBack() {
        CountDownLatch gate = new CountDownLatch(1);
        cloud.nodes.values().forEach(node -> node.gate = gate);
        String id = cloud.create("member", "short");
        io.nacre.testkit.Eventually.happens(
                "it was spawning",
                () -> "spawning"
                        .equals(cloud.show(id).get("OS-EXT-STS:task_state").asString("")));
        cloud.call("member", "DELETE", "/v2.1/servers/" + id, null, 96);
        assertThat(cloud.show(id).get("OS-EXT-STS:task_state").asString()).isEqualTo("deleting");
        gate.countDown();
        cloud.awaitGone(id);
        assertThat(cloud.holders()).isEmpty();
        assertThat(cloud.nodes.get("host1").guests).isEmpty();
        assertThat(cloud.nodes.get("host2").guests).isEmpty();
    }

    @Test
    void powerActionsLeadFromStateToStateAndAreRefusedInTheWrongOne() {
        String id = cloud.create("member", "p");
        cloud.await(id, "ACTIVE");
        act(id, "{\"os-stop\": null}", 202);
        cloud.await(id, "SHUTOFF");
        NovaCloud.Answer refused = act(id, "{\"os-stop\": null}", 409);
        assertThat(refused.body().get("conflictingRequest").get("message").asString())
                .isEqualTo("Cannot 'stop' instance " + id + " while it is in vm_state stopped");
        act(id, "{\"os-start\": null}", 202);
        cloud.await(id, "ACTIVE");
        act(id, "{\"pause\": null}", 202);
        cloud.await(id, "PAUSED");
        act(id, "{\"unpause\": null}", 202);
        cloud.await(id, "ACTIVE");
        act(id, "{\"suspend\": null}", 202);
        cloud.await(id, "SUSPENDED");
        act(id, "{\"resume\": null}", 202);
        cloud.await(id, "ACTIVE");
        act(id, "{\"reboot\": {\"type\": \"HARD\"}}", 202);
        cloud.await(id, "ACTIVE");
        act(id, "{\"lock\": null}", 202);
        act(id, "{\"os-stop\": null}", 409);
        act(id, "{\"unlock\": null}", 202);
        act(id, "{\"os-resetState\": {\"state\": \"error\"}}", 403);
        act(id, "{\"frobnicate\": null}", 400);
    }

    private NovaCloud.Answer act(String id, String body, int status) {
        NovaCloud.Answer answer = cloud.post("member", "/servers/" + id + "/action", body);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
        return answer;
    }
}

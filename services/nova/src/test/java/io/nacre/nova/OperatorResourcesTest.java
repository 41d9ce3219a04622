package io.nacre.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Ids;
import io.nacre.nova.service.ControllerHeartbeat;
import io.nacre.nova.service.InternalServiceStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class OperatorResourcesTest {
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
    void hypervisorsShowWhatTheirServersUseUntil287() {
        String id = cloud.create("member", "h");
        String host = cloud.await(id, "ACTIVE").get("OS-EXT-SRV-ATTR:host").asString();
        JsonNode all = cloud.call("admin", "GET", "/v2.1/os-hypervisors/detail", null, 87)
                .body()
                .get("hypervisors");
        assertThat(all).hasSize(2);
        for (JsonNode one : all) {
            boolean used = one.get("hypervisor_hostname").asString().equals(host);
            assertThat(one.get("vcpus_used").asInt()).isEqualTo(used ? 1 : 0);
            assertThat(one.get("state").asString()).isEqualTo("up");
        }
        JsonNode slim = cloud.get("admin", "/os-hypervisors/detail")
                .body()
                .get("hypervisors")
                .get(0);
        assertThat(slim.has("vcpus")).isFalse();
        assertThat(slim.get("uptime").asString()).contains("load average");
        JsonNode sum = cloud.call("admin", "GET", "/v2.1/os-hypervisors/statistics", null, 87)
                .body()
                .get("hypervisor_statistics");
        assertThat(sum.get("count").asInt()).isEqualTo(2);
        assertThat(sum.get("vcpus_used").asInt()).isEqualTo(1);
        assertThat(cloud.get("admin", "/os-hypervisors/statistics").status()).isEqualTo(404);
        assertThat(cloud.get("member", "/os-hypervisors").status()).isEqualTo(403);
    }

    @Test
    void aDisabledServiceTakesNoServers() {
        JsonNode services =
                cloud.get("admin", "/os-services?binary=nova-compute").body().get("services");
        assertThat(services).hasSize(2);
        String id = null;
        for (JsonNode service : services) {
            if (service.get("host").asString().equals("host1")) {
                id = service.get("id").asString();
            }
        }
        NovaCloud.Answer changed = cloud.call("admin", "PUT", "/v2.1/os-services/" + id, """
                {"status": "disabled", "disabled_reason": "dust"}""", 96);
        assertThat(changed.body().get("service").get("status").asString()).isEqualTo("disabled");
        for (int i = 0; i < 3; i++) {
            assertThat(cloud.await(cloud.create("member", "s" + i), "ACTIVE")
                            .get("OS-EXT-SRV-ATTR:host")
                            .asString())
                    .isEqualTo("host2");
        }
        assertThat(cloud.call("admin", "PUT", "/v2.1/os-services/enable", """
                        {"host": "host1", "binary": "nova-compute"}""", 2)
                        .status())
                .isEqualTo(200);
        assertThat(cloud.get("admin", "/os-services").body().get("services")).hasSize(4);
    }

    @Test
    void everyControllerIsListedAndOnlyHostsCanBeDisabled() {
        new ControllerHeartbeat(
                        cloud.database,
                        new InternalServiceStore(),
                        "controller-2",
                        Duration.ofSeconds(10),
                        Ids.seeded(9),
                        InstantSource.system())
                .run();
        assertThat(services("?binary=nova-conductor")).containsOnlyKeys("controller", "controller-2");
        JsonNode second = services("?binary=nova-scheduler").get("controller-2");
        assertThat(second.get("zone").asString()).isEqualTo("internal");
        assertThat(second.get("state").asString()).isEqualTo("up");
        assertThat(services("?host=host1").get("host1").get("zone").asString()).isEqualTo("nova");
        JsonNode zone = cloud.get("admin", "/os-availability-zone/detail")
                .body()
                .get("availabilityZoneInfo")
                .get(0);
        assertThat(zone.get("hosts").get("controller-2").has("nova-conductor")).isTrue();

        String path = "/v2.1/os-services/" + second.get("id").asString();
        NovaCloud.Answer refused = cloud.call("admin", "PUT", path, "{\"status\": \"disabled\"}", 96);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.raw().body()).contains("Updating a nova-scheduler service is not supported");
        assertThat(cloud.call("admin", "PUT", "/v2.1/os-services/disable", """
                        {"host": "controller-2", "binary": "nova-scheduler"}""", 2)
                        .status())
                .isEqualTo(400);
        assertThat(cloud.call("admin", "DELETE", path, null, 96).status()).isEqualTo(204);
        assertThat(cloud.call("admin", "DELETE", path, null, 96).status()).isEqualTo(404);
        assertThat(services("?binary=nova-scheduler")).containsOnlyKeys("controller");
        assertThat(services("?binary=nova-conductor")).containsOnlyKeys("controller", "controller-2");
    }

    private Map<String, JsonNode> services(String query) {
        Map<String, JsonNode> byHost = new HashMap<>();
        cloud.get("admin", "/os-services" + query)
                .body()
                .get("services")
                .forEach(service -> byHost.put(service.get("host").asString(), service));
        return byHost;
    }

    @Test
    void zonesNameTheirHostsToOperatorsOnly() {
        JsonNode zones = cloud.get("member", "/os-availability-zone").body().get("availabilityZoneInfo");
        assertThat(zones).hasSize(1);
        assertThat(zones.get(0).get("zoneName").asString()).isEqualTo("nova");
        assertThat(zones.get(0).get("hosts").isNull()).isTrue();
        JsonNode detail =
                cloud.get("admin", "/os-availability-zone/detail").body().get("availabilityZoneInfo");
        assertThat(detail.get(1).get("hosts").has("host1")).isTrue();
        assertThat(cloud.get("member", "/os-availability-zone/detail").status()).isEqualTo(403);
    }

    @Test
    void quotasAreShownChangedAndCounted() {
        cloud.create("member", "q");
        JsonNode detail = cloud.get("member", "/os-quota-sets/p1/detail").body().get("quota_set");
        assertThat(detail.get("instances").get("in_use").asInt()).isEqualTo(1);
        assertThat(cloud.get("member:p2", "/os-quota-sets/p1").status()).isEqualTo(403);
        assertThat(cloud.call("admin", "PUT", "/v2.1/os-quota-sets/p1", "{\"quota_set\": {\"cores\": 3}}", 96)
                        .body()
                        .get("quota_set")
                        .get("cores")
                        .asInt())
                .isEqualTo(3);
        assertThat(cloud.call("admin", "PUT", "/v2.1/os-quota-sets/p1", "{\"quota_set\": {\"instances\": 0}}", 96)
                        .status())
                .isEqualTo(400);
        JsonNode absolute = cloud.get("member", "/limits").body().get("limits").get("absolute");
        assertThat(absolute.get("maxTotalCores").asInt()).isEqualTo(3);
        assertThat(absolute.get("totalRAMUsed").asInt()).isEqualTo(512);
        assertThat(cloud.call("admin", "DELETE", "/v2.1/os-quota-sets/p1", null, 96)
                        .status())
                .isEqualTo(202);
        assertThat(cloud.get("member", "/os-quota-sets/p1")
                        .body()
                        .get("quota_set")
                        .get("cores")
                        .asInt())
                .isEqualTo(20);
        assertThat(cloud.get("member", "/os-quota-sets/p1/defaults")
                        .body()
                        .get("quota_set")
                        .get("ram")
                        .asInt())
                .isEqualTo(51200);
        assertThat(cloud.get("admin", "/os-quota-class-sets/default").status()).isEqualTo(200);
        assertThat(cloud.get("member", "/servers?limit=0").body().get("servers"))
                .isEmpty();
        JsonNode old = cloud.call("member", "GET", "/v2.1/os-quota-sets/p1", null, 1)
                .body()
                .get("quota_set");
        assertThat(old.get("floating_ips").asInt()).isEqualTo(-1);
        assertThat(old.get("injected_files").asInt()).isEqualTo(5);
    }

    @Test
    void classesOfQuotasKeepWhatNobodyCountsAnyMore() {
        String classes = "/v2.1/os-quota-class-sets/default";
        String change = "{\"quota_class_set\": {\"floating_ips\": 99, \"instances\": 12}}";
        JsonNode changed = cloud.call("admin", "PUT", classes, change, 1).body().get("quota_class_set");
        assertThat(changed.get("floating_ips").asInt()).isEqualTo(99);
        assertThat(changed.has("server_groups")).isFalse();
        assertThat(cloud.call("member", "GET", "/v2.1/limits", null, 1)
                        .body()
                        .get("limits")
                        .get("absolute")
                        .get("maxTotalFloatingIps")
                        .asInt())
                .isEqualTo(99);
        JsonNode newer = cloud.call("admin", "GET", classes, null, 50).body().get("quota_class_set");
        assertThat(newer.has("floating_ips")).isFalse();
        assertThat(newer.has("server_groups")).isTrue();
        assertThat(newer.get("instances").asInt()).isEqualTo(12);
    }

    @Test
    void aClassOfQuotasButTheDefaultIsOnlyRemembered() {
        String change = "{\"quota_class_set\": {\"instances\": 77}}";
        assertThat(cloud.call("admin", "PUT", "/v2.1/os-quota-class-sets/gold", change, 50)
                        .body()
                        .get("quota_class_set")
                        .get("instances")
                        .asInt())
                .isEqualTo(77);
        JsonNode gold = cloud.get("admin", "/os-quota-class-sets/gold").body().get("quota_class_set");
        assertThat(gold.get("id").asString()).isEqualTo("gold");
        assertThat(gold.get("instances").asInt()).isEqualTo(77);
        for (String elsewhere :
                List.of("/os-quota-class-sets/default", "/os-quota-class-sets/silver", "/os-quota-sets/p1")) {
            assertThat(cloud.get("admin", elsewhere)
                            .body()
                            .iterator()
                            .next()
                            .get("instances")
                            .asInt())
                    .as(elsewhere)
                    .isEqualTo(10);
        }
        String tooLong = "/v2.1/os-quota-class-sets/" + "g".repeat(256);
        assertThat(cloud.call("admin", "PUT", tooLong, change, 50).status()).isEqualTo(400);
        String forced = "{\"quota_class_set\": {\"instances\": 78, \"force\": true}}";
        assertThat(cloud.call("admin", "PUT", "/v2.1/os-quota-class-sets/gold", forced, 50)
                        .status())
                .isEqualTo(400);
    }
}

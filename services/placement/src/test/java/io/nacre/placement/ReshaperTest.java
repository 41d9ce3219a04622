package io.nacre.placement;

import static io.nacre.placement.PlacementServer.claim;
import static io.nacre.placement.PlacementServer.path;
import static io.nacre.placement.PlacementServer.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.placement.PlacementServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Inventories that move between providers together with what is allocated from them. */
@EveryEngine(migrations = Placement.MIGRATIONS)
class ReshaperTest {
    private PlacementServer cloud;

    @BeforeEach
    void start(Database database) {
        cloud = new PlacementServer(database, MutableClock.fixed());
        cloud.provider(1, null);
        cloud.provider(2, 1);
        cloud.inventory(1, "VCPU:8", "VGPU:4");
        cloud.put("/allocations/" + uuid(50), claim(1, "'VCPU': 2, 'VGPU': 2", null));
        cloud.put("/allocations/" + uuid(51), claim(1, "'VGPU': 1", null));
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Answer reshape(String inventories, String allocations) {
        return cloud.ask(
                "service@ops",
                PlacementServer.LATEST,
                "POST",
                "/reshaper",
                "{'inventories': {" + inventories + "}, 'allocations': {" + allocations + "}}");
    }

    private static String shape(int provider, long generation, String inventories) {
        return "'" + uuid(provider) + "': {'resource_provider_generation': " + generation + ", 'inventories': {"
                + inventories + "}}";
    }

    private static String held(int consumer, String allocations) {
        return "'" + uuid(consumer) + "': {'allocations': {" + allocations
                + "}, 'project_id': 'blue', 'user_id': 'ann',"
                + " 'consumer_generation': 1, 'consumer_type': 'INSTANCE'}";
    }

    private static String from(int provider, String amounts) {
        return "'" + uuid(provider) + "': {'resources': {" + amounts + "}}";
    }

    @Test
    void inventoryMovesToAChildWithItsAllocations() {
        long generation = cloud.generation(1);
        Answer done = reshape(
                shape(1, generation, "'VCPU': {'total': 8}") + ", " + shape(2, 0, "'VGPU': {'total': 4}"),
                held(50, from(1, "'VCPU': 2") + ", " + from(2, "'VGPU': 2")) + ", " + held(51, from(2, "'VGPU': 1")));
        assertThat(done.response().body()).isEmpty();
        assertThat(done.status()).isEqualTo(204);
        assertThat(cloud.get(path(1) + "/usages").json().get("usages").toString())
                .isEqualTo("{\"VCPU\":2}");
        assertThat(cloud.get(path(2) + "/usages").json().get("usages").toString())
                .isEqualTo("{\"VGPU\":3}");
        assertThat(cloud.get("/allocations/" + uuid(50)).number("/consumer_generation"))
                .isEqualTo(2);
        assertThat(cloud.generation(1)).isGreaterThan(generation);
    }

    @Test
    void whatDoesNotAddUpChangesNothing() {
        long generation = cloud.generation(1);
        String cpus = shape(1, generation, "'VCPU': {'total': 8}");
        String cards = shape(2, 0, "'VGPU': {'total': 4}");
        String all =
                held(50, from(1, "'VCPU': 2") + ", " + from(2, "'VGPU': 2")) + ", " + held(51, from(2, "'VGPU': 1"));
        record Bad(String inventories, String allocations, int status, String code) {}
        for (Bad bad : List.of(
                // One consumer would be left with what is no more there.
                new Bad(cpus + ", " + cards, held(51, from(2, "'VGPU': 1")), 409, "placement.inventory.inuse"),
                new Bad(cpus + ", " + shape(2, 0, "'VGPU': {'total': 2}"), all, 409, "placement.undefined_code"),
                new Bad(shape(1, 0, "'VCPU': {'total': 8}") + ", " + cards, all, 409, "placement.concurrent_update"),
                new Bad(
                        cpus + ", " + cards,
                        all.replace("'consumer_generation': 1", "'consumer_generation': 7"),
                        409,
                        "placement.concurrent_update"),
                new Bad(
                        cpus + ", " + shape(9, 0, "'VGPU': {'total': 4}"),
                        all,
                        400,
                        "placement.resource_provider.not_found"),
                new Bad(
                        cpus + ", " + shape(2, 0, "'NO_SUCH_CLASS': {'total': 4}"),
                        all,
                        400,
                        "placement.undefined_code"),
                new Bad(cpus, held(50, from(9, "'VGPU': 2")), 400, "placement.undefined_code"),
                new Bad("'x': 1", all, 400, "placement.undefined_code"))) {
            Answer refused = reshape(bad.inventories(), bad.allocations());
            assertThat(refused.status()).as(bad + refused.response().body()).isEqualTo(bad.status());
            assertThat(refused.code()).as(bad.toString()).isEqualTo(bad.code());
        }
        assertThat(cloud.generation(1)).isEqualTo(generation);
        assertThat(cloud.get(path(1) + "/usages").json().get("usages").toString())
                .isEqualTo("{\"VCPU\":2,\"VGPU\":3}");
    }

    @Test
    void itCameIn30AndIsForServices() {
        String nothing = "{'inventories': {}, 'allocations': {}}";
        assertThat(cloud.ask("service@ops", 29, "POST", "/reshaper", nothing).status())
                .isEqualTo(404);
        assertThat(cloud.ask("service@ops", 30, "POST", "/reshaper", nothing).status())
                .isEqualTo(204);
        assertThat(cloud.ask("member@blue", 30, "POST", "/reshaper", nothing).status())
                .isEqualTo(403);
        assertThat(cloud.ask("service@ops", 30, "POST", "/reshaper", "{'inventories': {}}")
                        .status())
                .isEqualTo(400);
    }
}

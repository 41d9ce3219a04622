package io.nacre.placement;

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

/** Inventories of a provider over HTTP, one by one and all at once, and what is used of them. */
@EveryEngine(migrations = Placement.MIGRATIONS)
class InventoriesTest {
    private PlacementServer cloud;

    @BeforeEach
    void start(Database database) {
        cloud = new PlacementServer(database, MutableClock.fixed());
        cloud.provider(1, null);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private static final String ALL = path(1) + "/inventories";

    private static String all(long generation, String inventories) {
        return "{'resource_provider_generation': " + generation + ", 'inventories': {" + inventories + "}}";
    }

    @Test
    void oneInventoryIsMadeShownChangedAndRemoved() {
        Answer made = cloud.post(ALL, "{'resource_class': 'VCPU', 'total': 4}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo(cloud.url + ALL + "/VCPU");
        assertThat(made.number("/resource_provider_generation")).isEqualTo(1);
        assertThat(made.number("/total")).isEqualTo(4);
        assertThat(made.number("/reserved")).isZero();
        assertThat(made.number("/min_unit")).isEqualTo(1);
        assertThat(made.number("/max_unit")).isEqualTo(Integer.MAX_VALUE);
        assertThat(made.number("/step_size")).isEqualTo(1);
        assertThat(made.json().get("allocation_ratio").asDouble()).isEqualTo(1.0);
        assertThat(cloud.get(ALL + "/VCPU").json()).isEqualTo(made.json());

        Answer again = cloud.post(ALL, "{'resource_class': 'VCPU', 'total': 4}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("placement.concurrent_update");

        Answer stale = cloud.put(ALL + "/VCPU", "{'resource_provider_generation': 0, 'total': 8}");
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.code()).isEqualTo("placement.concurrent_update");
        Answer changed = cloud.put(
                ALL + "/VCPU",
                "{'resource_provider_generation': 1, 'total': 8, 'reserved': 1, 'min_unit': 2, 'max_unit': 4,"
                        + " 'step_size': 2, 'allocation_ratio': 1.5}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().toString())
                .isEqualTo("{\"total\":8,\"reserved\":1,\"min_unit\":2,\"max_unit\":4,\"step_size\":2,"
                        + "\"allocation_ratio\":1.5,\"resource_provider_generation\":2}");
        assertThat(cloud.put(ALL + "/DISK_GB", "{'resource_provider_generation': 2, 'total': 8}")
                        .status())
                .isEqualTo(400);
        assertThat(cloud.delete(ALL + "/VCPU").status()).isEqualTo(204);
        assertThat(cloud.delete(ALL + "/VCPU").status()).isEqualTo(404);
        assertThat(cloud.get(ALL + "/VCPU").status()).isEqualTo(404);
        assertThat(cloud.generation(1)).isEqualTo(3);
    }

    @Test
    void allAreReplacedUnderTheGeneration() {
        Answer set = cloud.put(ALL, all(0, "'VCPU': {'total': 4}, 'DISK_GB': {'total': 10, 'reserved': 1}"));
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.number("/resource_provider_generation")).isEqualTo(1);
        assertThat(set.keys("/inventories")).containsExactlyInAnyOrder("VCPU", "DISK_GB");
        assertThat(set.number("/inventories/DISK_GB/reserved")).isEqualTo(1);
        assertThat(cloud.get(ALL).json()).isEqualTo(set.json());
        Answer stale = cloud.put(ALL, all(0, "'VCPU': {'total': 5}"));
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.code()).isEqualTo("placement.concurrent_update");
        assertThat(cloud.put(ALL, all(1, "'VCPU': {'total': 5}")).keys("/inventories"))
                .containsExactly("VCPU");
        assertThat(cloud.ask(PlacementServer.ADMIN, 4, "DELETE", ALL, null).status())
                .isEqualTo(405);
        assertThat(cloud.delete(ALL).status()).isEqualTo(204);
        assertThat(cloud.get(ALL).keys("/inventories")).isEmpty();
        assertThat(cloud.get(path(9) + "/inventories").status()).isEqualTo(404);
    }

    @Test
    void whatIsUsedStays() {
        cloud.inventory(1, "VCPU:4", "DISK_GB:10");
        cloud.put("/allocations/" + uuid(50), PlacementServer.claim(1, "'VCPU': 2", null));
        long generation = cloud.generation(1);
        for (Answer refused : List.of(
                cloud.put(ALL, all(generation, "'DISK_GB': {'total': 10}")),
                cloud.delete(ALL + "/VCPU"),
                cloud.delete(ALL))) {
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("placement.inventory.inuse");
        }
        // It may shrink below what is used; nothing more is given then.
        assertThat(cloud.put(ALL, all(generation, "'VCPU': {'total': 1}")).status())
                .isEqualTo(200);
        Answer usages = cloud.get(path(1) + "/usages");
        assertThat(usages.json().get("usages").toString()).isEqualTo("{\"VCPU\":2}");
        assertThat(usages.number("/resource_provider_generation")).isEqualTo(generation + 1);
        assertThat(cloud.get(path(9) + "/usages").status()).isEqualTo(404);
    }

    @Test
    void allMayBeReservedSince26() {
        String whole = "'VCPU': {'total': 4, 'reserved': 4}";
        assertThat(cloud.put(ALL, 25, all(0, whole)).status()).isEqualTo(400);
        assertThat(cloud.post(ALL, 25, "{'resource_class': 'VCPU', 'total': 4, 'reserved': 4}")
                        .status())
                .isEqualTo(400);
        assertThat(cloud.put(ALL, 26, all(0, whole)).status()).isEqualTo(200);
        assertThat(cloud.put(ALL, 26, all(1, "'VCPU': {'total': 4, 'reserved': 5}"))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.put(ALL, 25, all(1, "'VCPU': {'total': 4, 'allocation_ratio': 0.1}"))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.put(ALL, 26, all(1, "'VCPU': {'total': 4, 'allocation_ratio': -1}"))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.put(ALL, 26, all(1, "'VCPU': {'total': 4, 'allocation_ratio': 0.1}"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void badInventoriesAreRefused() {
        for (String inventory : List.of(
                "'VCPU': {}",
                "'VCPU': {'total': 0}",
                "'VCPU': {'total': -1}",
                "'VCPU': {'total': 2147483648}",
                "'VCPU': {'total': 1.5}",
                "'VCPU': {'total': '1'}",
                "'VCPU': {'total': 1, 'reserved': -1}",
                "'VCPU': {'total': 1, 'min_unit': 0}",
                "'VCPU': {'total': 1, 'max_unit': 0}",
                "'VCPU': {'total': 1, 'step_size': 0}",
                "'VCPU': {'total': 1, 'allocation_ratio': 1e39}",
                "'VCPU': {'total': 1, 'colour': 'red'}",
                "'NO_SUCH_CLASS': {'total': 1}",
                "'vcpu': {'total': 1}")) {
            assertThat(cloud.put(ALL, all(0, inventory)).status()).as(inventory).isEqualTo(400);
        }
        for (String body : List.of(
                "{}",
                "{'total': 1}",
                "{'resource_class': 'VCPU'}",
                "{'resource_class': 'NO_SUCH_CLASS', 'total': 1}",
                "{'resource_class': 'VCPU', 'total': 1, 'total': 2}")) {
            assertThat(cloud.post(ALL, body).status()).as(body).isEqualTo(400);
        }
        assertThat(cloud.put(ALL, "{'inventories': {}}").status()).isEqualTo(400);
        assertThat(cloud.generation(1)).isZero();
    }
}

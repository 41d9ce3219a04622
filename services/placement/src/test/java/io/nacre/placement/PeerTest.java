package io.nacre.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Ids;
import io.nacre.contracts.peer.Placement.Inventory;
import io.nacre.contracts.peer.Placement.Provider;
import io.nacre.database.Database;
import io.nacre.placement.PlacementServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nova is given: hosts that keep what operators set. */
@EveryEngine(migrations = Placement.MIGRATIONS)
class PeerTest {
    private static final String SMALL = PlacementServer.uuid(1);
    private static final String LARGE = PlacementServer.uuid(2);

    private Database database;
    private io.nacre.contracts.peer.Placement peer;

    @BeforeEach
    void start(Database fresh) {
        database = fresh;
        peer = new Placement(database, Ids.secure(), MutableClock.fixed()).peer();
        report(SMALL, 2, 4096, Set.of("CUSTOM_SSD"));
        report(LARGE, 4, 2048, Set.of());
    }

    private void report(String id, int cpus, int memory, Set<String> traits) {
        Map<String, Inventory> inventories = Map.of(
                "VCPU", new Inventory(cpus, 0, 1, cpus, 1, 4.0, true),
                "MEMORY_MB", new Inventory(memory, 512, 1, memory, 1, 1.0, false));
        database.run(tx -> peer.report(tx, new Provider(id, id, inventories, traits)));
    }

    @Test
    void anInitialRatioIsForNewInventoriesOnly() {
        try (PlacementServer cloud = new PlacementServer(database, MutableClock.fixed())) {
            String inventories = PlacementServer.path(1) + "/inventories";
            change(cloud, inventories + "/VCPU", "'total': 2, 'max_unit': 2, 'allocation_ratio': 16.0");
            change(cloud, inventories + "/MEMORY_MB", "'total': 4096, 'allocation_ratio': 1.5");
            report(SMALL, 3, 4096, Set.of());
            Answer after = cloud.get(inventories);
            assertThat(after.json().at("/inventories/VCPU/total").asInt()).isEqualTo(3);
            assertThat(after.json().at("/inventories/VCPU/allocation_ratio").asDouble())
                    .isEqualTo(16.0);
            assertThat(after.json()
                            .at("/inventories/MEMORY_MB/allocation_ratio")
                            .asDouble())
                    .isEqualTo(1.0);
        }
    }

    private static void change(PlacementServer cloud, String path, String inventory) {
        long generation = cloud.get(path).number("/resource_provider_generation");
        assertThat(cloud.put(path, "{'resource_provider_generation': " + generation + ", " + inventory + "}")
                        .status())
                .isEqualTo(200);
    }
}

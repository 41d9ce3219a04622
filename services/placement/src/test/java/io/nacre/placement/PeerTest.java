package io.nacre.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Ids;
import io.nacre.contracts.peer.Placement.Claim;
import io.nacre.contracts.peer.Placement.Inventory;
import io.nacre.contracts.peer.Placement.Provider;
import io.nacre.contracts.peer.Placement.Query;
import io.nacre.database.Database;
import io.nacre.placement.PlacementServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nova is given: hosts that keep what operators set, and a reason when there is no room. */
@EveryEngine(migrations = Placement.MIGRATIONS)
class PeerTest {
    private static final String SMALL = PlacementServer.uuid(1);
    private static final String LARGE = PlacementServer.uuid(2);
    private static final String AGGREGATE = PlacementServer.uuid(9);

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

    private String shortage(Map<String, Long> resources, Set<String> required, List<Set<String>> memberOf) {
        return database.read(tx -> peer.shortage(tx, new Query(resources, required, Set.of(), memberOf, null, 100)));
    }

    @Test
    void whatNobodyCanGiveIsNamedWithTheMostThatSomebodyCould() {
        assertThat(shortage(Map.of("VCPU", 64L), Set.of(), List.of()))
                .isEqualTo("VCPU: 64 asked, the largest free is 4");
        database.run(tx -> peer.claim(
                tx,
                new Claim(PlacementServer.uuid(5), "p", "u", "INSTANCE", Map.of(SMALL, Map.of("MEMORY_MB", 3000L)))));
        assertThat(shortage(Map.of("MEMORY_MB", 3000L), Set.of(), List.of()))
                .isEqualTo("MEMORY_MB: 3000 asked, the largest free is 1536");
        assertThat(shortage(Map.of("VGPU", 1L), Set.of(), List.of())).isEqualTo("VGPU: 1 asked, no provider has any");
        assertThat(shortage(Map.of("VCPU", 1L), Set.of("HW_CPU_X86_VMX"), List.of(Set.of(AGGREGATE))))
                .isEqualTo(
                        "trait HW_CPU_X86_VMX: no provider has it, aggregate " + AGGREGATE + ": no provider is in it");
    }

    @Test
    void whatNobodyHasTogetherIsToldWishByWish() {
        assertThat(shortage(Map.of("VCPU", 4L), Set.of("CUSTOM_SSD"), List.of()))
                .isEqualTo("no provider has all of it: VCPU 4 left 1, trait CUSTOM_SSD left 0");
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

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

/** Traits, resource classes and aggregates over HTTP, alone and on a provider. */
@EveryEngine(migrations = Placement.MIGRATIONS)
class TraitsTest {
    private PlacementServer cloud;

    @BeforeEach
    void start(Database database) {
        cloud = new PlacementServer(database, MutableClock.fixed());
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Answer put(String path, int minor) {
        return cloud.ask(PlacementServer.ADMIN, minor, "PUT", path, null);
    }

    private static String traits(long generation, String names) {
        return "{'resource_provider_generation': " + generation + ", 'traits': [" + names + "]}";
    }

    @Test
    void aTraitIsMadeOnceAndRemovedWhenNobodyHasIt() {
        cloud.provider(1, null);
        Answer made = put("/traits/CUSTOM_RED", 6);
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).endsWith("/traits/CUSTOM_RED");
        assertThat(put("/traits/CUSTOM_RED", 6).status()).isEqualTo(204);
        assertThat(cloud.get("/traits/CUSTOM_RED").status()).isEqualTo(204);
        assertThat(cloud.get("/traits/CUSTOM_RED").header("Last-Modified")).endsWith("GMT");
        assertThat(cloud.get("/traits/CUSTOM_BLUE").status()).isEqualTo(404);
        cloud.put(path(1) + "/traits", traits(0, "'CUSTOM_RED'"));
        assertThat(cloud.delete("/traits/CUSTOM_RED").status()).isEqualTo(409);
        assertThat(cloud.ask(PlacementServer.ADMIN, 6, "DELETE", path(1) + "/traits", null)
                        .status())
                .isEqualTo(204);
        assertThat(cloud.delete("/traits/CUSTOM_RED").status()).isEqualTo(204);
        assertThat(cloud.delete("/traits/CUSTOM_RED").status()).isEqualTo(404);
        assertThat(cloud.delete("/traits/HW_CPU_X86_AVX").status()).isEqualTo(400);
        for (String bad :
                List.of("HW_CPU_X86_NEW", "CUSTOM_", "CUSTOM_red", "CUSTOM_" + "X".repeat(249), "custom_RED")) {
            assertThat(put("/traits/" + bad, 39).status()).as(bad).isEqualTo(400);
        }
        assertThat(put("/traits/CUSTOM_" + "X".repeat(248), 39).status()).isEqualTo(201);
        assertThat(put("/traits/CUSTOM_RED", 5).status()).isEqualTo(404);
    }

    @Test
    void traitsAreListedByNameAndUse() {
        cloud.provider(1, null);
        cloud.traits(1, "CUSTOM_RED", "CUSTOM_R_D", "HW_CPU_X86_AVX");
        assertThat(cloud.get("/traits").list("/traits"))
                .contains("HW_CPU_X86_AVX512F", "CUSTOM_RED")
                .hasSizeGreaterThan(300);
        assertThat(cloud.get("/traits?name=startswith:CUSTOM_").list("/traits"))
                .containsExactlyInAnyOrder("CUSTOM_RED", "CUSTOM_R_D");
        assertThat(cloud.get("/traits?name=startswith:CUSTOM_R_").list("/traits"))
                .containsExactly("CUSTOM_R_D");
        assertThat(cloud.get("/traits?name=startswith:custom").list("/traits")).isEmpty();
        assertThat(cloud.get("/traits?name=in:CUSTOM_RED,HW_NONE").list("/traits"))
                .containsExactly("CUSTOM_RED");
        assertThat(cloud.get("/traits?associated=true").list("/traits"))
                .containsExactlyInAnyOrder("CUSTOM_RED", "CUSTOM_R_D", "HW_CPU_X86_AVX");
        assertThat(cloud.get("/traits?associated=False&name=startswith:HW_CPU_X86_AVX")
                        .list("/traits"))
                .contains("HW_CPU_X86_AVX2")
                .doesNotContain("HW_CPU_X86_AVX");
        for (String query : List.of("name=CUSTOM_RED", "associated=maybe", "colour=red")) {
            assertThat(cloud.get("/traits?" + query).status()).as(query).isEqualTo(400);
        }
    }

    @Test
    void aProviderHasTraitsUnderItsGeneration() {
        cloud.provider(1, null);
        String all = path(1) + "/traits";
        put("/traits/CUSTOM_RED", 6);
        Answer set = cloud.put(all, traits(0, "'HW_CPU_X86_AVX', 'CUSTOM_RED', 'CUSTOM_RED'"));
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.list("/traits")).containsExactlyInAnyOrder("CUSTOM_RED", "HW_CPU_X86_AVX");
        assertThat(set.number("/resource_provider_generation")).isEqualTo(1);
        assertThat(cloud.get(all).json()).isEqualTo(set.json());
        Answer stale = cloud.put(all, traits(0, "'CUSTOM_RED'"));
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.code()).isEqualTo("placement.concurrent_update");
        assertThat(cloud.put(all, traits(1, "'CUSTOM_NONE'")).status()).isEqualTo(400);
        assertThat(cloud.put(all, traits(1, "''")).status()).isEqualTo(400);
        assertThat(cloud.put(all, "{'traits': []}").status()).isEqualTo(400);
        assertThat(cloud.put(all, traits(1, "")).list("/traits")).isEmpty();
        assertThat(cloud.get(path(9) + "/traits").status()).isEqualTo(404);
        assertThat(cloud.get(all, 5).status()).isEqualTo(404);
    }

    @Test
    void resourceClassesAreStandardOrCustom() {
        assertThat(cloud.get("/resource_classes").each("/resource_classes", "name"))
                .startsWith("VCPU", "MEMORY_MB", "DISK_GB")
                .hasSize(21);
        Answer made = cloud.post("/resource_classes", "{'name': 'CUSTOM_GPU'}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).endsWith("/resource_classes/CUSTOM_GPU");
        assertThat(cloud.post("/resource_classes", "{'name': 'CUSTOM_GPU'}").status())
                .isEqualTo(409);
        Answer shown = cloud.get("/resource_classes/CUSTOM_GPU");
        assertThat(shown.text("/name")).isEqualTo("CUSTOM_GPU");
        assertThat(shown.text("/links/0/href")).isEqualTo("/resource_classes/CUSTOM_GPU");
        assertThat(cloud.get("/resource_classes/VCPU").status()).isEqualTo(200);
        assertThat(cloud.get("/resource_classes/CUSTOM_NONE").status()).isEqualTo(404);
        assertThat(put("/resource_classes/CUSTOM_GPU", 7).status()).isEqualTo(204);
        assertThat(put("/resource_classes/CUSTOM_FAST", 7).status()).isEqualTo(201);
        for (String bad : List.of("VCPU", "GPU", "CUSTOM_", "CUSTOM_gpu")) {
            assertThat(cloud.post("/resource_classes", "{'name': '" + bad + "'}")
                            .status())
                    .as(bad)
                    .isEqualTo(400);
            assertThat(put("/resource_classes/" + bad, 7).status()).as(bad).isEqualTo(400);
        }
        Answer renamed = cloud.put("/resource_classes/CUSTOM_FAST", 6, "{'name': 'CUSTOM_SLOW'}");
        assertThat(renamed.status()).isEqualTo(200);
        assertThat(renamed.text("/name")).isEqualTo("CUSTOM_SLOW");
        assertThat(cloud.put("/resource_classes/CUSTOM_SLOW", 6, "{'name': 'CUSTOM_GPU'}")
                        .status())
                .isEqualTo(409);
        assertThat(cloud.put("/resource_classes/CUSTOM_NONE", 6, "{'name': 'CUSTOM_X'}")
                        .status())
                .isEqualTo(404);
        assertThat(cloud.put("/resource_classes/VCPU", 6, "{'name': 'CUSTOM_X'}")
                        .status())
                .isEqualTo(400);
        assertThat(cloud.get("/resource_classes", 1).status()).isEqualTo(404);

        cloud.provider(1, null);
        cloud.inventory(1, "CUSTOM_GPU:2");
        assertThat(cloud.delete("/resource_classes/CUSTOM_GPU").status()).isEqualTo(409);
        assertThat(cloud.delete(path(1) + "/inventories").status()).isEqualTo(204);
        assertThat(cloud.delete("/resource_classes/CUSTOM_GPU").status()).isEqualTo(204);
        assertThat(cloud.delete("/resource_classes/CUSTOM_GPU").status()).isEqualTo(404);
        assertThat(cloud.delete("/resource_classes/VCPU").status()).isEqualTo(400);
    }

    @Test
    void aClassThatIsRenamedTakesItsInventoriesAlong() {
        cloud.provider(1, null);
        cloud.post("/resource_classes", "{'name': 'CUSTOM_GPU'}");
        cloud.inventory(1, "CUSTOM_GPU:2");
        cloud.put("/allocations/" + uuid(50), PlacementServer.claim(1, "'CUSTOM_GPU': 1", null));
        assertThat(cloud.put("/resource_classes/CUSTOM_GPU", 6, "{'name': 'CUSTOM_FAST'}")
                        .status())
                .isEqualTo(200);
        assertThat(cloud.get(path(1) + "/inventories").keys("/inventories")).containsExactly("CUSTOM_FAST");
        assertThat(cloud.get(path(1) + "/usages").number("/usages/CUSTOM_FAST")).isEqualTo(1);
    }

    @Test
    void aProviderIsInAggregates() {
        cloud.provider(1, null);
        String all = path(1) + "/aggregates";
        assertThat(cloud.get(all, 0).status()).isEqualTo(404);
        assertThat(cloud.get(all, 1).json().toString()).isEqualTo("{\"aggregates\":[]}");
        Answer bare = cloud.put(all, 1, "['" + uuid(100) + "', '" + uuid(101) + "']");
        assertThat(bare.status()).isEqualTo(200);
        assertThat(bare.list("/aggregates")).containsExactlyInAnyOrder(uuid(100), uuid(101));
        assertThat(cloud.generation(1)).isZero();
        String one = "'aggregates': ['" + uuid(100) + "']";
        Answer guarded = cloud.put(all, "{'resource_provider_generation': 0, " + one + "}");
        assertThat(guarded.list("/aggregates")).containsExactly(uuid(100));
        assertThat(guarded.number("/resource_provider_generation")).isEqualTo(1);
        assertThat(cloud.get(all).json()).isEqualTo(guarded.json());
        Answer stale = cloud.put(all, "{'resource_provider_generation': 0, " + one + "}");
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.code()).isEqualTo("placement.concurrent_update");
        for (String bad : List.of(
                "{" + one + "}",
                "{'resource_provider_generation': 1}",
                "{'resource_provider_generation': 1, 'aggregates': ['x']}",
                "{'resource_provider_generation': 1, 'aggregates': ['" + uuid(1) + "', '" + uuid(1) + "']}",
                "['" + uuid(1) + "']")) {
            assertThat(cloud.put(all, bad).status()).as(bad).isEqualTo(400);
        }
        assertThat(cloud.put(all, 18, "{" + one + "}").status()).isEqualTo(400);
        assertThat(cloud.get(path(9) + "/aggregates").status()).isEqualTo(404);
    }
}

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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims of consumers over HTTP: made, replaced, refused, given back, and added up. */
@EveryEngine(migrations = Placement.MIGRATIONS)
class AllocationsTest {
    private PlacementServer cloud;

    @BeforeEach
    void start(Database database) {
        cloud = new PlacementServer(database, MutableClock.fixed());
        cloud.provider(1, null);
        cloud.provider(2, null);
        cloud.inventory(1, "VCPU:4", "MEMORY_MB:1024");
        cloud.inventory(2, "VCPU:4", "DISK_GB:10");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private static final String ONE = "/allocations/" + uuid(50);
    private static final String TWO = "/allocations/" + uuid(51);

    private long used(int provider, String resourceClass) {
        return cloud.get(path(provider) + "/usages").number("/usages/" + resourceClass);
    }

    @Test
    void aClaimIsMadeReplacedAndGivenBack() {
        assertThat(cloud.get(ONE).json().toString()).isEqualTo("{\"allocations\":{}}");
        assertThat(cloud.put(ONE, claim(1, "'VCPU': 2, 'MEMORY_MB': 512", null)).status())
                .isEqualTo(204);
        Answer shown = cloud.get(ONE);
        assertThat(shown.json().toString())
                .isEqualTo("{\"allocations\":{\"" + uuid(1) + "\":{\"generation\":2,\"resources\":"
                        + "{\"MEMORY_MB\":512,\"VCPU\":2}}},\"project_id\":\"blue\",\"user_id\":\"ann\","
                        + "\"consumer_generation\":1,\"consumer_type\":\"INSTANCE\"}");
        assertThat(cloud.put(ONE, claim(2, "'VCPU': 1, 'DISK_GB': 5", 1)).status())
                .isEqualTo(204);
        assertThat(cloud.get(ONE).keys("/allocations")).containsExactly(uuid(2));
        assertThat(cloud.get(ONE).number("/consumer_generation")).isEqualTo(2);
        assertThat(used(1, "VCPU")).isZero();
        assertThat(used(2, "VCPU")).isEqualTo(1);
        Answer of = cloud.get(path(2) + "/allocations");
        assertThat(of.json().get("allocations").toString())
                .isEqualTo(
                        "{\"" + uuid(50) + "\":{\"resources\":{\"DISK_GB\":5,\"VCPU\":1},\"consumer_generation\":2}}");
        assertThat(of.number("/resource_provider_generation")).isEqualTo(cloud.generation(2));
        assertThat(cloud.get(path(2) + "/allocations", 27)
                        .json()
                        .at("/allocations/" + uuid(50))
                        .toString())
                .doesNotContain("generation");
        assertThat(cloud.get(path(9) + "/allocations").status()).isEqualTo(404);
        assertThat(cloud.delete(ONE).status()).isEqualTo(204);
        assertThat(cloud.delete(ONE).status()).isEqualTo(404);
        assertThat(used(2, "VCPU")).isZero();
        // Who comes back comes as new.
        assertThat(cloud.put(ONE, claim(1, "'VCPU': 1", null)).status()).isEqualTo(204);
        assertThat(cloud.get(ONE).number("/consumer_generation")).isEqualTo(1);
    }

    @Test
    void aStaleConsumerIsRefused() {
        Answer early = cloud.put(ONE, claim(1, "'VCPU': 1", 1));
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.code()).isEqualTo("placement.concurrent_update");
        cloud.put(ONE, claim(1, "'VCPU': 1", null));
        for (Integer stale : new Integer[] {null, 0, 2}) {
            Answer refused = cloud.put(ONE, claim(1, "'VCPU': 2", stale));
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("placement.concurrent_update");
            assertThat(refused.text("/errors/0/detail")).contains("consumer generation conflict - expected 1 but got");
        }
        assertThat(used(1, "VCPU")).isEqualTo(1);
    }

    @Test
    void anEmptyClaimGivesBackSince28() {
        cloud.put(ONE, claim(1, "'VCPU': 1", null));
        String empty = "{'allocations': {}, 'project_id': 'blue', 'user_id': 'ann'";
        assertThat(cloud.put(ONE, 27, empty + "}").status()).isEqualTo(400);
        assertThat(cloud.put(ONE, 28, empty + ", 'consumer_generation': 0}").status())
                .isEqualTo(409);
        assertThat(cloud.put(ONE, 28, empty + ", 'consumer_generation': 1}").status())
                .isEqualTo(204);
        assertThat(cloud.get(ONE).json().get("allocations")).isEmpty();
        assertThat(cloud.put(ONE, 28, empty + ", 'consumer_generation': null}").status())
                .isEqualTo(204);
    }

    @Test
    void whatDoesNotFitIsRefusedWhole() {
        record Bad(String amounts, int status) {}
        for (Bad bad : List.of(
                new Bad("'VCPU': 5", 409),
                new Bad("'VCPU': 1, 'MEMORY_MB': 2000", 409),
                new Bad("'DISK_GB': 1", 409),
                new Bad("'NO_SUCH_CLASS': 1", 400),
                new Bad("'VCPU': 0", 400),
                new Bad("'VCPU': -1", 400),
                new Bad("'VCPU': 1.5", 400),
                new Bad("", 400))) {
            Answer refused = cloud.put(ONE, claim(1, bad.amounts(), null));
            assertThat(refused.status()).as(bad.amounts()).isEqualTo(bad.status());
            assertThat(refused.code()).isEqualTo("placement.undefined_code");
        }
        assertThat(cloud.put(ONE, claim(9, "'VCPU': 1", null)).status()).isEqualTo(400);
        assertThat(cloud.put("/allocations/x", claim(1, "'VCPU': 1", null)).status())
                .isEqualTo(400);
        assertThat(used(1, "VCPU")).isZero();
        cloud.put(
                path(1) + "/inventories/VCPU",
                "{'resource_provider_generation': 1, 'total': 8, 'min_unit': 2, 'max_unit': 4, 'step_size': 2}");
        for (int amount : List.of(1, 3, 6)) {
            assertThat(cloud.put(ONE, claim(1, "'VCPU': " + amount, null)).status())
                    .as("" + amount)
                    .isEqualTo(409);
        }
        assertThat(cloud.put(ONE, claim(1, "'VCPU': 4", null)).status()).isEqualTo(204);
    }

    @Test
    void whoHasTooMuchMayHaveLess() {
        cloud.put(ONE, claim(1, "'VCPU': 4", null));
        long generation = cloud.generation(1);
        cloud.put(path(1) + "/inventories/VCPU", "{'resource_provider_generation': " + generation + ", 'total': 2}");
        assertThat(cloud.put(ONE, claim(1, "'VCPU': 5", 1)).status()).isEqualTo(409);
        assertThat(cloud.put(ONE, claim(1, "'VCPU': 3", 1)).status()).isEqualTo(204);
        assertThat(cloud.put(ONE, claim(1, "'VCPU': 4", 2)).status()).isEqualTo(409);
        assertThat(cloud.put(TWO, claim(1, "'VCPU': 1", null)).status()).isEqualTo(409);
        assertThat(used(1, "VCPU")).isEqualTo(3);
    }

    @Test
    void manyAreClaimedTogetherOrNotAtAll() {
        String both = "{'" + uuid(50) + "': " + claim(1, "'VCPU': 3", null) + ", '" + uuid(51) + "': ";
        assertThat(cloud.post("/allocations", both + claim(1, "'VCPU': 2", null) + "}")
                        .status())
                .isEqualTo(409);
        assertThat(cloud.get(ONE).json().get("allocations")).isEmpty();
        assertThat(cloud.post("/allocations", both + claim(2, "'VCPU': 2", null) + "}")
                        .status())
                .isEqualTo(204);
        assertThat(used(1, "VCPU")).isEqualTo(3);
        // One moves to where the other was, in one step: as a resize does.
        String move = "{'" + uuid(50) + "': " + claim(2, "'VCPU': 4", 1) + ", '" + uuid(51)
                + "': {'allocations': {}, 'project_id': 'blue', 'user_id': 'ann', 'consumer_generation': 1,"
                + " 'consumer_type': 'INSTANCE'}}";
        assertThat(cloud.post("/allocations", move).status()).isEqualTo(204);
        assertThat(used(1, "VCPU")).isZero();
        assertThat(used(2, "VCPU")).isEqualTo(4);
        Answer stale = cloud.post("/allocations", move);
        assertThat(stale.code()).isEqualTo("placement.concurrent_update");
        assertThat(cloud.post("/allocations", "{}").status()).isEqualTo(400);
        assertThat(cloud.post("/allocations", 12, move).status()).isIn(404, 405);
    }

    @Test
    void theShapeOfAClaimChangedThroughTheVersions() {
        String list = "'allocations': [{'resource_provider': {'uuid': '" + uuid(1) + "'}, 'resources': {'VCPU': 1}}]";
        String map = "'allocations': {'" + uuid(1) + "': {'resources': {'VCPU': 1}}}";
        String owner = ", 'project_id': 'blue', 'user_id': 'ann'";
        record Shape(String body, int first, int last) {}
        int consumer = 60;
        for (Shape shape : List.of(
                new Shape("{" + list + "}", 0, 7),
                new Shape("{" + list + owner + "}", 8, 11),
                new Shape("{" + map + owner + "}", 12, 27),
                new Shape("{" + map + owner + ", 'consumer_generation': null}", 28, 37),
                new Shape(
                        "{" + map + owner + ", 'consumer_generation': null, 'mappings': {'_A': ['" + uuid(1) + "']}}",
                        34,
                        37),
                new Shape(
                        "{" + map + owner + ", 'consumer_generation': null, 'consumer_type': 'MIGRATION'}", 38, 39))) {
            for (int minor : List.of(0, 7, 8, 11, 12, 27, 28, 33, 34, 37, 38, 39)) {
                String path = "/allocations/" + uuid(consumer++);
                int expected = minor >= shape.first() && minor <= shape.last() ? 204 : 400;
                assertThat(cloud.put(path, minor, shape.body()).status())
                        .as(minor + shape.body())
                        .isEqualTo(expected);
                cloud.delete(path);
            }
        }
        for (String wrong : List.of(
                "'consumer_type': 'lower'",
                "'consumer_type': 'INSTANCE', 'mappings': {}",
                "'consumer_type': 'INSTANCE'," + " 'mappings': {'': ['x']}")) {
            assertThat(cloud.put(ONE, "{" + map + owner + ", 'consumer_generation': null, " + wrong + "}")
                            .status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        String twice = "{'allocations': ["
                + ("{'resource_provider': {'uuid': '" + uuid(1) + "'}, 'resources': {'VCPU': 1}}, ").repeat(2);
        assertThat(cloud.put(ONE, 0, twice.substring(0, twice.length() - 2) + "]}")
                        .status())
                .isIn(204, 400);
    }

    @Test
    void olderVersionsShowLess() {
        cloud.put(ONE, claim(1, "'VCPU': 1", null));
        assertThat(cloud.get(ONE, 11).keys("")).containsExactly("allocations");
        assertThat(cloud.get(ONE, 12).keys("")).containsExactlyInAnyOrder("allocations", "project_id", "user_id");
        assertThat(cloud.get(ONE, 28).keys("")).contains("consumer_generation").doesNotContain("consumer_type");
        assertThat(cloud.get(ONE, 38).text("/consumer_type")).isEqualTo("INSTANCE");
        // Who claims in an older version has no type, and nobody to belong to before 1.8.
        cloud.put(
                TWO,
                0,
                "{'allocations': [{'resource_provider': {'uuid': '" + uuid(1) + "'}, 'resources': {'VCPU': 1}}]}");
        assertThat(cloud.get(TWO).text("/consumer_type")).isEqualTo("unknown");
        assertThat(cloud.get(TWO).text("/project_id")).isEqualTo("00000000-0000-0000-0000-000000000000");
    }

    @Test
    void usagesAreAddedUpByOwnerAndType() {
        cloud.put(ONE, claim(1, "'VCPU': 1, 'MEMORY_MB': 10", null));
        cloud.put(
                TWO,
                claim(1, "'VCPU': 2", null).replace("INSTANCE", "MIGRATION").replace("ann", "bob"));
        cloud.put(
                "/allocations/" + uuid(52),
                37,
                claim(2, "'VCPU': 1", null).replace(", 'consumer_type': 'INSTANCE'", ""));
        Map<String, String> expected = Map.of(
                "project_id=blue",
                "{\"INSTANCE\":{\"MEMORY_MB\":10,\"VCPU\":1,\"consumer_count\":1},"
                        + "\"MIGRATION\":{\"VCPU\":2,\"consumer_count\":1},\"unknown\":{\"VCPU\":1,\"consumer_count\":1}}",
                "project_id=blue&user_id=bob",
                "{\"MIGRATION\":{\"VCPU\":2,\"consumer_count\":1}}",
                "project_id=blue&consumer_type=INSTANCE",
                "{\"INSTANCE\":{\"MEMORY_MB\":10,\"VCPU\":1,\"consumer_count\":1}}",
                "project_id=blue&consumer_type=unknown",
                "{\"unknown\":{\"VCPU\":1,\"consumer_count\":1}}",
                "project_id=blue&consumer_type=all",
                "{\"all\":{\"MEMORY_MB\":10,\"VCPU\":4,\"consumer_count\":3}}",
                "project_id=red",
                "{}",
                "project_id=red&consumer_type=all",
                "{}");
        expected.forEach((query, usages) -> assertThat(
                        cloud.get("/usages?" + query).json().get("usages").toString())
                .as(query)
                .isEqualTo(usages));
        assertThat(cloud.get("/usages?project_id=blue", 37).json().get("usages").toString())
                .isEqualTo("{\"MEMORY_MB\":10,\"VCPU\":4}");
        for (String bad : List.of(
                "",
                "project_id=",
                "project_id=blue&user_id=",
                "user_id=ann",
                "project_id=blue&colour=red",
                "project_id=blue&consumer_type=lower")) {
            assertThat(cloud.get("/usages?" + bad).status()).as(bad).isEqualTo(400);
        }
        assertThat(cloud.get("/usages?project_id=blue&consumer_type=INSTANCE", 37)
                        .status())
                .isEqualTo(400);
        assertThat(cloud.get("/usages?project_id=blue", 8).status()).isEqualTo(404);
    }
}

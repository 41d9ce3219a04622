package io.nacre.placement;

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

/** What holds for every route: versions, faults, tokens and who may do what. */
@EveryEngine(migrations = Placement.MIGRATIONS)
class MicroversionsTest {
    private PlacementServer cloud;

    @BeforeEach
    void start(Database database) {
        cloud = new PlacementServer(database, MutableClock.fixed());
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void theRootTellsTheVersions() {
        Answer root = cloud.send("", "GET", "/", Map.of(), null);
        assertThat(root.status()).isEqualTo(200);
        assertThat(root.text("/versions/0/id")).isEqualTo("v1.0");
        assertThat(root.text("/versions/0/min_version")).isEqualTo("1.0");
        assertThat(root.text("/versions/0/max_version")).isEqualTo("1.39");
        assertThat(root.text("/versions/0/status")).isEqualTo("CURRENT");
        assertThat(root.header("OpenStack-API-Version")).isEqualTo("placement 1.0");
        assertThat(root.header("Vary")).isEqualToIgnoringCase("OpenStack-API-Version");
    }

    @Test
    void aVersionIsAskedForByHeader() {
        String header = "OpenStack-API-Version";
        assertThat(cloud.get("/resource_providers", 17).header(header)).isEqualTo("placement 1.17");
        assertThat(cloud.send(
                                PlacementServer.ADMIN,
                                "GET",
                                "/resource_providers",
                                Map.of(header, "placement latest"),
                                null)
                        .header(header))
                .isEqualTo("placement 1.39");
        for (String wanted : List.of("placement 1.40", "placement 2.0")) {
            Answer refused =
                    cloud.send(PlacementServer.ADMIN, "GET", "/resource_providers", Map.of(header, wanted), null);
            assertThat(refused.status()).as(wanted).isEqualTo(406);
            assertThat(refused.text("/errors/0/max_version")).isEqualTo("1.39");
            assertThat(refused.text("/errors/0/min_version")).isEqualTo("1.0");
        }
        assertThat(cloud.send(PlacementServer.ADMIN, "GET", "/resource_providers", Map.of(header, "placement x"), null)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void faultsHaveACodeSince23() {
        Answer before = cloud.get(path(1), 22);
        assertThat(before.status()).isEqualTo(404);
        assertThat(before.keys("/errors/0")).containsExactlyInAnyOrder("status", "title", "detail", "request_id");
        assertThat(before.number("/errors/0/status")).isEqualTo(404);
        assertThat(before.text("/errors/0/title")).isEqualTo("Not Found");
        assertThat(cloud.get(path(1), 23).code()).isEqualTo("placement.undefined_code");
        Answer noMethod = cloud.ask(PlacementServer.ADMIN, 39, "PATCH", path(1), "{}");
        assertThat(noMethod.status()).isEqualTo(405);
        assertThat(noMethod.header("Allow")).contains("GET", "PUT", "DELETE");
        assertThat(cloud.get("/no_such_thing").status()).isEqualTo(404);
        assertThat(cloud.send(
                                PlacementServer.ADMIN,
                                "POST",
                                "/resource_providers",
                                Map.of("Content-Type", "text/plain"),
                                "x")
                        .status())
                .isEqualTo(415);
    }

    @Test
    void routesCameOneByOne() {
        record Since(String path, int minor) {}
        cloud.provider(1, null);
        for (Since one : List.of(
                new Since(path(1) + "/aggregates", 1),
                new Since("/resource_classes", 2),
                new Since("/traits", 6),
                new Since(path(1) + "/traits", 6),
                new Since("/usages?project_id=blue", 9),
                new Since("/allocation_candidates?resources=VCPU:1", 10))) {
            assertThat(cloud.get(one.path(), one.minor() - 1).status())
                    .as(one.path())
                    .isEqualTo(404);
            assertThat(cloud.get(one.path(), one.minor()).status())
                    .as(one.path())
                    .isEqualTo(200);
        }
    }

    @Test
    void placementIsForOperatorsAndServices() {
        cloud.provider(1, null);
        List<String> reads = List.of(
                "/resource_providers",
                path(1),
                path(1) + "/inventories",
                path(1) + "/usages",
                path(1) + "/aggregates",
                path(1) + "/traits",
                path(1) + "/allocations",
                "/resource_classes",
                "/resource_classes/VCPU",
                "/traits",
                "/allocations/" + uuid(50),
                "/allocation_candidates?resources=VCPU:1");
        for (String path : reads) {
            assertThat(cloud.ask("service@ops", 39, "GET", path, null).status())
                    .as(path)
                    .isEqualTo(200);
            assertThat(cloud.ask("member@blue", 39, "GET", path, null).status())
                    .as(path)
                    .isEqualTo(403);
            assertThat(cloud.ask("nobody@blue", 39, "GET", path, null).status())
                    .as(path)
                    .isEqualTo(401);
            assertThat(cloud.ask("", 39, "GET", path, null).status()).as(path).isEqualTo(401);
        }
        for (String path :
                List.of(path(1), "/traits/CUSTOM_X", "/resource_classes/CUSTOM_X", "/allocations/" + uuid(50))) {
            assertThat(cloud.ask("member@blue", 39, "PUT", path, "{}").status())
                    .as(path)
                    .isEqualTo(403);
            assertThat(cloud.ask("member@blue", 39, "DELETE", path, null).status())
                    .as(path)
                    .isEqualTo(403);
        }
        // What a project uses, its readers may see.
        assertThat(cloud.ask("reader@blue", 39, "GET", "/usages?project_id=blue", null)
                        .status())
                .isEqualTo(200);
        assertThat(cloud.ask("reader@blue", 39, "GET", "/usages?project_id=red", null)
                        .status())
                .isEqualTo(403);
    }
}

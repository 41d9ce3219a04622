package io.nacre.placement;

import static io.nacre.placement.PlacementServer.path;
import static io.nacre.placement.PlacementServer.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.placement.PlacementServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Resource providers and their trees over HTTP: made, shown, moved, found and removed. */
@EveryEngine(migrations = Placement.MIGRATIONS)
class ProvidersTest {
    private PlacementServer cloud;

    @BeforeEach
    void start(Database database) {
        cloud = new PlacementServer(database, MutableClock.fixed());
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private List<String> found(String query) {
        return cloud.get("/resource_providers?" + query).each("/resource_providers", "name");
    }

    @Test
    void aProviderIsMadeShownRenamedAndRemoved() {
        Answer made = cloud.post("/resource_providers", "{'name': 'one'}");
        assertThat(made.status()).isEqualTo(200);
        String id = made.text("/uuid");
        assertThat(made.header("Location")).isEqualTo(cloud.url + "/resource_providers/" + id);
        assertThat(made.text("/root_provider_uuid")).isEqualTo(id);
        assertThat(made.json().get("parent_provider_uuid").isNull()).isTrue();
        assertThat(made.number("/generation")).isZero();
        assertThat(made.each("/links", "rel"))
                .containsExactly("self", "inventories", "usages", "aggregates", "traits", "allocations");
        assertThat(made.each("/links", "href"))
                .allSatisfy(href -> assertThat(href).startsWith("/resource_providers/" + id));
        Answer shown = cloud.get("/resource_providers/" + id);
        assertThat(shown.json()).isEqualTo(made.json());
        assertThat(shown.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(shown.header("Last-Modified")).endsWith("GMT");
        Answer renamed = cloud.put("/resource_providers/" + id, "{'name': 'two'}");
        assertThat(renamed.status()).isEqualTo(200);
        assertThat(renamed.text("/name")).isEqualTo("two");
        assertThat(cloud.delete("/resource_providers/" + id).status()).isEqualTo(204);
        assertThat(cloud.delete("/resource_providers/" + id).status()).isEqualTo(404);
        Answer gone = cloud.get("/resource_providers/" + id);
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.code()).isEqualTo("placement.undefined_code");
    }

    @Test
    void olderVersionsShowLess() {
        Answer made = cloud.post("/resource_providers", 0, "{'name': 'one', 'uuid': '" + uuid(1) + "'}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.response().body()).isEmpty();
        assertThat(made.header("Location")).endsWith(path(1));
        assertThat(made.header("Last-Modified")).isEmpty();
        assertThat(cloud.get(path(1), 0).keys("")).containsExactlyInAnyOrder("uuid", "name", "generation", "links");
        assertThat(cloud.get(path(1), 0).each("/links", "rel")).containsExactly("self", "inventories", "usages");
        assertThat(cloud.get(path(1), 1).each("/links", "rel")).hasSize(4).contains("aggregates");
        assertThat(cloud.get(path(1), 6).each("/links", "rel")).hasSize(5).contains("traits");
        assertThat(cloud.get(path(1), 11).each("/links", "rel")).hasSize(6).contains("allocations");
        assertThat(cloud.get(path(1), 13).keys("")).doesNotContain("root_provider_uuid");
        assertThat(cloud.get(path(1), 14).keys("")).contains("root_provider_uuid", "parent_provider_uuid");
        assertThat(cloud.get(path(1), 14).header("Last-Modified")).isEmpty();
        assertThat(cloud.get(path(1), 15).header("Last-Modified")).isNotEmpty();
        assertThat(cloud.post("/resource_providers", 13, "{'name': 'x', 'parent_provider_uuid': null}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void identifiersAndNamesAreTakenOnce() {
        String bare = uuid(7).replace("-", "").toUpperCase(Locale.ROOT);
        assertThat(cloud.post("/resource_providers", "{'name': 'one', 'uuid': '" + bare + "'}")
                        .text("/uuid"))
                .isEqualTo(uuid(7));
        for (String body : List.of("{'name': 'one'}", "{'name': 'two', 'uuid': '" + uuid(7) + "'}")) {
            Answer refused = cloud.post("/resource_providers", body);
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("placement.duplicate_name");
        }
        cloud.provider(2, null);
        Answer refused = cloud.put(path(2), "{'name': 'one'}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("placement.duplicate_name");
        assertThat(cloud.get(path(2)).text("/name")).isEqualTo("p2");
    }

    @Test
    void badBodiesAreRefused() {
        for (String body : List.of(
                "{}",
                "{'name': ''}",
                "{'name': 7}",
                "{'name': 'x', 'uuid': 'y'}",
                "{'name': 'x', 'colour': 'red'}",
                "{'name': '" + "x".repeat(201) + "'}",
                "{'name': 'x', 'parent_provider_uuid': 'y'}",
                "{'name': 'x', 'parent_provider_uuid': '" + uuid(9) + "'}",
                "{'name': 'x', 'uuid': '" + uuid(9) + "', 'parent_provider_uuid': '" + uuid(9) + "'}",
                "[",
                "[]")) {
            Answer refused = cloud.post("/resource_providers", body);
            assertThat(refused.status()).as(body).isEqualTo(400);
            assertThat(refused.code()).as(body).isEqualTo("placement.undefined_code");
            assertThat(refused.text("/errors/0/detail")).as(body).isNotBlank();
            assertThat(refused.text("/errors/0/request_id")).startsWith("req-");
        }
        assertThat(found("")).isEmpty();
    }

    @Test
    void treesGrowAndMove() {
        cloud.provider(1, null);
        cloud.provider(2, 1);
        cloud.provider(3, 2);
        cloud.provider(4, null);
        assertThat(cloud.get(path(3)).text("/root_provider_uuid")).isEqualTo(uuid(1));
        assertThat(cloud.get(path(3)).text("/parent_provider_uuid")).isEqualTo(uuid(2));
        assertThat(found("in_tree=" + uuid(2))).containsExactly("p1", "p2", "p3");
        assertThat(found("in_tree=" + uuid(99))).isEmpty();

        // A root may be put below another one in every version that knows trees; what is below it comes along.
        assertThat(cloud.put(path(1), 14, parent("p1", 4)).status()).isEqualTo(200);
        assertThat(cloud.get(path(3)).text("/root_provider_uuid")).isEqualTo(uuid(4));
        // Without the word the parent stays.
        assertThat(cloud.put(path(1), "{'name': 'p1'}").text("/parent_provider_uuid"))
                .isEqualTo(uuid(4));
        // Only since 1.37 may it move on, or be a root again.
        assertThat(cloud.put(path(2), 36, parent("p2", 4)).status()).isEqualTo(400);
        assertThat(cloud.put(path(2), 36, parent("p2", null)).status()).isEqualTo(400);
        assertThat(cloud.put(path(2), 36, parent("p2", 1)).status()).isEqualTo(200);
        assertThat(cloud.put(path(2), 37, parent("p2", 4)).text("/parent_provider_uuid"))
                .isEqualTo(uuid(4));
        assertThat(cloud.put(path(2), 37, parent("p2", null)).text("/root_provider_uuid"))
                .isEqualTo(uuid(2));
        assertThat(cloud.get(path(3)).text("/root_provider_uuid")).isEqualTo(uuid(2));
        assertThat(found("in_tree=" + uuid(4))).containsExactly("p1", "p4");
    }

    private static String parent(String name, @Nullable Integer parent) {
        return "{'name': '" + name + "', 'parent_provider_uuid': "
                + (parent == null ? "null" : "'" + uuid(parent) + "'") + "}";
    }

    @Test
    void noTreeGrowsIntoItself() {
        cloud.provider(1, null);
        cloud.provider(2, 1);
        cloud.provider(3, 2);
        for (int below : List.of(1, 2, 3)) {
            Answer refused = cloud.put(path(1), parent("p1", below));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text("/errors/0/detail")).contains("loop");
        }
        assertThat(cloud.put(path(2), parent("p2", 3)).status()).isEqualTo(400);
        assertThat(cloud.put(path(2), parent("p2", 9)).status()).isEqualTo(400);
        assertThat(cloud.get(path(1)).json().get("parent_provider_uuid").isNull())
                .isTrue();
    }

    @Test
    void whatIsNeededIsNotRemoved() {
        cloud.provider(1, null);
        cloud.provider(2, 1);
        cloud.inventory(1, "VCPU:4");
        cloud.inventory(2, "VCPU:4");
        cloud.put("/allocations/" + uuid(50), PlacementServer.claim(1, "'VCPU': 1", null));
        cloud.put("/allocations/" + uuid(51), PlacementServer.claim(2, "'VCPU': 1", null));
        Answer parent = cloud.delete(path(1));
        assertThat(parent.status()).isEqualTo(409);
        assertThat(parent.code()).isEqualTo("placement.resource_provider.cannot_delete_parent");
        Answer used = cloud.delete(path(2));
        assertThat(used.status()).isEqualTo(409);
        assertThat(used.code()).isEqualTo("placement.resource_provider.inuse");
        assertThat(cloud.delete("/allocations/" + uuid(51)).status()).isEqualTo(204);
        assertThat(cloud.delete(path(2)).status()).isEqualTo(204);
        assertThat(cloud.delete(path(1)).code()).isEqualTo("placement.resource_provider.inuse");
    }

    @Test
    void listingsAreFiltered() {
        for (int number : List.of(1, 2, 3)) {
            cloud.provider(number, null);
        }
        cloud.inventory(1, "VCPU:4", "DISK_GB:10");
        cloud.inventory(2, "VCPU:8");
        cloud.traits(1, "HW_CPU_X86_AVX", "CUSTOM_RED");
        cloud.traits(2, "HW_CPU_X86_AVX", "CUSTOM_BLUE");
        cloud.aggregates(1, 100, 101);
        cloud.aggregates(2, 101);
        assertThat(found("")).containsExactly("p1", "p2", "p3");
        assertThat(found("name=p2")).containsExactly("p2");
        assertThat(found("name=P2")).isEmpty();
        assertThat(found("uuid=" + uuid(3))).containsExactly("p3");
        assertThat(found("uuid=" + uuid(3) + "&name=p2")).isEmpty();
        assertThat(found("resources=VCPU:4")).containsExactly("p1", "p2");
        assertThat(found("resources=VCPU:5")).containsExactly("p2");
        assertThat(found("resources=VCPU:1,DISK_GB:10")).containsExactly("p1");
        assertThat(found("resources=VCPU:1,DISK_GB:11")).isEmpty();
        assertThat(found("required=HW_CPU_X86_AVX")).containsExactly("p1", "p2");
        assertThat(found("required=HW_CPU_X86_AVX,CUSTOM_RED")).containsExactly("p1");
        assertThat(found("required=HW_CPU_X86_AVX,!CUSTOM_RED")).containsExactly("p2");
        assertThat(found("required=!CUSTOM_RED")).containsExactly("p2", "p3");
        assertThat(found("required=in:CUSTOM_RED,CUSTOM_BLUE")).containsExactly("p1", "p2");
        assertThat(found("required=in:CUSTOM_RED,CUSTOM_BLUE&required=!CUSTOM_RED"))
                .containsExactly("p2");
        assertThat(found("member_of=" + uuid(100))).containsExactly("p1");
        assertThat(found("member_of=in:" + uuid(100) + "," + uuid(101))).containsExactly("p1", "p2");
        assertThat(found("member_of=" + uuid(100) + "&member_of=" + uuid(101))).containsExactly("p1");
        assertThat(found("member_of=!" + uuid(100))).containsExactly("p2", "p3");
        assertThat(found("member_of=!in:" + uuid(100) + "," + uuid(101))).containsExactly("p3");
        assertThat(found("member_of=" + uuid(101) + "&member_of=!" + uuid(100))).containsExactly("p2");
        assertThat(found("member_of=" + uuid(102))).isEmpty();
    }

    @Test
    void roomIsCountedAsClaimsCountIt() {
        cloud.provider(1, null);
        assertThat(cloud.put(
                                path(1) + "/inventories",
                                "{'resource_provider_generation': 0, 'inventories': {'VCPU': {'total': 10, 'reserved': 2,"
                                        + " 'allocation_ratio': 1.5, 'min_unit': 2, 'max_unit': 6, 'step_size': 2}}}")
                        .status())
                .isEqualTo(200);
        assertThat(found("resources=VCPU:1")).isEmpty();
        assertThat(found("resources=VCPU:2")).containsExactly("p1");
        assertThat(found("resources=VCPU:3")).isEmpty();
        assertThat(found("resources=VCPU:6")).containsExactly("p1");
        assertThat(found("resources=VCPU:8")).isEmpty();
        for (int consumer : List.of(50, 51)) {
            assertThat(cloud.put("/allocations/" + uuid(consumer), PlacementServer.claim(1, "'VCPU': 4", null))
                            .status())
                    .isEqualTo(204);
        }
        // Twelve may be given, eight are.
        assertThat(found("resources=VCPU:4")).containsExactly("p1");
        assertThat(found("resources=VCPU:6")).isEmpty();
    }

    @Test
    void filtersCameOneByOne() {
        record Since(String query, int minor) {}
        cloud.provider(1, null);
        cloud.traits(1, "CUSTOM_RED");
        for (Since one : List.of(
                new Since("member_of=" + uuid(100), 3),
                new Since("resources=VCPU:1", 4),
                new Since("in_tree=" + uuid(1), 14),
                new Since("required=CUSTOM_RED", 18),
                new Since("required=!CUSTOM_RED", 22),
                new Since("member_of=" + uuid(100) + "&member_of=" + uuid(101), 24),
                new Since("member_of=!" + uuid(100), 32),
                new Since("required=in:CUSTOM_RED", 39))) {
            assertThat(cloud.get("/resource_providers?" + one.query(), one.minor() - 1)
                            .status())
                    .as(one.toString())
                    .isEqualTo(400);
            assertThat(cloud.get("/resource_providers?" + one.query(), one.minor())
                            .status())
                    .as(one.toString())
                    .isEqualTo(200);
        }
        // Of several values the last counted alone.
        assertThat(cloud.get("/resource_providers?required=HW_CPU_X86_AVX&required=CUSTOM_RED", 38)
                        .each("/resource_providers", "name"))
                .containsExactly("p1");
        assertThat(found("required=HW_CPU_X86_AVX&required=CUSTOM_RED")).isEmpty();
    }

    @Test
    void badFiltersAreRefused() {
        for (String query : List.of(
                "colour=red",
                "uuid=x",
                "in_tree=x",
                "resources=",
                "resources=VCPU",
                "resources=VCPU:x",
                "resources=VCPU:0",
                "resources=VCPU:-1",
                "resources=VCPU:1,",
                "resources=VCPU:1:2",
                "resources=NO_SUCH_CLASS:1",
                "required=",
                "required=CUSTOM_NONE",
                "required=!CUSTOM_NONE",
                "required=HW_CPU_X86_AVX,",
                "required=!",
                "required=in:HW_CPU_X86_AVX,!HW_CPU_X86_AVX2",
                "required=HW_CPU_X86_AVX,!HW_CPU_X86_AVX",
                "member_of=x",
                "member_of=",
                "member_of=" + uuid(1) + "," + uuid(2),
                "member_of=!" + uuid(1) + "," + uuid(2),
                "member_of=in:" + uuid(1) + ",")) {
            assertThat(cloud.get("/resource_providers?" + query.replace(" ", "%20"))
                            .status())
                    .as(query)
                    .isEqualTo(400);
        }
    }
}

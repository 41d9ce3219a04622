package io.nacre.placement;

import static io.nacre.placement.PlacementServer.path;
import static io.nacre.placement.PlacementServer.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.placement.PlacementServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The search for candidates over HTTP in a small cloud: two hosts with two cards each, one host alone, and a disk that
 * is shared with the first two.
 */
@EveryEngine(migrations = Placement.MIGRATIONS)
class CandidatesTest {
    private PlacementServer cloud;

    @BeforeEach
    void start(Database database) {
        cloud = new PlacementServer(database, MutableClock.fixed());
        cloud.provider(1, null);
        cloud.provider(11, 1);
        cloud.provider(12, 1);
        cloud.provider(2, null);
        cloud.provider(21, 2);
        cloud.provider(22, 2);
        cloud.provider(3, null);
        cloud.provider(4, null);
        for (int host : List.of(1, 2)) {
            cloud.inventory(host, "VCPU:8", "MEMORY_MB:4096");
            cloud.inventory(host * 10 + 1, "SRIOV_NET_VF:4");
            cloud.inventory(host * 10 + 2, "SRIOV_NET_VF:4");
            cloud.traits(host * 10 + 1, "CUSTOM_RED");
            cloud.traits(host * 10 + 2, "CUSTOM_BLUE");
            cloud.aggregates(host, 100, 100 + host);
        }
        cloud.inventory(3, "VCPU:8", "MEMORY_MB:4096", "DISK_GB:100");
        cloud.inventory(4, "DISK_GB:1000");
        cloud.traits(4, "MISC_SHARES_VIA_AGGREGATE");
        cloud.aggregates(4, 100);
        cloud.traits(2, "HW_CPU_X86_AVX");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private static String vf(String... more) {
        return "resources=VCPU:1" + (more.length == 0 ? "" : "&" + String.join("&", more));
    }

    /** Each candidate in short: its providers in order, such as {@code 1+11}. */
    private List<String> found(String query) {
        Answer answer = cloud.get("/allocation_candidates?" + query);
        assertThat(answer.status()).as(query + answer.response().body()).isEqualTo(200);
        List<String> found = new ArrayList<>();
        answer.json().get("allocation_requests").forEach(request -> {
            TreeSet<Integer> providers = new TreeSet<>();
            request.get("allocations")
                    .propertyNames()
                    .forEach(id -> providers.add(Integer.parseInt(id.substring(0, 8))));
            found.add(String.join("+", providers.stream().map(String::valueOf).toList()));
        });
        found.sort(null);
        return found;
    }

    @Test
    void aCandidateCanBeClaimedAsItIs() {
        Answer answer = cloud.get("/allocation_candidates?resources=VCPU:2,DISK_GB:50&in_tree=" + uuid(3));
        assertThat(answer.json().get("allocation_requests").toString())
                .isEqualTo("[{\"allocations\":{\"" + uuid(3) + "\":{\"resources\":{\"VCPU\":2,\"DISK_GB\":50}}},"
                        + "\"mappings\":{\"\":[\"" + uuid(3) + "\"]}}]");
        String summary = "/provider_summaries/" + uuid(3);
        assertThat(answer.keys("/provider_summaries")).containsExactly(uuid(3));
        assertThat(answer.keys(summary))
                .containsExactlyInAnyOrder("resources", "traits", "parent_provider_uuid", "root_provider_uuid");
        assertThat(answer.keys(summary + "/resources")).containsExactlyInAnyOrder("VCPU", "MEMORY_MB", "DISK_GB");
        assertThat(answer.number(summary + "/resources/DISK_GB/capacity")).isEqualTo(100);
        assertThat(answer.number(summary + "/resources/DISK_GB/used")).isZero();
        assertThat(answer.text(summary + "/root_provider_uuid")).isEqualTo(uuid(3));
        String allocations =
                answer.json().at("/allocation_requests/0/allocations").toString();
        assertThat(cloud.put(
                                "/allocations/" + uuid(50),
                                "{'allocations': " + allocations + ", 'mappings': {'': ['" + uuid(3) + "']},"
                                        + " 'project_id': 'p', 'user_id': 'u', 'consumer_generation': null,"
                                        + " 'consumer_type': 'INSTANCE'}")
                        .status())
                .isEqualTo(204);
        assertThat(cloud.get("/allocation_candidates?resources=VCPU:2,DISK_GB:50&in_tree=" + uuid(3))
                        .number("/provider_summaries/" + uuid(3) + "/resources/DISK_GB/used"))
                .isEqualTo(50);
        assertThat(found("resources=VCPU:2,DISK_GB:51&in_tree=" + uuid(3))).isEmpty();
    }

    @Test
    void resourcesComeFromTheTreeAndFromWhatIsSharedWithIt() {
        assertThat(found("resources=VCPU:1")).containsExactly("1", "2", "3");
        assertThat(found("resources=VCPU:1,DISK_GB:10")).containsExactly("1+4", "2+4", "3");
        assertThat(found("resources=VCPU:1,SRIOV_NET_VF:1")).containsExactly("1+11", "1+12", "2+21", "2+22");
        assertThat(found("resources=DISK_GB:500")).containsExactly("4");
        assertThat(found("resources=VCPU:9")).isEmpty();
        // In the named tree there is no disk.
        assertThat(found("resources=VCPU:1,DISK_GB:10&in_tree=" + uuid(1))).isEmpty();
        assertThat(found("resources=VCPU:1,SRIOV_NET_VF:1&in_tree=" + uuid(22))).containsExactly("2+21", "2+22");
        assertThat(found("resources=VCPU:1&in_tree=" + uuid(99))).isEmpty();
    }

    @Test
    void traitsAreSpreadOverAGroupWithoutSuffix() {
        assertThat(found(vf("required=HW_CPU_X86_AVX"))).containsExactly("2");
        assertThat(found(vf("required=!HW_CPU_X86_AVX"))).containsExactly("1", "3");
        assertThat(found("resources=VCPU:1,SRIOV_NET_VF:1&required=HW_CPU_X86_AVX,CUSTOM_RED"))
                .containsExactly("2+21");
        assertThat(found("resources=VCPU:1,SRIOV_NET_VF:1&required=!CUSTOM_RED"))
                .containsExactly("1+12", "2+22");
        assertThat(found("resources=VCPU:1,SRIOV_NET_VF:1&required=in:CUSTOM_RED,HW_CPU_X86_AVX"))
                .containsExactly("1+11", "2+21", "2+22");
        assertThat(found("resources=VCPU:1,SRIOV_NET_VF:1&required=in:CUSTOM_RED,HW_CPU_X86_AVX&required=!CUSTOM_RED"))
                .containsExactly("2+22");
        // Nobody gives from the card, so its trait does not count.
        assertThat(found(vf("required=CUSTOM_RED"))).isEmpty();
    }

    @Test
    void aggregatesOfARootAreThoseOfItsTreeButNotForAGroupOfItsOwn() {
        String both = "resources=VCPU:1,SRIOV_NET_VF:1&member_of=";
        assertThat(found(both + uuid(101))).containsExactly("1+11", "1+12");
        assertThat(found(both + "in:" + uuid(101) + "," + uuid(102))).hasSize(4);
        assertThat(found(both + uuid(101) + "&member_of=" + uuid(102))).isEmpty();
        assertThat(found(both + "!" + uuid(101))).containsExactly("2+21", "2+22");
        assertThat(found("resources=VCPU:1&member_of=!in:" + uuid(101) + "," + uuid(102)))
                .containsExactly("3");
        assertThat(found("resources_N=SRIOV_NET_VF:1&member_of_N=" + uuid(101))).isEmpty();
        assertThat(found("resources_N=VCPU:1&member_of_N=" + uuid(101))).containsExactly("1");
        assertThat(found("resources_N=SRIOV_NET_VF:1&member_of_N=!" + uuid(101)))
                .hasSize(4);
        // The shared disk is in one aggregate with the host, but not in the host's other one.
        assertThat(found("resources=VCPU:1,DISK_GB:10&member_of=" + uuid(100))).containsExactly("1+4", "2+4");
        assertThat(found("resources=VCPU:1,DISK_GB:10&member_of=" + uuid(101))).isEmpty();
    }

    @Test
    void groupsWithSuffixTakeAllFromOneProvider() {
        String two = "resources=VCPU:1&resources_A=SRIOV_NET_VF:1&resources_B=SRIOV_NET_VF:1";
        assertThat(found(two + "&group_policy=none")).hasSize(8).contains("1+11", "1+11+12");
        assertThat(found(two + "&group_policy=isolate")).containsExactly("1+11+12", "1+11+12", "2+21+22", "2+21+22");
        assertThat(found(two + "&group_policy=isolate&required_A=CUSTOM_RED")).containsExactly("1+11+12", "2+21+22");
        assertThat(found(two + "&group_policy=none&required_A=CUSTOM_RED&required_B=!CUSTOM_BLUE"))
                .containsExactly("1+11", "2+21");
        assertThat(found("resources_A=VCPU:1,SRIOV_NET_VF:1")).isEmpty();
        assertThat(found("resources_A=VCPU:1,DISK_GB:1")).containsExactly("3");
        // Four and two together are too much for one card of four.
        String much = "resources_A=SRIOV_NET_VF:3&resources_B=SRIOV_NET_VF:2&group_policy=none";
        assertThat(found(much)).containsExactly("11+12", "11+12", "21+22", "21+22");
        assertThat(found(much + "&in_tree_A=" + uuid(1))).containsExactly("11+12", "11+12");
        Answer sum = cloud.get("/allocation_candidates?resources_A=SRIOV_NET_VF:1&resources_B=SRIOV_NET_VF:2"
                + "&group_policy=none&required_A=CUSTOM_RED&required_B=CUSTOM_RED&in_tree_A=" + uuid(1));
        assertThat(sum.json().get("allocation_requests").toString())
                .isEqualTo("[{\"allocations\":{\"" + uuid(11) + "\":{\"resources\":{\"SRIOV_NET_VF\":3}}},"
                        + "\"mappings\":{\"_A\":[\"" + uuid(11) + "\"],\"_B\":[\"" + uuid(11) + "\"]}}]");
    }

    @Test
    void groupsLieInOneSubtree() {
        cloud.provider(111, 11);
        cloud.inventory(111, "VGPU:1");
        cloud.provider(121, 12);
        cloud.inventory(121, "VGPU:1");
        String pair = "resources_A=SRIOV_NET_VF:1&resources_B=VGPU:1&group_policy=none";
        assertThat(found(pair)).containsExactly("11+111", "11+121", "12+111", "12+121");
        assertThat(found(pair + "&same_subtree=_A,_B")).containsExactly("11+111", "12+121");
        // A group without resources names the place: the card is the top.
        assertThat(
                        found(
                                "resources=VCPU:1&resources_B=VGPU:1&required_A=CUSTOM_RED&group_policy=none&same_subtree=_A,_B"))
                .containsExactly("1+111");
        assertThat(cloud.get("/allocation_candidates?resources_B=VGPU:1&required_A=CUSTOM_BLUE&group_policy=isolate"
                                + "&same_subtree=_A,_B")
                        .json()
                        .at("/allocation_requests/0/mappings")
                        .toString())
                .isEqualTo("{\"_A\":[\"" + uuid(12) + "\"],\"_B\":[\"" + uuid(121) + "\"]}");
    }

    @Test
    void theRootMayBeAskedForTraits() {
        assertThat(found(vf("root_required=HW_CPU_X86_AVX"))).containsExactly("2");
        assertThat(found("resources=SRIOV_NET_VF:1&root_required=!HW_CPU_X86_AVX"))
                .containsExactly("11", "12");
        assertThat(found("resources=SRIOV_NET_VF:1&root_required=CUSTOM_RED")).isEmpty();
        // The disk alone is no root with that trait, but it lies beside one.
        assertThat(found("resources=DISK_GB:500&root_required=HW_CPU_X86_AVX")).containsExactly("4");
    }

    @Test
    void aLimitBoundsWhatIsShown() {
        Answer answer = cloud.get("/allocation_candidates?resources=VCPU:1,SRIOV_NET_VF:1&limit=3");
        assertThat(answer.json().get("allocation_requests")).hasSize(3);
        answer = cloud.get("/allocation_candidates?resources=VCPU:1,SRIOV_NET_VF:1&limit=1");
        assertThat(answer.json().get("allocation_requests")).hasSize(1);
        assertThat(answer.keys("/provider_summaries")).containsExactlyInAnyOrder(uuid(1), uuid(11), uuid(12));
        assertThat(found("resources=VCPU:1&limit=99999999999")).hasSize(3);
    }

    @Test
    void beforeTwentyNineOneTreeGivesFromOneProvider() {
        String query = "/allocation_candidates?resources=VCPU:1,SRIOV_NET_VF:1";
        assertThat(cloud.get(query, 28).json().get("allocation_requests")).isEmpty();
        Answer cards = cloud.get("/allocation_candidates?resources=SRIOV_NET_VF:1", 28);
        assertThat(cards.json().get("allocation_requests")).hasSize(4);
        assertThat(cards.keys("/provider_summaries")).containsExactlyInAnyOrder(uuid(11), uuid(12), uuid(21), uuid(22));
        assertThat(cards.keys("/provider_summaries/" + uuid(11))).containsExactlyInAnyOrder("resources", "traits");
        assertThat(cloud.get("/allocation_candidates?resources=VCPU:1,DISK_GB:10", 28)
                        .json()
                        .get("allocation_requests"))
                .hasSize(3);
    }

    @Test
    void olderVersionsShowLess() {
        String query = "/allocation_candidates?resources=VCPU:1";
        Answer list = cloud.get(query, 11);
        assertThat(list.text("/allocation_requests/0/allocations/0/resource_provider/uuid"))
                .isEqualTo(uuid(1));
        assertThat(list.number("/allocation_requests/0/allocations/0/resources/VCPU"))
                .isEqualTo(1);
        assertThat(cloud.get(query, 12).json().at("/allocation_requests/0").toString())
                .isEqualTo("{\"allocations\":{\"" + uuid(1) + "\":{\"resources\":{\"VCPU\":1}}}}");
        assertThat(cloud.get(query, 16).keys("/provider_summaries/" + uuid(1))).containsExactly("resources");
        assertThat(cloud.get(query, 17).keys("/provider_summaries/" + uuid(1))).contains("traits");
        assertThat(cloud.get(query, 26).keys("/provider_summaries/" + uuid(1) + "/resources"))
                .containsExactly("VCPU");
        assertThat(cloud.get(query, 27).keys("/provider_summaries/" + uuid(1) + "/resources"))
                .containsExactlyInAnyOrder("VCPU", "MEMORY_MB");
        assertThat(cloud.get(query, 33).keys("/allocation_requests/0")).containsExactly("allocations");
        assertThat(cloud.get(query, 34).keys("/allocation_requests/0")).contains("mappings");
    }

    @Test
    void parametersCameOneByOne() {
        record Since(String query, int minor) {}
        for (Since one : List.of(
                new Since("resources=VCPU:1&limit=1", 16),
                new Since("resources=VCPU:1&required=CUSTOM_RED", 17),
                new Since("resources=VCPU:1&member_of=" + uuid(1), 21),
                new Since("resources=VCPU:1&required=!CUSTOM_RED", 22),
                new Since("resources=VCPU:1&member_of=" + uuid(1) + "&member_of=" + uuid(2), 24),
                new Since("resources=VCPU:1&group_policy=none", 25),
                new Since("resources1=VCPU:1", 25),
                new Since("resources=VCPU:1&in_tree=" + uuid(1), 31),
                new Since("resources1=VCPU:1&in_tree1=" + uuid(1), 31),
                new Since("resources=VCPU:1&member_of=!" + uuid(1), 32),
                new Since("resources_A=VCPU:1", 33),
                new Since("resources0=VCPU:1", 33),
                new Since("resources=VCPU:1&root_required=CUSTOM_RED", 35),
                new Since("resources1=VCPU:1&same_subtree=1", 36),
                new Since("resources1=VCPU:1&required2=CUSTOM_RED&group_policy=none&same_subtree=1,2", 36),
                new Since("resources=VCPU:1&required=in:CUSTOM_RED,CUSTOM_BLUE", 39))) {
            String path = "/allocation_candidates?" + one.query();
            assertThat(cloud.get(path, one.minor() - 1).status())
                    .as(one.toString())
                    .isEqualTo(400);
            assertThat(cloud.get(path, one.minor()).status()).as(one.toString()).isEqualTo(200);
        }
    }

    @Test
    void badQueriesAreRefusedWithTheirCode() {
        record Bad(String query, String code) {}
        String two = "resources=VCPU:1&resources_A=SRIOV_NET_VF:1";
        for (Bad bad : List.of(
                new Bad("", "missing_value"),
                new Bad("required=CUSTOM_RED", "missing_value"),
                new Bad("resources=", "undefined_code"),
                new Bad("resources=VCPU", "undefined_code"),
                new Bad("resources=NO_SUCH_CLASS:1", "undefined_code"),
                new Bad("resources=VCPU:1&colour=red", "undefined_code"),
                new Bad("resources=VCPU:1&limit=0", "undefined_code"),
                new Bad("resources=VCPU:1&limit=x", "undefined_code"),
                new Bad("resources=VCPU:1&required=CUSTOM_NONE", "undefined_code"),
                new Bad("resources=VCPU:1&required=CUSTOM_RED,!CUSTOM_RED", "undefined_code"),
                new Bad("resources=VCPU:1&in_tree=x", "undefined_code"),
                new Bad("resources=VCPU:1&root_required=CUSTOM_NONE", "undefined_code"),
                new Bad("resources=VCPU:1&root_required=CUSTOM_RED,!CUSTOM_RED", "query.bad_value"),
                new Bad("resources=VCPU:1&root_required=CUSTOM_RED&root_required=CUSTOM_BLUE", "query.duplicate_key"),
                new Bad("resources=VCPU:1&root_required=in:CUSTOM_RED", "undefined_code"),
                new Bad(two + "&resources_B=SRIOV_NET_VF:1", "undefined_code"),
                new Bad(two + "&group_policy=other", "undefined_code"),
                new Bad(two + "&same_subtree=", "query.bad_value"),
                new Bad(two + "&same_subtree=_A,", "query.bad_value"),
                new Bad(two + "&same_subtree=_A,_X", "query.bad_value"),
                new Bad(two + "&required_B=CUSTOM_RED&group_policy=none", "query.bad_value"),
                new Bad("required=CUSTOM_RED&resources_A=SRIOV_NET_VF:1", "query.bad_value"))) {
            Answer refused = cloud.get("/allocation_candidates?" + bad.query());
            assertThat(refused.status()).as(bad.toString()).isEqualTo(400);
            assertThat(refused.code()).as(bad.toString()).endsWith(bad.code());
        }
        assertThat(cloud.get(path(1) + "/allocation_candidates").status()).isEqualTo(404);
    }
}

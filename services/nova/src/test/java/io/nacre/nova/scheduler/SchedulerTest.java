package io.nacre.nova.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.contracts.node.ComputeNode;
import io.nacre.nova.flavor.Flavor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private final Scheduler scheduler = Scheduler.standard();

    private static Snapshot.Host host(String name, String zone, boolean up, long usedRamMiB) {
        ComputeNode.HostReport report = new ComputeNode.HostReport(
                "QEMU",
                7002022,
                name,
                "127.0.0.1",
                8,
                16384,
                0,
                100,
                100,
                Map.of("arch", "x86_64"),
                List.of(),
                Instant.EPOCH,
                "");
        return new Snapshot.Host(name + "-id", name, zone, up, report, new Snapshot.Used(0, 0, usedRamMiB, 0));
    }

    private static Flavor flavor(Map<String, String> extraSpecs) {
        return new Flavor("1", "f", 512, 1, 1, 0, 0, 1, true, null, extraSpecs, Instant.EPOCH);
    }

    private static final Wanted ANY =
            new Wanted(flavor(Map.of()), Map.of(), null, null, null, Set.of(), Map.of(), null);

    private static Wanted hint(String name, Object value) {
        return new Wanted(ANY.flavor(), Map.of(), null, null, null, Set.of(), Map.of(name, value), null);
    }

    private static Wanted image(Map<String, String> properties) {
        return new Wanted(ANY.flavor(), properties, null, null, null, Set.of(), Map.of(), null);
    }

    private static Wanted group(String policy, Map<String, Integer> members) {
        return new Wanted(
                ANY.flavor(), Map.of(), null, null, null, Set.of(), Map.of(), new Wanted.Group(policy, 1, members));
    }

    private final Snapshot hosts = new Snapshot(
            List.of(host("a", "nova", true, 4096), host("b", "nova", true, 0), host("c", "east", true, 8192)),
            Map.of("s1", "a"));

    private List<String> ranked(Wanted wanted, Snapshot snapshot) {
        return scheduler.choose(wanted, snapshot).ranked().stream()
                .map(Snapshot.Host::name)
                .toList();
    }

    @Test
    void theHostWithTheMostFreeMemoryComesFirst() {
        assertThat(ranked(ANY, hosts)).containsExactly("b", "a", "c");
    }

    @Test
    void aZoneAHostOrAFailureNarrowsTheChoice() {
        assertThat(ranked(new Wanted(ANY.flavor(), Map.of(), "east", null, null, Set.of(), Map.of(), null), hosts))
                .containsExactly("c");
        assertThat(ranked(new Wanted(ANY.flavor(), Map.of(), null, "a", null, Set.of(), Map.of(), null), hosts))
                .containsExactly("a");
        assertThat(ranked(new Wanted(ANY.flavor(), Map.of(), null, null, null, Set.of("b"), Map.of(), null), hosts))
                .containsExactly("a", "c");
    }

    @Test
    void hintsNameHostsByTheirServers() {
        assertThat(ranked(hint("same_host", List.of("s1")), hosts)).containsExactly("a");
        assertThat(ranked(hint("different_host", "s1"), hosts)).containsExactly("b", "c");
    }

    @Test
    void groupsKeepTheirMembersTogetherOrApart() {
        assertThat(ranked(group("affinity", Map.of("c", 1)), hosts)).containsExactly("c");
        assertThat(ranked(group("affinity", Map.of()), hosts)).hasSize(3);
        assertThat(ranked(group("anti-affinity", Map.of("b", 1)), hosts)).containsExactly("a", "c");
        assertThat(ranked(group("soft-anti-affinity", Map.of("b", 5)), hosts)).hasSize(3);
    }

    @Test
    void anImageFitsOnlyItsArchitectureAndItsKindOfHypervisor() {
        assertThat(ranked(image(Map.of("hw_architecture", "aarch64")), hosts)).isEmpty();
        assertThat(ranked(image(Map.of("hw_architecture", "amd64")), hosts)).hasSize(3);
        assertThat(ranked(image(Map.of("img_hv_type", "kvm")), hosts)).hasSize(3);
        assertThat(ranked(image(Map.of("img_hv_type", "xen")), hosts)).isEmpty();
    }

    @Test
    void extraSpecsAreComparedWithWhatTheHostCan() {
        assertThat(ranked(extra("hypervisor_version", ">= 6000000"), hosts)).hasSize(3);
        assertThat(ranked(extra("capabilities:hypervisor_type", "s== KVM"), hosts))
                .isEmpty();
        assertThat(ranked(extra("host", "<or> a <or> c"), hosts)).containsExactly("a", "c");
        assertThat(ranked(extra("hw:cpu_policy", "shared"), hosts)).hasSize(3);
        assertThat(ranked(extra("no_such_thing", "1"), hosts)).isEmpty();
    }

    private static Wanted extra(String name, String value) {
        return new Wanted(flavor(Map.of(name, value)), Map.of(), null, null, null, Set.of(), Map.of(), null);
    }

    @Test
    void aRefusalIsExplainedFilterByFilter() {
        Snapshot down = new Snapshot(List.of(host("a", "nova", false, 0), host("b", "east", true, 0)), Map.of());
        Scheduler.Choice choice = scheduler.choose(
                new Wanted(ANY.flavor(), Map.of(), "nova", null, null, Set.of(), Map.of(), null), down);
        assertThat(choice.ranked()).isEmpty();
        assertThat(choice.explain(2))
                .isEqualTo(
                        "2 with enough room, AvailabilityZoneFilter left 1 (refused b), ComputeFilter left 0 (refused a)");
    }

    @Test
    void anExplanationNamesOnlySomeOfManyHosts() {
        List<Snapshot.Host> many = IntStream.range(0, 500)
                .mapToObj(i -> host("h" + i, "nova", false, 0))
                .toList();
        assertThat(scheduler.choose(ANY, new Snapshot(many, Map.of())).explain(many.size()))
                .isEqualTo("500 with enough room, ComputeFilter left 0 (refused h0 h1 h2 h3 h4 h5 h6 h7 h8 h9 and 490"
                        + " more)");
    }

    @Test
    void aServerIsChargedWhatItsFlavorHoldsAndAsksFor() {
        Flavor flavor = new Flavor(
                "1",
                "f",
                512,
                2,
                10,
                5,
                1500,
                1,
                true,
                null,
                Map.of(
                        "resources:CUSTOM_GPU",
                        "1",
                        "trait:HW_CPU_X86_AVX",
                        "required",
                        "trait:CUSTOM_OLD",
                        "forbidden"),
                Instant.EPOCH);
        var query = Resources.query(flavor, Map.of(), false);
        assertThat(query.resources())
                .isEqualTo(Map.of("VCPU", 2L, "MEMORY_MB", 512L, "DISK_GB", 17L, "CUSTOM_GPU", 1L));
        assertThat(query.required()).containsExactly("HW_CPU_X86_AVX");
        assertThat(query.forbidden()).containsExactly("CUSTOM_OLD");
        assertThat(Resources.query(flavor, Map.of(), true).resources()).containsEntry("DISK_GB", 7L);
    }
}

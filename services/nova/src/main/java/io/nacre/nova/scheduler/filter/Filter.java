package io.nacre.nova.scheduler.filter;

import io.nacre.nova.scheduler.Snapshot;
import io.nacre.nova.scheduler.Wanted;
import java.util.List;
import java.util.Map;

/**
 * A rule that a host passes or not.
 *
 * @param name as operators know it, for the reason of a refusal
 */
public record Filter(String name, Rule rule) {

    @FunctionalInterface
    public interface Rule {
        boolean passes(Snapshot.Host host, Wanted wanted, Snapshot snapshot);
    }

    public boolean passes(Snapshot.Host host, Wanted wanted, Snapshot snapshot) {
        return rule.passes(host, wanted, snapshot);
    }

    /** Not one that has already failed this server. */
    static final Filter RETRY =
            new Filter("RetryFilter", (host, wanted, all) -> !wanted.excluded().contains(host.name()));

    /** The host or hypervisor that was asked for by name. */
    static final Filter REQUESTED = new Filter(
            "RequestedDestination",
            (host, wanted, all) -> (wanted.host() == null || wanted.host().equals(host.name()))
                    && (wanted.node() == null
                            || wanted.node().equals(host.report().hypervisorHostname())));

    static final Filter ZONE = new Filter(
            "AvailabilityZoneFilter",
            (host, wanted, all) -> wanted.zone() == null || wanted.zone().equals(host.zone()));

    static final Filter COMPUTE = new Filter("ComputeFilter", (host, wanted, all) -> host.up());

    static final Filter CAPABILITIES =
            new Filter("ComputeCapabilitiesFilter", (host, wanted, all) -> Capabilities.meets(host, wanted.flavor()));

    static final Filter IMAGE = new Filter("ImagePropertiesFilter", (host, wanted, all) -> fits(host, wanted));

    static final Filter SAME_HOST = new Filter("SameHostFilter", (host, wanted, all) -> {
        List<String> servers = wanted.hint("same_host");
        return servers.isEmpty()
                || servers.stream()
                        .anyMatch(id -> host.name().equals(all.hostOfServer().get(id)));
    });

    static final Filter DIFFERENT_HOST = new Filter(
            "DifferentHostFilter",
            (host, wanted, all) -> wanted.hint("different_host").stream()
                    .noneMatch(id -> host.name().equals(all.hostOfServer().get(id))));

    static final Filter ANTI_AFFINITY = new Filter("ServerGroupAntiAffinityFilter", (host, wanted, all) -> {
        Wanted.Group group = wanted.group();
        return group == null
                || !group.policy().equals("anti-affinity")
                || group.members().getOrDefault(host.name(), 0) < group.maxPerHost();
    });

    static final Filter AFFINITY = new Filter("ServerGroupAffinityFilter", (host, wanted, all) -> {
        Wanted.Group group = wanted.group();
        return group == null
                || !group.policy().equals("affinity")
                || group.members().isEmpty()
                || group.members().containsKey(host.name());
    });

    public static final List<Filter> STANDARD = List.of(
            RETRY, REQUESTED, ZONE, COMPUTE, CAPABILITIES, IMAGE, ANTI_AFFINITY, AFFINITY, SAME_HOST, DIFFERENT_HOST);

    /** An image may insist on an architecture and on a kind of hypervisor. */
    private static boolean fits(Snapshot.Host host, Wanted wanted) {
        Map<String, String> image = wanted.imageProperties();
        String arch = image.getOrDefault("hw_architecture", image.get("architecture"));
        Object hostArch = host.report().cpu().get("arch");
        if (arch != null && hostArch != null && !Capabilities.sameArch(arch, hostArch.toString())) {
            return false;
        }
        String type = image.getOrDefault("img_hv_type", image.get("hypervisor_type"));
        return type == null || Capabilities.sameType(type, host.report().hypervisorType());
    }
}

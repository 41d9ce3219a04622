package io.nacre.neutron.network;

import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.Standard;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network.
 *
 * @param external whether routers may have their gateway on it
 * @param sharedWith projects that may use it beside its owner, {@code *} for all
 * @param subnets identifiers, in the order in which they were made
 */
public record Network(
        Standard standard,
        String name,
        boolean adminUp,
        int mtu,
        boolean external,
        boolean isDefault,
        boolean portSecurity,
        Segment segment,
        String dnsDomain,
        List<String> zoneHints,
        Set<String> sharedWith,
        List<String> subnets)
        implements Resource {

    /** How the network's packets travel between hosts. */
    public record Segment(
            String type,
            @Nullable String physical,
            @Nullable Integer id) {}

    public boolean isSharedWith(@Nullable String project) {
        return sharedWith.contains("*") || (project != null && sharedWith.contains(project));
    }

    /** Whether a project may put its ports on it. */
    public boolean isUsableBy(@Nullable String project) {
        return projectId().equals(project) || isSharedWith(project);
    }

    Network with(Set<String> sharedWith, List<String> subnets) {
        return new Network(
                standard,
                name,
                adminUp,
                mtu,
                external,
                isDefault,
                portSecurity,
                segment,
                dnsDomain,
                zoneHints,
                sharedWith,
                subnets);
    }
}

package io.nacre.nova.host;

import io.nacre.contracts.node.ComputeNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host with its one hypervisor.
 *
 * @param id the hypervisor's and its resource provider's identifier
 * @param number the short identifier that versions before 2.53 show
 * @param serviceId identifier of the nova-compute service that the API shows for this host
 * @param stopped it said that it would stop
 * @param seenAt when its agent was last heard of
 */
public record ComputeHost(
        String id,
        long number,
        String host,
        String serviceId,
        ComputeNode.HostReport report,
        boolean disabled,
        @Nullable String disabledReason,
        boolean forcedDown,
        boolean stopped,
        Instant startedAt,
        Instant seenAt,
        Instant createdAt,
        Instant updatedAt) {

    public String hypervisorHostname() {
        return report.hypervisorHostname();
    }
}

package io.nacre.contracts.event;

import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.node.NetworkNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An agent's heartbeat, sent at its start, when something changed, and every few seconds.
 *
 * @param startedAt when this run of the agent began; a new value tells that it was restarted
 * @param compute null when this agent holds no guests
 * @param network null when this agent moves no packets
 * @param stopping true in the last report before an orderly stop
 */
public record AgentReported(
        String host,
        Instant startedAt,
        Instant at,
        ComputeNode.@Nullable HostReport compute,
        NetworkNode.@Nullable DataPlaneReport network,
        boolean stopping) {
    public static final String TOPIC = "agent.reported";
}

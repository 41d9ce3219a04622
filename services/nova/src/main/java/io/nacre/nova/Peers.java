package io.nacre.nova;

import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.peer.Images;
import io.nacre.contracts.peer.Networks;
import io.nacre.contracts.peer.Placement;
import io.nacre.contracts.peer.SecurityGroups;
import java.util.function.Function;

/**
 * The other services of the controller, and the agents.
 *
 * @param nodes the agent of a host, by the host's name
 */
public record Peers(
        Images images,
        Networks networks,
        SecurityGroups securityGroups,
        Placement placement,
        Function<String, ComputeNode> nodes) {}

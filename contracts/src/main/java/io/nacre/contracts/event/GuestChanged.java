package io.nacre.contracts.event;

import io.nacre.contracts.node.ComputeNode;

/** A guest changed its power state without being told to, or the agent found it so after a restart. */
public record GuestChanged(String host, ComputeNode.GuestReport guest) {
    public static final String TOPIC = "guest.changed";
}

package io.nacre.nova.service;

import io.nacre.nova.host.Liveness;
import java.time.Instant;

/**
 * A service that a controller is by itself.
 *
 * @param number the short identifier that versions before 2.53 show; no host has the same
 * @param host the controller's name
 * @param stopped it said that it would stop
 * @param seenAt when the controller last said that it is there
 */
public record InternalService(String id, long number, String host, String binary, boolean stopped, Instant seenAt) {

    public boolean isUp(Liveness liveness) {
        return !stopped && liveness.isRecent(seenAt);
    }
}

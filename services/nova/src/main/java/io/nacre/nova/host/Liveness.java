package io.nacre.nova.host;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Tells who counts as up.
 *
 * @param downTime how long one may be silent until then; {@code service_down_time} of the original
 */
public record Liveness(InstantSource clock, Duration downTime) {

    /** Whether one that was last heard of at that moment still counts as up. */
    public boolean isRecent(Instant seenAt) {
        return seenAt.isAfter(clock.instant().minus(downTime));
    }

    public boolean isUp(ComputeHost host) {
        return !host.forcedDown() && !host.stopped() && isRecent(host.seenAt());
    }

    /** The {@code host_status} of a host's servers. */
    public String status(ComputeHost host) {
        if (host.forcedDown() || host.stopped()) {
            return "DOWN";
        }
        if (!isUp(host)) {
            return "UNKNOWN";
        }
        return host.disabled() ? "MAINTENANCE" : "UP";
    }
}

package io.nacre.glance;

import io.nacre.base.Ids;
import java.time.Instant;
import java.time.InstantSource;

/** Where moments and new identifiers come from. */
public record Clockwork(Ids ids, InstantSource clock) {
    public Instant now() {
        return clock.instant();
    }

    public String id() {
        return ids.uuid();
    }
}

package io.nacre.neutron.resource;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Moments as the Networking API shows them: ISO 8601 in whole seconds. */
public final class Times {
    private Times() {}

    public static String show(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}

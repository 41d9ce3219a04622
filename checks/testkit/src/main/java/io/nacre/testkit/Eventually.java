package io.nacre.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something that another thread brings about. */
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Eventually() {}

    /** @param what completes the sentence: it never happened that ... */
    public static void happens(String what, BooleanSupplier condition) {
        happens(what, LIMIT, condition);
    }

    public static void happens(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("It did not happen within " + limit + " that " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}

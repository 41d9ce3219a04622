package io.nacre.compute;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what happens in its own time, with a limit that only a failure reaches. */
public final class Wait {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Wait() {}

    public static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + LIMIT.toSeconds() + " s for " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }
}

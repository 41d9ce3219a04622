package io.nacre.network.linux;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what others do in their own time. */
final class Wait {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Wait() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + LIMIT + ": " + what);
            }
            Thread.sleep(20);
        }
    }
}

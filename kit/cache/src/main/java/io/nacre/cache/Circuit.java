package io.nacre.cache;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves alone what does not answer. After some failures in a row nobody is let through for a while; then one is, and
 * how it fares decides for all. Says so once when it opens and once when it closes.
 */
final class Circuit {
    private static final Logger LOG = LoggerFactory.getLogger(Circuit.class);
    private static final int FAILURES = 3;

    private final String what;
    private final long pause;
    private final LongSupplier nanos;
    private int failures;
    private long openUntil;
    private boolean open;

    Circuit(String what, Duration pause, LongSupplier nanos) {
        this.what = what;
        this.pause = pause.toNanos();
        this.nanos = nanos;
    }

    /** Whether the caller may try; a caller that may must tell how it went. */
    synchronized boolean admits() {
        if (!open) {
            return true;
        }
        if (nanos.getAsLong() - openUntil < 0) {
            return false;
        }
        // The one that tries; should it never tell, the next may after another pause.
        openUntil = nanos.getAsLong() + pause;
        return true;
    }

    synchronized void succeeded() {
        failures = 0;
        if (open) {
            open = false;
            LOG.info("{} answers again", what);
        }
    }

    synchronized void failed(Exception why) {
        failures++;
        if (open || failures >= FAILURES) {
            if (!open) {
                LOG.warn("{} does not answer, going on without it: {}", what, why.toString());
            }
            open = true;
            openUntil = nanos.getAsLong() + pause;
        }
    }
}

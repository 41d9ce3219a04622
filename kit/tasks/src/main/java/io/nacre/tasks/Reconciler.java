package io.nacre.tasks;

import java.time.Duration;

/** Keeps something true, again and again, without being told what changed. Idempotent; its faults are logged. */
public interface Reconciler {
    String name();

    Duration period();

    /** One round. */
    void run();
}

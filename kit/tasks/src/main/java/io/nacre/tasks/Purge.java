package io.nacre.tasks;

import io.nacre.base.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Forgets tasks that were finished long ago, and controllers that never came back. */
final class Purge implements Reconciler {
    private static final int BATCH = 500;
    private static final Duration PERIOD = Duration.ofMinutes(10);

    private final Transactions database;
    private final TaskStore store;
    private final ControllerStore controllers = new ControllerStore();
    private final InstantSource clock;
    private final Duration retention;

    Purge(Transactions database, TaskStore store, InstantSource clock, Duration retention) {
        this.database = database;
        this.store = store;
        this.clock = clock;
        this.retention = retention;
    }

    @Override
    public String name() {
        return "tasks.purge";
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    @Override
    public void run() {
        Instant before = clock.instant().minus(retention);
        database.run(tx -> controllers.forget(tx, before));
        int forgotten;
        do {
            forgotten = database.write(tx -> store.purge(tx, before, BATCH));
        } while (forgotten == BATCH);
    }
}

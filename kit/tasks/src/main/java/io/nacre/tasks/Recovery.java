package io.nacre.tasks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says with every heartbeat that this controller is alive, and takes up the tasks that no living controller works on.
 *
 * <p>The lease belongs to the controller, not to each of its tasks: renewing it is one row, however much is going on,
 * and never collides with the moves of the tasks.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int BATCH = 200;
    /** How long a task that we cannot read is left alone. */
    private static final Duration PUZZLED = Duration.ofMinutes(1);

    private final TaskEngine engine;
    private final TaskStore store;
    private final ControllerStore controllers = new ControllerStore();
    private final String controller;
    private final TaskConfig config;

    private final Map<String, Instant> unreadable = new ConcurrentHashMap<>();
    private final Set<String> reported = new HashSet<>();
    private Set<String> missing = Set.of();
    private volatile Instant leaseUntil = Instant.MIN;
    private @Nullable Thread thread;

    Recovery(TaskEngine engine, TaskStore store, String controller, TaskConfig config) {
        this.engine = engine;
        this.store = store;
        this.controller = controller;
        this.config = config;
    }

    /** The first round at once, in the caller's thread: a database that is away must fail the start. */
    synchronized void start() {
        renew();
        takeUp(mine().keySet());
        takeOrphans();
        thread = Thread.ofVirtual().name("task recovery").start(this::loop);
    }

    void stop() {
        Thread running;
        synchronized (this) {
            running = thread;
            thread = null;
        }
        if (running != null) {
            running.interrupt();
        }
    }

    /** Tells the others that they need not wait for the lease to run out. */
    void leave() {
        try {
            engine.database().run(tx -> controllers.leave(tx, controller));
        } catch (RuntimeException e) {
            LOG.warn("Others will notice only when the lease runs out: {}", e.toString());
        }
    }

    private void loop() {
        while (true) {
            try {
                Thread.sleep(config.heartbeat());
            } catch (InterruptedException e) {
                return;
            }
            synchronized (this) {
                if (thread == null) {
                    return;
                }
                round();
            }
        }
    }

    private void round() {
        try {
            renew();
            Map<String, Optional<String>> mine = mine();
            mine.forEach((id, why) -> why.ifPresent(reason -> engine.cancelHere(id, reason)));
            takeUp(abandonedTwice(mine.keySet()));
            takeOrphans();
        } catch (RuntimeException e) {
            LOG.warn("A round of the task recovery failed: {}", e.toString());
            if (engine.now().isAfter(leaseUntil)) {
                engine.loseAll();
            }
        }
    }

    private void renew() {
        Instant now = engine.now();
        Instant until = now.plus(config.lease());
        engine.database().run(tx -> controllers.renew(tx, controller, now, until));
        leaseUntil = until;
    }

    private Map<String, Optional<String>> mine() {
        return engine.database().read(tx -> store.mine(tx, controller));
    }

    /** A task between its commit and its first step is in the table but not yet at work; twice is no coincidence. */
    private Set<String> abandonedTwice(Set<String> mine) {
        Set<String> now = new HashSet<>(mine);
        now.removeIf(engine::works);
        Set<String> twice = new HashSet<>(now);
        twice.retainAll(missing);
        missing = now;
        return twice;
    }

    private void takeUp(Set<String> ids) {
        takeAll(ids.stream()
                .flatMap(id -> engine.database().read(tx -> store.find(tx, id)).stream())
                .toList());
    }

    /** Side by side, so that the database commits many at a time. */
    private void takeAll(List<TaskRow> rows) {
        List<Future<?>> taken = new ArrayList<>();
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            rows.forEach(row -> taken.add(each.submit(() -> take(row))));
        }
        for (Future<?> one : taken) {
            if (one.state() == Future.State.FAILED) {
                throw one.exceptionNow() instanceof RuntimeException unchecked
                        ? unchecked
                        : new IllegalStateException(one.exceptionNow());
            }
        }
    }

    private void takeOrphans() {
        Instant now = engine.now();
        unreadable.values().removeIf(since -> since.plus(PUZZLED).isBefore(now));
        List<TaskRow> orphans = engine.database().read(tx -> {
            // Our own tasks are looked after above, also when our lease is the one that ran out.
            List<String> living = new ArrayList<>(controllers.living(tx, now));
            living.add(controller);
            return store.orphans(tx, living, engine.knownSagas(), unreadable.keySet(), now, BATCH);
        });
        takeAll(orphans);
        engine.database().read(tx -> store.unknownSagas(tx, engine.knownSagas())).stream()
                .filter(reported::add)
                .forEach(saga -> LOG.error("There are tasks {}, a saga that this controller does not know", saga));
    }

    private void take(TaskRow row) {
        if (row.open() && !engine.take(row)) {
            unreadable.put(row.id(), engine.now());
        }
    }
}

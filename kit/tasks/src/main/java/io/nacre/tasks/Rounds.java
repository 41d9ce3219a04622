package io.nacre.tasks;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs reconcilers, each on a virtual thread of its own so that a slow one delays only itself. */
final class Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    private final Map<String, Round> rounds = new LinkedHashMap<>();
    private boolean started;

    private static final class Round {
        final Reconciler reconciler;
        final Semaphore alarm = new Semaphore(0);

        @Nullable
        Thread thread;

        Round(Reconciler reconciler) {
            this.reconciler = reconciler;
        }
    }

    synchronized void add(Reconciler reconciler) {
        Round round = new Round(reconciler);
        if (rounds.putIfAbsent(reconciler.name(), round) != null) {
            throw new IllegalArgumentException("there are two reconcilers " + reconciler.name());
        }
        if (started) {
            begin(round);
        }
    }

    synchronized void start() {
        started = true;
        rounds.values().forEach(Rounds::begin);
    }

    synchronized void wake(String name) {
        Round round = rounds.get(name);
        if (round == null) {
            throw new IllegalArgumentException("there is no reconciler " + name);
        }
        round.alarm.release();
    }

    /** Interrupts them all and waits for those in the middle of a round, not for ever. */
    synchronized void stop(Duration grace) {
        started = false;
        long end = System.nanoTime() + grace.toNanos();
        for (Round round : rounds.values()) {
            if (round.thread != null) {
                round.thread.interrupt();
            }
        }
        for (Round round : rounds.values()) {
            if (round.thread != null && !ended(round.thread, end - System.nanoTime()) && grace.isPositive()) {
                LOG.warn("Reconciler {} does not stop", round.reconciler.name());
            }
        }
    }

    private static boolean ended(Thread thread, long nanos) {
        try {
            return thread.join(Duration.ofNanos(Math.max(1, nanos)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void begin(Round round) {
        round.thread =
                Thread.ofVirtual().name("reconciler " + round.reconciler.name()).start(() -> loop(round));
    }

    private static void loop(Round round) {
        while (!Thread.currentThread().isInterrupted()) {
            round.alarm.drainPermits();
            try {
                round.reconciler.run();
            } catch (RuntimeException e) {
                LOG.error("Reconciler {} failed, it will be run again", round.reconciler.name(), e);
            }
            try {
                boolean early = round.alarm.tryAcquire(round.reconciler.period().toNanos(), TimeUnit.NANOSECONDS);
                LOG.trace("Reconciler {} runs, woken {}", round.reconciler.name(), early);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}

package io.nacre.tasks;

import java.time.Duration;

/**
 * @param concurrency how many tasks one controller works on at a time; waiting ones do not count
 * @param lease how long after its last heartbeat a controller counts as dead and its tasks are taken over
 * @param heartbeat how often a controller says that it lives and looks for tasks without one; a third of the lease at
 *     the most
 * @param firstPause before the first repetition of a step; each further pause is twice as long
 * @param longestPause between two repetitions
 * @param grace how long a step may go on after it was told to stop
 * @param retention how long a finished task stays in the timeline; zero for ever
 */
public record TaskConfig(
        int concurrency,
        Duration lease,
        Duration heartbeat,
        Duration firstPause,
        Duration longestPause,
        Duration grace,
        Duration retention) {

    public static final TaskConfig DEFAULTS = new TaskConfig(
            500,
            Duration.ofSeconds(15),
            Duration.ofSeconds(3),
            Duration.ofMillis(200),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofDays(30));

    public TaskConfig {
        if (concurrency < 1 || heartbeat.multipliedBy(3).compareTo(lease) > 0) {
            throw new IllegalArgumentException("tasks: concurrency from 1, heartbeat at most a third of the lease");
        }
    }

    /** Doubling from the first pause to the longest one, with up to a half more so that crowds disperse. */
    Duration pause(int attempt, double random) {
        double doubled = firstPause.toMillis() * Math.pow(2, Math.clamp(attempt - 1L, 0, 30));
        double millis = Math.min(doubled, (double) longestPause.toMillis());
        return Duration.ofMillis((long) (millis * (1 + random / 2)));
    }
}

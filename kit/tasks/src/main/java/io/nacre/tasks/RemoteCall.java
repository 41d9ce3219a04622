package io.nacre.tasks;

import io.nacre.base.Fault;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a remote step on a thread of its own, so that it can be interrupted without disturbing the task. A body
 * that does not react to its interrupt is left behind after the grace, loudly: nothing may be stuck because of it.
 */
final class RemoteCall<S> {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteCall.class);

    private final String name;
    private final Duration deadline;
    private final Duration grace;
    private final CompletableFuture<Ending<S>> ending = new CompletableFuture<>();
    private final CompletableFuture<Fault> stop = new CompletableFuture<>();

    /**
     * How it went: a new state, or what was thrown.
     *
     * @param stopped it was told to stop, and what it threw is a consequence of that
     */
    record Ending<S>(@Nullable S state, @Nullable Throwable thrown, boolean stopped) {}

    RemoteCall(String name, Duration deadline, Duration grace) {
        this.name = name;
        this.deadline = deadline;
        this.grace = grace;
    }

    /** Makes it stop with the given fault, also before it has begun. */
    void stop(Fault why) {
        stop.complete(why);
    }

    /** Runs the body and waits for it, for its deadline and the grace at the longest. */
    Ending<S> run(Supplier<S> body) {
        Fault early = stop.getNow(null);
        if (early != null) {
            return stopped(early);
        }
        Thread thread = Thread.ofVirtual().name(name).start(() -> {
            try {
                ending.complete(new Ending<>(body.get(), null, false));
            } catch (Throwable e) {
                ending.complete(new Ending<>(null, e, false));
            }
        });
        await(CompletableFuture.anyOf(ending, stop), deadline);
        if (ending.isDone()) {
            return ending.join();
        }
        thread.interrupt();
        await(ending, grace);
        if (!ending.isDone()) {
            LOG.error("{} does not stop although it was interrupted; it is left behind", name);
        } else if (ending.join().thrown() == null) {
            return ending.join();
        }
        Fault why = stop.getNow(null);
        return why != null
                ? stopped(why)
                : new Ending<>(null, Fault.of(Fault.Kind.TIMEOUT, "Timeout", timeout()), false);
    }

    private String timeout() {
        return "The step did not finish within " + deadline.toSeconds() + " seconds.";
    }

    private static <S> Ending<S> stopped(Fault why) {
        return new Ending<>(null, Fault.of(why.kind(), why.code(), why.message()), true);
    }

    /** Nobody interrupts a task's own thread, so an interrupt here is a defect that must not be swallowed. */
    private static void await(CompletableFuture<?> future, Duration limit) {
        try {
            future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // The caller looks at what is done.
        } catch (InterruptedException e) {
            throw new IllegalStateException("A task's thread was interrupted.", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}

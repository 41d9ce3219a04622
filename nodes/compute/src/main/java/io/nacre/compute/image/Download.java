package io.nacre.compute.image;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A download under way. Those who wait for it also watch it: one that has stalled is ended by its waiters. */
final class Download {
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    private final AtomicLong lastByteAt = new AtomicLong(System.nanoTime());
    private final long startedAt = System.nanoTime();
    private final Duration stall;
    private final Duration timeout;
    private volatile @Nullable Thread worker;

    Download(Duration stall, Duration timeout) {
        this.stall = stall;
        this.timeout = timeout;
    }

    CompletableFuture<@Nullable Void> done() {
        return done;
    }

    void work(Thread thread) {
        worker = thread;
    }

    void received() {
        lastByteAt.set(System.nanoTime());
    }

    void check() {
        long now = System.nanoTime();
        Thread thread = worker;
        if (thread != null && (now - lastByteAt.get() > stall.toNanos() || now - startedAt > timeout.toNanos())) {
            thread.interrupt();
        }
    }

    void stop() {
        Thread thread = worker;
        if (thread != null) {
            thread.interrupt();
        }
    }
}

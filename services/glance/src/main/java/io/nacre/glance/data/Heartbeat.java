package io.nacre.glance.data;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says again and again that somebody is alive, until it is closed. */
final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final CountDownLatch over = new CountDownLatch(1);
    private final Duration pause;
    private final Runnable beat;

    Heartbeat(Duration pause, Runnable beat) {
        this.pause = pause;
        this.beat = beat;
    }

    void start() {
        Thread.ofVirtual().name("heartbeat").start(this::run);
    }

    private void run() {
        try {
            while (!over.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                beatOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beatOnce() {
        try {
            beat.run();
        } catch (RuntimeException e) {
            LOG.warn("A heartbeat failed", e);
        }
    }

    @Override
    public void close() {
        over.countDown();
    }
}

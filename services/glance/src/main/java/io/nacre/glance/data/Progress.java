package io.nacre.glance.data;

import io.nacre.glance.store.WatchingStream;
import io.nacre.glance.task.ImageTasks;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells users now and then how far a task is. */
final class Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MIB_SHIFT = 20;

    private final Ground ground;
    private final ImageTasks tasks;
    private final String task;
    private long toldAt = System.nanoTime() - PAUSE_NANOS;

    Progress(Ground ground, ImageTasks tasks, String task) {
        this.ground = ground;
        this.tasks = tasks;
        this.task = task;
    }

    /** Says it, unless something was said a moment ago. What cannot be said now is not said. */
    void tell(String message) {
        if (System.nanoTime() - toldAt >= PAUSE_NANOS) {
            say(message);
        }
    }

    private void say(String message) {
        toldAt = System.nanoTime();
        try {
            ground.transactions().run(tx -> tasks.progress(tx, task, message));
        } catch (RuntimeException e) {
            LOG.warn("Nobody can be told how far task {} is", task, e);
        }
    }

    /**
     * Tells how much of it has gone by.
     *
     * @param done what is done with it, such as Copied
     */
    InputStream watch(String done, InputStream in) {
        return new WatchingStream(in) {
            private long total;

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = in.read(bytes, offset, length);
                total += Math.max(read, 0);
                String far = done + " " + (total >> MIB_SHIFT) + " MiB";
                if (read < 0) {
                    say(far);
                } else {
                    tell(far);
                }
                return read;
            }
        };
    }
}

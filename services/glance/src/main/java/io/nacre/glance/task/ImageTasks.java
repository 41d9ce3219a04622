package io.nacre.glance.task;

import io.nacre.base.Caller;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.Clockwork;
import io.nacre.tasks.Reconciler;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Keeps tasks from their request to the day when they are forgotten. */
public final class ImageTasks implements Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(ImageTasks.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Transactions transactions;
    private final ImageTaskStore store = new ImageTaskStore();
    private final Clockwork clockwork;
    private final Duration timeToLive;

    /** @param timeToLive how long a task is shown after its end */
    public ImageTasks(Transactions transactions, Clockwork clockwork, Duration timeToLive) {
        this.transactions = transactions;
        this.clockwork = clockwork;
        this.timeToLive = timeToLive;
    }

    ImageTaskStore store() {
        return store;
    }

    /** Notes what was asked. Answers the task's id. */
    public String add(Tx tx, Caller caller, String type, @Nullable String imageId, JsonNode input) {
        String id = clockwork.id();
        store.add(
                tx,
                new ImageTask(
                        id,
                        type,
                        imageId,
                        ImageTask.Origin.of(caller),
                        input,
                        ImageTask.Outcome.NONE,
                        clockwork.now(),
                        clockwork.now()));
        return id;
    }

    public void begin(Tx tx, String id) {
        progress(tx, id, "");
    }

    /** Says in words how far a running task is. */
    public void progress(Tx tx, String id, String message) {
        tell(tx, id, ImageTask.Status.PROCESSING, null, message);
    }

    public void succeed(Tx tx, String id, String imageId) {
        tell(tx, id, ImageTask.Status.SUCCESS, Json.tree(Map.of("image_id", imageId)), "");
    }

    public void fail(Tx tx, String id, String why) {
        tell(tx, id, ImageTask.Status.FAILURE, null, why);
    }

    private void tell(Tx tx, String id, ImageTask.Status status, @Nullable JsonNode result, String message) {
        boolean over = status == ImageTask.Status.SUCCESS || status == ImageTask.Status.FAILURE;
        store.tell(
                tx,
                id,
                new ImageTask.Outcome(
                        status, result, message, over ? clockwork.now().plus(timeToLive) : null),
                clockwork.now());
    }

    @Override
    public String name() {
        return "image tasks";
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    /** Forgets tasks that were over long enough. */
    @Override
    public void run() {
        int forgotten = transactions.write(tx -> store.forget(tx, clockwork.now()));
        LOG.debug("{} tasks are forgotten", forgotten);
    }
}

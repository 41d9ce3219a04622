package io.nacre.bus;

import io.nacre.base.Json;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** The events that one subscriber has yet to hear, and the thread that tells it one after the other. */
final class LocalSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSubscription.class);
    /** A subscriber that is this far behind loses the oldest: events are hints, and memory is finite. */
    static final int EVENTS_KEPT = 10_000;

    private final String topic;
    private final Consumer<JsonNode> listener;
    private final LinkedBlockingDeque<byte[]> events = new LinkedBlockingDeque<>(EVENTS_KEPT);
    private final Thread teller;
    private volatile boolean closed;

    LocalSubscription(String topic, Consumer<JsonNode> listener) {
        this.topic = topic;
        this.listener = listener;
        this.teller = Thread.ofVirtual().name("events " + topic).start(this::tell);
    }

    synchronized void add(byte[] event) {
        while (!events.offer(event)) {
            LOG.warn("a subscriber of {} is {} events behind, the oldest is dropped", topic, EVENTS_KEPT);
            events.poll();
        }
    }

    void close() {
        closed = true;
        teller.interrupt();
    }

    private void tell() {
        while (!closed) {
            try {
                tell(topic, listener, events.take());
            } catch (InterruptedException e) {
                // Only close() interrupts; a listener that swallowed it ends the loop by the flag.
                return;
            }
        }
    }

    /** The edge of the listening side: a listener that fails must not keep later events from being heard. */
    static void tell(String topic, Consumer<JsonNode> listener, byte[] event) {
        try {
            listener.accept(Json.MAPPER.readTree(event));
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            LOG.error("a subscriber of {} failed", topic, e);
        }
    }
}

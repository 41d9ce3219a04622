package io.nacre.bus;

import java.time.Duration;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Messages between the parts of a cloud. Delivery is at least once: whoever serves must bear a repetition.
 * An address is a dotted name such as {@code compute.host1}; several servers of one address share its work.
 */
public interface Bus extends AutoCloseable {

    /**
     * Asks and waits. A fault of the other side arrives as it was thrown; {@code Unavailable} when nobody serves the
     * address, {@code Timeout} when no answer came in time (the work may have been done all the same).
     */
    JsonNode call(String address, String method, JsonNode argument, Duration timeout);

    /** Hands over for certain, and does not wait for the work: kept until somebody serves the address. */
    void cast(String address, String method, JsonNode argument);

    /** Answers calls and casts at an address until closed; each message runs on a virtual thread of its own. */
    Registration serve(String address, Server server);

    /** Tells everybody who subscribed to the topic, at the time of telling. */
    void publish(String topic, JsonNode event);

    /** Hears every event of the topic, from now until closed, in the order in which each publisher told them. */
    Registration subscribe(String topic, Consumer<JsonNode> listener);

    /**
     * Tells a program outside of this cloud that listens as oslo.messaging does: the message waits in a queue of the
     * topic's name until somebody takes it. Lost when there is no broker; who tells is never kept waiting for one.
     */
    void sendNotification(String exchange, String topic, JsonNode message);

    @Override
    void close();

    /** What stands behind an address. */
    @FunctionalInterface
    interface Server {
        JsonNode handle(String method, JsonNode argument);
    }

    /** Something that goes on until it is closed. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}

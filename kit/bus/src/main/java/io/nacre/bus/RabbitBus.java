package io.nacre.bus;

import io.nacre.base.Ids;
import io.nacre.base.Json;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The bus between processes, over RabbitMQ.
 *
 * <ul>
 *   <li>A call goes to a transient queue that exists as long as somebody serves the address, and expires with its
 *       timeout; the answer comes by direct reply-to. While a server works it gives signs of life, so that the death of
 *       a server is noticed long before a long timeout.
 *   <li>A cast goes to a durable queue, is confirmed by the broker before {@link #cast} returns, and is acknowledged when
 *       the work is done.
 *   <li>An event goes to an exchange, to which each subscriber has bound a queue of its own by the topic.
 *   <li>A notification goes to an exchange and a queue that are declared as oslo.messaging's listeners declare them.
 * </ul>
 *
 * <p>When the connection is lost it is made anew, with everything that was served and subscribed. We do this
 * ourselves, because the client's own recovery does not bring back a channel that the broker has closed, and cannot
 * say which calls will never be answered.
 */
public final class RabbitBus implements Bus {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitBus.class);

    private final RabbitConfig config;
    private final Ids ids;
    private final RabbitLink link;
    private final Map<String, Once> casts = new ConcurrentHashMap<>();

    /**
     * Connects. A broker that cannot be reached yet is tried again in the background.
     *
     * @throws IllegalStateException when the broker refuses the account
     */
    public RabbitBus(RabbitConfig config, Ids ids) {
        this.config = config;
        this.ids = ids;
        this.link = new RabbitLink(config);
    }

    /** Waits for the first connection as long as for a lost one; faults with UNAVAILABLE that says why there is none. */
    public void requireConnection() {
        link.session(config.connectTimeout());
    }

    @Override
    public JsonNode call(String address, String method, JsonNode argument, Duration timeout) {
        Names.check(address);
        byte[] body = Message.of(method, argument).bytes();
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            RabbitSession session = link.session(shorter(timeout, config.connectTimeout()));
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            if (session.calls().send(address, method, body, left) instanceof RabbitCalls.Sent call) {
                return Reply.read(call.await()).orThrow();
            }
            session.fail("it had been closed");
            if (left.isZero()) {
                throw Faults.unavailable("there is no connection to RabbitMQ");
            }
        }
    }

    @Override
    public void cast(String address, String method, JsonNode argument) {
        Names.check(address);
        byte[] body = Message.of(method, argument).bytes();
        String id = ids.uuid();
        long end = System.nanoTime() + config.confirmTimeout().toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            RabbitSession session = link.session(shorter(left, config.connectTimeout()));
            switch (session.casts().send(address, id, body, left)) {
                case TAKEN -> {
                    return;
                }
                case REFUSED -> throw Faults.full(address);
                case UNKNOWN -> {
                    // Sent again with the same id, by which a server recognises it.
                    if (System.nanoTime() > end) {
                        throw Faults.noAnswer("the broker has not confirmed a cast to " + address);
                    }
                }
            }
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    @Override
    public Registration serve(String address, Server server) {
        var serving = new RabbitServing(Names.check(address), server, casts.computeIfAbsent(address, a -> new Once()));
        link.add(serving);
        return () -> link.remove(serving);
    }

    @Override
    public void publish(String topic, JsonNode event) {
        Names.check(topic);
        link.sessionIfUp().ifPresent(session -> session.publish(topic, Json.bytes(event)));
    }

    @Override
    public Registration subscribe(String topic, Consumer<JsonNode> listener) {
        var listening = new RabbitListening(Names.check(topic), listener);
        link.add(listening);
        return () -> link.remove(listening);
    }

    @Override
    public void sendNotification(String exchange, String topic, JsonNode message) {
        byte[] body = Json.bytes(message);
        link.sessionIfUp()
                .ifPresentOrElse(
                        session -> session.notifications().send(exchange, topic, body),
                        () -> LOG.warn("a notification of {} is lost, there is no connection to RabbitMQ", topic));
    }

    @Override
    public void close() {
        link.close();
    }
}

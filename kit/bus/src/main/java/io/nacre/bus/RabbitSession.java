package io.nacre.bus;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the broker with its channels. It never recovers: whatever goes wrong with one of its channels ends
 * all of it, and {@link RabbitLink} makes the next one. A channel belongs to one class, which holds a lock for each use.
 */
final class RabbitSession {
    /**
     * Topics are compared whole, so the exchange is a direct one: a topic exchange keeps a tree of its own beside the
     * bindings, which brokers are known to lose branches of, silently. It need not outlive the broker either.
     */
    static final String EVENTS = "nacre.event";

    private static final Logger LOG = LoggerFactory.getLogger(RabbitSession.class);
    private static final int ABORT_MILLIS = 2_000;
    private static final AMQP.BasicProperties EVENT =
            new AMQP.BasicProperties.Builder().contentType("application/json").build();

    private final Connection connection;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Channel events;
    private final RabbitCalls calls;
    private final RabbitCasts casts;
    private final RabbitReplies replies;
    private final RabbitNotifications notifications;
    private final AtomicReference<String> reason = new AtomicReference<>("");
    private volatile boolean blocked;

    RabbitSession(Connection connection, RabbitConfig config) throws IOException {
        this.connection = connection;
        connection.addBlockedListener(new BlockedListener() {
            @Override
            public void handleBlocked(String why) {
                LOG.warn("RabbitMQ takes no more messages: {}", why);
                blocked = true;
            }

            @Override
            public void handleUnblocked() {
                LOG.info("RabbitMQ takes messages again");
                blocked = false;
            }
        });
        events = channel();
        events.exchangeDeclare(EVENTS, BuiltinExchangeType.DIRECT, false);
        calls = new RabbitCalls(channel());
        casts = new RabbitCasts(this, config.quorum());
        replies = new RabbitReplies(channel(), this::isUp);
        notifications = new RabbitNotifications(this, config.amqpDurableQueues());
        // Last, for it is called at once when the connection has ended meanwhile.
        connection.addShutdownListener(this::ended);
    }

    /** A channel whose end, unless we have asked for it, is the session's end. */
    Channel channel() throws IOException {
        Channel channel = looseChannel();
        channel.addShutdownListener(cause -> {
            if (!cause.isInitiatedByApplication()) {
                fail(cause.getMessage());
            }
        });
        return channel;
    }

    /** A channel that may end without ending the session. */
    Channel looseChannel() throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("RabbitMQ allows no more channels");
        }
        return channel;
    }

    static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            LOG.debug("the channel had ended already", e);
        }
    }

    /** Deletes the queue unless it has consumers. */
    void deleteUnused(String queue) throws IOException {
        Channel channel = looseChannel();
        try {
            channel.queueDelete(queue, true, false);
            close(channel);
        } catch (IOException e) {
            LOG.debug("{} is still in use, which has closed the channel", queue, e);
        }
    }

    RabbitCalls calls() {
        return calls;
    }

    RabbitCasts casts() {
        return casts;
    }

    RabbitReplies replies() {
        return replies;
    }

    RabbitNotifications notifications() {
        return notifications;
    }

    /** Events are hints: one that cannot be sent now is dropped. */
    void publish(String topic, byte[] event) {
        if (blocked) {
            LOG.debug("an event of {} is dropped, RabbitMQ takes no messages", topic);
            return;
        }
        try {
            synchronized (events) {
                events.basicPublish(EVENTS, topic, EVENT, event);
            }
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("an event of {} was lost with the connection", topic, e);
        }
    }

    boolean isBlocked() {
        return blocked;
    }

    boolean isUp() {
        return ended.getCount() > 0;
    }

    /** Writing to a connection that the broker does not read would block beyond every timeout. */
    RabbitSession unlessBlocked() {
        if (blocked) {
            throw Faults.unavailable("RabbitMQ takes no more messages");
        }
        return this;
    }

    String reason() {
        return Objects.requireNonNullElse(reason.get(), "");
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    void fail(@Nullable String why) {
        if (isUp() && reason.compareAndSet("", String.valueOf(why))) {
            // From a thread of its own: this is called by the connection's threads, which abort() waits for.
            Thread.ofVirtual().start(() -> connection.abort(ABORT_MILLIS));
        }
    }

    void close(int millis) {
        connection.abort(millis);
    }

    private void ended(ShutdownSignalException cause) {
        reason.compareAndSet("", String.valueOf(cause.getMessage()));
        ended.countDown();
        calls.ended();
        casts.ended();
    }
}

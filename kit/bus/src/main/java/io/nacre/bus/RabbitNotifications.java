package io.nacre.bus;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The telling side of notifications in one session. Exchange and queue belong to oslo.messaging's listeners as much as to
 * us, and the broker closes the channel of whoever declares them in another way; that must not end the session.
 */
final class RabbitNotifications {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitNotifications.class);
    private static final int PERSISTENT = 2;
    private static final AMQP.BasicProperties MESSAGE = new AMQP.BasicProperties.Builder()
            .contentType("application/json")
            .contentEncoding("utf-8")
            .deliveryMode(PERSISTENT)
            .build();

    private final RabbitSession session;
    private final boolean durable;
    private final Set<Destination> declared = new HashSet<>();
    private @Nullable Channel channel;
    private String complaint = "";

    private record Destination(String exchange, String topic) {}

    RabbitNotifications(RabbitSession session, boolean durable) {
        this.session = session;
        this.durable = durable;
    }

    synchronized void send(String exchange, String topic, byte[] body) {
        try {
            if (session.isBlocked()) {
                throw new IOException("RabbitMQ takes no more messages");
            }
            Channel own = channel();
            declareOnce(own, new Destination(exchange, topic));
            own.basicPublish(exchange, topic, MESSAGE, body);
            complaint = "";
        } catch (IOException | ShutdownSignalException e) {
            lost(topic, e);
        }
    }

    private Channel channel() throws IOException {
        Channel own = channel;
        if (own == null || !own.isOpen()) {
            declared.clear();
            own = session.looseChannel();
            channel = own;
        }
        return own;
    }

    private void declareOnce(Channel own, Destination destination) throws IOException {
        if (!declared.contains(destination)) {
            String topic = destination.topic();
            own.exchangeDeclare(destination.exchange(), BuiltinExchangeType.TOPIC, durable, false, Map.of());
            own.queueDeclare(topic, durable, false, false, Map.of());
            own.queueBind(topic, destination.exchange(), topic);
            declared.add(destination);
        }
    }

    /** Says it once, not for every notification. */
    private void lost(String topic, Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (!complaint.equals(cause.toString())) {
            complaint = cause.toString();
            LOG.warn("notifications of {} are lost: {}", topic, complaint);
        }
    }
}

package io.nacre.bus;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DeliverCallback;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One subscriber of one topic, over all sessions; events between two sessions are missed. */
final class RabbitListening implements RabbitLink.Registered {
    private final String topic;
    private final LocalSubscription subscription;
    private volatile @Nullable Channel channel;

    RabbitListening(String topic, Consumer<JsonNode> listener) {
        this.topic = topic;
        this.subscription = new LocalSubscription(topic, listener);
    }

    @Override
    public void establish(RabbitSession session) throws IOException {
        Channel own = session.channel();
        channel = own;
        String queue = own.queueDeclare("", false, true, true, Map.of("x-max-length", LocalSubscription.EVENTS_KEPT))
                .getQueue();
        own.queueBind(queue, RabbitSession.EVENTS, topic);
        // Handed over at once: a listener that is slow must not hold up the connection.
        DeliverCallback heard = (tag, delivery) -> subscription.add(delivery.getBody());
        own.basicConsume(queue, true, heard, tag -> session.fail("RabbitMQ cancelled a subscriber of " + topic));
    }

    @Override
    public void end() {
        subscription.close();
        Channel own = channel;
        if (own != null) {
            RabbitSession.close(own);
        }
    }

    @Override
    public String toString() {
        return "the subscriber of " + topic;
    }
}

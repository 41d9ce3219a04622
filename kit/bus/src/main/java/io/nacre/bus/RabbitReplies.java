package io.nacre.bus;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answering side of calls in one session: sends answers, and signs of life while an answer is worked on. */
final class RabbitReplies {
    static final Duration BEAT = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(RabbitReplies.class);
    private static final String BEAT_TYPE = "beat";

    private final Channel channel;
    private final BooleanSupplier up;
    private final Set<Asker> working = ConcurrentHashMap.newKeySet();

    /** Where an answer goes. */
    private record Asker(String replyTo, String number) {}

    RabbitReplies(Channel channel, BooleanSupplier up) {
        this.channel = channel;
        this.up = up;
        Thread.ofVirtual().name("rabbit beats").start(this::beat);
    }

    static boolean isBeat(Delivery delivery) {
        return BEAT_TYPE.equals(delivery.getProperties().getType());
    }

    /** Runs the work and sends its answer to whoever sent the delivery. */
    void answer(Delivery delivery, Supplier<byte[]> work) {
        AMQP.BasicProperties properties = delivery.getProperties();
        Asker asker = new Asker(properties.getReplyTo(), properties.getCorrelationId());
        working.add(asker);
        byte[] answer;
        try {
            answer = work.get();
        } finally {
            working.remove(asker);
        }
        send(asker, "answer", answer);
    }

    private void beat() {
        try {
            while (up.getAsBoolean()) {
                // What takes less than a beat needs none, which is nearly everything.
                Set<Asker> before = Set.copyOf(working);
                Thread.sleep(BEAT);
                before.stream().filter(working::contains).forEach(asker -> send(asker, BEAT_TYPE, new byte[0]));
            }
        } catch (InterruptedException e) {
            LOG.debug("no more signs of life", e);
        }
    }

    private void send(Asker asker, String type, byte[] body) {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .correlationId(asker.number())
                .type(type)
                .build();
        try {
            synchronized (channel) {
                channel.basicPublish("", asker.replyTo(), properties, body);
            }
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("the {} was lost with the connection, the asker knows", type, e);
        }
    }
}

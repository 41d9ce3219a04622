package io.nacre.bus;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server at one address, over all sessions. */
final class RabbitServing implements RabbitLink.Registered {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitServing.class);

    private final String address;
    private final Bus.Server server;
    private final Once once;
    private volatile @Nullable Consuming consuming;

    /** @param once what is known of the casts to this address, shared by its servers in this process */
    RabbitServing(String address, Bus.Server server, Once once) {
        this.address = address;
        this.server = server;
        this.once = once;
    }

    @Override
    public void establish(RabbitSession session) throws IOException {
        consuming = new Consuming(session);
    }

    @Override
    public void end() {
        Consuming current = consuming;
        if (current != null) {
            current.end();
        }
    }

    @Override
    public String toString() {
        return "the server of " + address;
    }

    /** In one session. Calls are acknowledged on arrival: whether to repeat one is for the caller to say. */
    private final class Consuming {
        private final RabbitSession session;
        private final Channel calls;
        private final String tag;
        private final RabbitCastWork casts;

        Consuming(RabbitSession session) throws IOException {
            this.session = session;
            calls = session.channel();
            String queue = RabbitCalls.queue(address);
            calls.queueDeclare(queue, false, false, true, Map.of());
            DeliverCallback heard = (consumer, delivery) -> answer(delivery);
            tag = calls.basicConsume(
                    queue, true, heard, consumer -> session.fail("RabbitMQ cancelled the consumer of " + address));
            casts = new RabbitCastWork(address, server, once, session);
        }

        private void answer(Delivery delivery) {
            Thread.ofVirtual()
                    .name(address)
                    .start(() -> session.replies()
                            .answer(
                                    delivery,
                                    () -> Reply.from(server, address, Message.read(delivery.getBody()))
                                            .bytes()));
        }

        void end() {
            casts.end();
            try {
                calls.basicCancel(tag);
                RabbitSession.close(calls);
                // It vanishes by itself, but perhaps not before the next call is routed to it.
                session.deleteUnused(RabbitCalls.queue(address));
            } catch (IOException | ShutdownSignalException e) {
                LOG.debug("the session of {} has ended", address, e);
            }
        }
    }
}

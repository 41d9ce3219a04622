package io.nacre.bus;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the casts to one address in one session, and acknowledges each when its work is done. Its queue outlives
 * brokers and versions of this program and may be out of order; that is no reason for the calls to stand still, so
 * this does not end the session but tries on.
 */
final class RabbitCastWork {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitCastWork.class);
    private static final int AT_ONCE = 100;
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final String address;
    private final Bus.Server server;
    private final Once once;
    private final RabbitSession session;
    private @Nullable Channel channel;
    private String tag = "";
    private int running;
    private boolean ending;

    RabbitCastWork(String address, Bus.Server server, Once once, RabbitSession session) {
        this.address = address;
        this.server = server;
        this.once = once;
        this.session = session;
        establish();
    }

    private synchronized void establish() {
        if (ending || !session.isUp()) {
            return;
        }
        try {
            Channel own = session.looseChannel();
            own.addShutdownListener(cause -> {
                // When the whole connection ends, the next session starts over.
                if (!cause.isInitiatedByApplication() && !cause.isHardError()) {
                    establishLater(cause);
                }
            });
            own.basicQos(AT_ONCE);
            String queue = session.casts().declareQueue(own, address);
            DeliverCallback heard = (consumer, delivery) -> take(own, delivery);
            channel = own;
            tag = own.basicConsume(
                    queue, false, heard, consumer -> establishLater(new IOException("its consumer was cancelled")));
        } catch (IOException e) {
            // A channel that the broker has closed has told its listener.
            if (session.isUp() && !(e.getCause() instanceof ShutdownSignalException)) {
                establishLater(e);
            }
        } catch (ShutdownSignalException e) {
            LOG.debug("the session of {} has ended", address, e);
        }
    }

    private void establishLater(Exception cause) {
        LOG.error("casts to {} cannot be taken, trying again in {}: {}", address, PAUSE, cause.toString());
        Thread.ofVirtual().name("casts to " + address).start(() -> {
            try {
                Thread.sleep(PAUSE);
                establish();
            } catch (InterruptedException e) {
                LOG.debug("not trying again to take the casts to {}", address, e);
            }
        });
    }

    private void take(Channel from, Delivery delivery) {
        synchronized (this) {
            if (ending) {
                return; // not acknowledged, so it goes to the next server
            }
            running++;
        }
        Thread.ofVirtual().name(address).start(() -> work(from, delivery));
    }

    private void work(Channel from, Delivery delivery) {
        try {
            once.run(
                    delivery.getProperties().getMessageId(),
                    () -> Reply.ignored(server, address, Message.read(delivery.getBody())));
            synchronized (from) {
                from.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
            }
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("a cast to {} is done, but will come again", address, e);
        } catch (InterruptedException e) {
            LOG.debug("a cast to {} is not done, and will come again", address, e);
        } finally {
            done();
        }
    }

    private synchronized void done() {
        running--;
        if (ending && running == 0 && channel != null) {
            RabbitSession.close(channel);
        }
    }

    /** No cast is begun after this; the channel stays until those that run are done. */
    synchronized void end() {
        ending = true;
        Channel own = channel;
        if (own == null) {
            return;
        }
        try {
            own.basicCancel(tag);
            if (running == 0) {
                RabbitSession.close(own);
            }
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("the session of {} has ended", address, e);
        }
    }
}

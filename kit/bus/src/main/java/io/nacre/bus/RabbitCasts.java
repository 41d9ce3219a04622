package io.nacre.bus;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sending side of casts in one session: a channel on which the broker confirms what it has stored. */
final class RabbitCasts {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitCasts.class);
    private static final int PERSISTENT = 2;

    /** A queue's properties can never be changed, so they are no settings. */
    private static final Map<String, Object> DURABLE = Map.of(
            "x-max-length",
            LocalBus.CASTS_KEPT,
            "x-overflow",
            "reject-publish",
            "x-expires",
            Duration.ofDays(7).toMillis());

    private final RabbitSession session;
    private final boolean quorum;
    private final Channel channel;
    private final Set<String> declared = ConcurrentHashMap.newKeySet();
    private final ConcurrentNavigableMap<Long, CompletableFuture<Outcome>> unconfirmed = new ConcurrentSkipListMap<>();
    private final Set<String> returned = ConcurrentHashMap.newKeySet();

    enum Outcome {
        /** The broker has it, and will keep it. */
        TAKEN,
        /** The broker does not want it. */
        REFUSED,
        /** The broker may or may not have it. */
        UNKNOWN
    }

    RabbitCasts(RabbitSession session, boolean quorum) throws IOException {
        this.session = session;
        this.quorum = quorum;
        this.channel = session.channel();
        channel.confirmSelect();
        channel.addConfirmListener(
                (number, multiple) -> confirmed(number, multiple, Outcome.TAKEN),
                (number, multiple) -> confirmed(number, multiple, Outcome.REFUSED));
        channel.addReturnListener((Return message) -> returned(message));
    }

    /** Two names, for a queue cannot be turned into one of the other kind. */
    private String queue(String address) {
        return (quorum ? "nacre.quorum-cast." : "nacre.cast.") + address;
    }

    /** The queue in which casts wait, also when nobody serves the address yet. */
    String declareQueue(Channel on, String address) throws IOException {
        Map<String, Object> properties = new HashMap<>(DURABLE);
        if (quorum) {
            properties.put("x-queue-type", "quorum");
        }
        String queue = queue(address);
        on.queueDeclare(queue, true, false, false, properties);
        return queue;
    }

    /** On a channel of its own, so that a queue that is out of order ends nothing else. */
    private void declareOnce(String address) throws IOException {
        if (!declared.contains(address)) {
            Channel own = session.looseChannel();
            try {
                declareQueue(own, address);
            } catch (IOException e) {
                if (session.isUp()) {
                    throw Faults.unavailable("the queue for casts to " + address + " is out of order: " + e.getCause());
                }
                throw e;
            }
            RabbitSession.close(own);
            declared.add(address);
        }
    }

    Outcome send(String address, String id, byte[] body, Duration timeout) {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .deliveryMode(PERSISTENT)
                .messageId(id)
                .build();
        var outcome = new CompletableFuture<Outcome>();
        try {
            declareOnce(address);
            synchronized (channel) {
                unconfirmed.put(channel.getNextPublishSeqNo(), outcome);
                channel.basicPublish("", queue(address), true, properties, body);
            }
            Outcome answer = outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return returned.remove(id) ? forget(address) : answer;
        } catch (TimeoutException e) {
            return Outcome.UNKNOWN;
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("a cast to {} was lost with the connection and is sent again", address, e);
            return Outcome.UNKNOWN;
        } catch (InterruptedException e) {
            throw Faults.interrupted(address, "the broker's confirmation");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a confirmation only ever completes with a value", e);
        }
    }

    /** The queue that we had declared is gone: it had expired, or somebody has deleted it. */
    private Outcome forget(String address) {
        declared.remove(address);
        return Outcome.UNKNOWN;
    }

    private void confirmed(long number, boolean multiple, Outcome outcome) {
        if (multiple) {
            Map<Long, CompletableFuture<Outcome>> all = unconfirmed.headMap(number, true);
            all.values().forEach(each -> each.complete(outcome));
            all.clear();
        } else {
            CompletableFuture<Outcome> one = unconfirmed.remove(number);
            if (one != null) {
                one.complete(outcome);
            }
        }
    }

    /** Comes before the confirmation of the same message. */
    private void returned(Return message) {
        returned.add(message.getProperties().getMessageId());
    }

    /** No confirmation can come any more. */
    void ended() {
        unconfirmed.values().forEach(each -> each.complete(Outcome.UNKNOWN));
    }
}

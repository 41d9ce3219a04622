package io.nacre.bus;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Return;
import io.nacre.base.FaultException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The asking side of calls in one session: a channel to send on, and those who wait for an answer on it. */
final class RabbitCalls {
    /** A server that works gives a sign of life every {@link RabbitReplies#BEAT}; so long without one, it is dead. */
    static final Duration SILENCE = RabbitReplies.BEAT.multipliedBy(5);

    private static final String REPLY_TO = "amq.rabbitmq.reply-to";

    private final Channel channel;
    private final Map<String, Call> waiting = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /** What became of an attempt to send. */
    sealed interface Attempt permits Sent, NotSent {}

    /** The call is on its way. */
    record Sent(RabbitCalls calls, Call call) implements Attempt {
        byte[] await() {
            return calls.await(call);
        }
    }

    /** The session had ended before. */
    record NotSent() implements Attempt {}

    RabbitCalls(Channel channel) throws IOException {
        this.channel = channel;
        channel.addReturnListener(this::returned);
        DeliverCallback heard = (tag, delivery) -> heard(delivery);
        channel.basicConsume(REPLY_TO, true, heard, tag -> {});
    }

    /** The queue of those who serve the address, which is there as long as somebody does. */
    static String queue(String address) {
        return "nacre.call." + address;
    }

    Attempt send(String address, String method, byte[] body, Duration timeout) {
        Call call = new Call(Long.toString(numbers.incrementAndGet()), address, method, timeout);
        waiting.put(call.number, call);
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .correlationId(call.number)
                .replyTo(REPLY_TO)
                .expiration(Long.toString(timeout.toMillis()))
                .build();
        try {
            synchronized (channel) {
                channel.basicPublish("", queue(address), true, properties, body);
            }
            return new Sent(this, call);
        } catch (AlreadyClosedException e) {
            waiting.remove(call.number);
            return new NotSent();
        } catch (IOException e) {
            waiting.remove(call.number);
            throw Faults.noAnswer("the connection was lost while " + call + " was sent");
        }
    }

    private byte[] await(Call call) {
        try {
            while (true) {
                long now = System.nanoTime();
                long silent = SILENCE.toNanos() - (now - call.lastSign);
                long left = call.end - now;
                if (left <= 0) {
                    throw Faults.timeout(call.address, call.method, call.timeout);
                }
                if (silent <= 0) {
                    throw Faults.noAnswer(call + " gives no sign of life any more");
                }
                byte[] answer = poll(call, Math.min(left, silent));
                if (answer != null) {
                    return answer;
                }
            }
        } catch (InterruptedException e) {
            throw Faults.interrupted(call.address, call.method);
        } finally {
            waiting.remove(call.number);
        }
    }

    private static byte @Nullable [] poll(Call call, long nanos) throws InterruptedException {
        try {
            return call.answer.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FaultException fault) {
                throw fault;
            }
            throw new IllegalStateException("a call only ever fails with a fault", e);
        }
    }

    private void heard(Delivery delivery) {
        Call call = waiting.get(delivery.getProperties().getCorrelationId());
        if (call == null) {
            return;
        }
        if (RabbitReplies.isBeat(delivery)) {
            call.lastSign = System.nanoTime();
        } else {
            call.answer.complete(delivery.getBody());
        }
    }

    private void returned(Return returned) {
        Call call = waiting.get(returned.getProperties().getCorrelationId());
        if (call != null) {
            call.answer.completeExceptionally(Faults.noServer(call.address));
        }
    }

    /** No answer can come any more. */
    void ended() {
        waiting.values()
                .forEach(call -> call.answer.completeExceptionally(
                        Faults.noAnswer("the connection was lost before the answer to " + call + " came")));
    }

    /** One question and its answer to come. */
    private static final class Call {
        private final String number;
        private final String address;
        private final String method;
        private final Duration timeout;
        private final long end;
        private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
        private volatile long lastSign = System.nanoTime();

        Call(String number, String address, String method, Duration timeout) {
            this.number = number;
            this.address = address;
            this.method = method;
            this.timeout = timeout;
            this.end = System.nanoTime() + timeout.toNanos();
        }

        @Override
        public String toString() {
            return method + " of " + address;
        }
    }
}

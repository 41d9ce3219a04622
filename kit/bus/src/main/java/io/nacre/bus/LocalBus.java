package io.nacre.bus;

import io.nacre.base.Json;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The bus of a cloud that lives in one process. Arguments and answers are written to bytes and read again, so that
 * the two sides share nothing. Casts that wait for a server are lost with the process.
 */
public final class LocalBus implements Bus {
    /** How many casts may wait at an address. */
    static final int CASTS_KEPT = 10_000;

    private final Map<String, Address> addresses = new ConcurrentHashMap<>();
    private final Map<String, List<LocalSubscription>> topics = new ConcurrentHashMap<>();
    private volatile boolean closed;

    @Override
    public JsonNode call(String address, String method, JsonNode argument, Duration timeout) {
        Server server = address(address).next();
        if (server == null) {
            throw Faults.noServer(address);
        }
        byte[] request = Message.of(method, argument).bytes();
        var answer = new CompletableFuture<byte[]>();
        Thread.ofVirtual()
                .name(address + " " + method)
                .start(() -> answer.complete(
                        Reply.from(server, address, Message.read(request)).bytes()));
        try {
            return Reply.read(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS))
                    .orThrow();
        } catch (TimeoutException e) {
            throw Faults.timeout(address, method, timeout);
        } catch (InterruptedException e) {
            throw Faults.interrupted(address, method);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the answer is only ever completed with a value", e);
        }
    }

    @Override
    public void cast(String address, String method, JsonNode argument) {
        address(address).cast(Message.of(method, argument).bytes());
    }

    @Override
    public Registration serve(String address, Server server) {
        return address(address).serve(server);
    }

    private Address address(String name) {
        requireOpen();
        return addresses.computeIfAbsent(Names.check(name), Address::new);
    }

    @Override
    public void publish(String topic, JsonNode event) {
        if (closed) {
            return;
        }
        byte[] bytes = Json.bytes(event);
        topics.getOrDefault(Names.check(topic), List.of()).forEach(subscription -> subscription.add(bytes));
    }

    @Override
    public Registration subscribe(String topic, Consumer<JsonNode> listener) {
        requireOpen();
        List<LocalSubscription> subscriptions =
                topics.computeIfAbsent(Names.check(topic), t -> new CopyOnWriteArrayList<>());
        var subscription = new LocalSubscription(topic, listener);
        subscriptions.add(subscription);
        return () -> {
            subscriptions.remove(subscription);
            subscription.close();
        };
    }

    /** Nobody outside can listen. */
    @Override
    public void sendNotification(String exchange, String topic, JsonNode message) {}

    private void requireOpen() {
        if (closed) {
            throw Faults.unavailable("the bus is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        topics.values().forEach(subscriptions -> subscriptions.forEach(LocalSubscription::close));
        topics.clear();
        addresses.clear();
    }

    /** Those who serve one address, and the casts that wait for the first of them. */
    private static final class Address {
        private final String name;
        private final List<Registered> servers = new ArrayList<>();
        private final Deque<byte[]> waiting = new ArrayDeque<>();
        private int turn;
        private int registrations;

        /** @param number tells two registrations of one server apart */
        private record Registered(int number, Server server) {}

        Address(String name) {
            this.name = name;
        }

        synchronized @Nullable Server next() {
            return servers.isEmpty()
                    ? null
                    : servers.get(Math.floorMod(turn++, servers.size())).server();
        }

        synchronized void cast(byte[] message) {
            Server server = next();
            if (server != null) {
                start(server, message);
            } else if (waiting.size() < CASTS_KEPT) {
                waiting.add(message);
            } else {
                throw Faults.full(name);
            }
        }

        synchronized Registration serve(Server server) {
            var registered = new Registered(registrations++, server);
            servers.add(registered);
            waiting.forEach(message -> start(server, message));
            waiting.clear();
            return () -> remove(registered);
        }

        private synchronized void remove(Registered registered) {
            servers.remove(registered);
        }

        private void start(Server server, byte[] message) {
            Thread.ofVirtual().name(name).start(() -> Reply.ignored(server, name, Message.read(message)));
        }
    }
}

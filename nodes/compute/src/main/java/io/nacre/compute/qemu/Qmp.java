package io.nacre.compute.qemu;

import io.nacre.base.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * QEMU's machine protocol (docs/interop/qmp-spec.txt of QEMU) on a unix socket: one JSON document a line, answers
 * known by their id, events in between. Any thread may send commands; one virtual thread reads.
 */
final class Qmp implements AutoCloseable {
    /** Longer lines than any answer that is asked for here; QEMU is not trusted to stop. */
    private static final int LINE = 8 << 20;

    record Event(String name, JsonNode data) {}

    /** An event that somebody waits for; made before the command that causes it. */
    static final class Expected {
        private final Predicate<Event> wanted;
        private final CompletableFuture<Event> arrived = new CompletableFuture<>();

        private Expected(Predicate<Event> wanted) {
            this.wanted = wanted;
        }

        /** Whether it came within the time; false too when the connection ended. */
        boolean await(Duration limit) {
            try {
                arrived.get(limit.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException | ExecutionException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private final SocketChannel channel;
    private final BufferedReader in;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final List<Expected> expected = new CopyOnWriteArrayList<>();
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    private Qmp(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8), 16 * 1024);
    }

    /**
     * Connects and waits for QEMU's greeting, which comes when its main loop runs.
     *
     * @param events called for every event, on the thread that also reads answers: it must return at once
     * @throws IOException when nobody listens, or nobody answers in time
     */
    static Qmp connect(Path socket, Duration limit, Consumer<Event> events) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Qmp qmp = new Qmp(channel);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            CompletableFuture<@Nullable Void> greeted = new CompletableFuture<>();
            Thread.ofVirtual().name("qmp").start(() -> qmp.read(events, greeted));
            get(greeted, limit);
            qmp.execute("qmp_capabilities", Map.of(), limit);
            return qmp;
        } catch (IOException | RuntimeException e) {
            qmp.close();
            throw e;
        }
    }

    /** Completed when the connection has ended, which a killed QEMU and one that quits have in common. */
    CompletableFuture<@Nullable Void> closed() {
        return closed;
    }

    /**
     * @throws QmpError when QEMU refuses
     * @throws IOException when the connection breaks or no answer comes in time
     */
    JsonNode execute(String command, Map<String, ?> arguments, Duration limit) throws IOException {
        long id = ids.incrementAndGet();
        ObjectNode line = Json.object();
        line.put("execute", command).put("id", id);
        if (!arguments.isEmpty()) {
            line.set("arguments", Json.tree(arguments));
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        pending.put(id, answer);
        try {
            if (closed.isDone()) {
                throw new IOException("the connection is closed");
            }
            write((Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8));
            JsonNode got = get(answer, limit);
            JsonNode error = got.get("error");
            if (error != null) {
                throw new QmpError(command, error.path("desc").asString("no reason given"));
            }
            return got.path("return");
        } finally {
            pending.remove(id);
        }
    }

    Expected expect(String event, Predicate<JsonNode> data) {
        Expected one = new Expected(e -> e.name().equals(event) && data.test(e.data()));
        expected.add(one);
        return one;
    }

    private synchronized void write(byte[] line) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(line);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static <T extends @Nullable Object> T get(CompletableFuture<T> future, Duration limit) throws IOException {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + limit.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException("the connection is closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void read(Consumer<Event> events, CompletableFuture<@Nullable Void> greeted) {
        try {
            for (String line = line(); line != null; line = line()) {
                JsonNode message = Json.MAPPER.readTree(line);
                JsonNode event = message.get("event");
                if (message.has("QMP")) {
                    greeted.complete(null);
                } else if (event != null) {
                    arrived(new Event(event.asString(), message.path("data")), events);
                } else {
                    CompletableFuture<JsonNode> answer =
                            pending.remove(message.path("id").asLong(-1));
                    if (answer != null) {
                        answer.complete(message);
                    }
                }
            }
        } catch (IOException | JacksonException e) {
            greeted.completeExceptionally(e);
        } finally {
            end(greeted);
        }
    }

    private void arrived(Event event, Consumer<Event> events) {
        List<Expected> met =
                expected.stream().filter(one -> one.wanted.test(event)).toList();
        expected.removeAll(met);
        met.forEach(one -> one.arrived.complete(event));
        events.accept(event);
    }

    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            }
            if (line.length() >= LINE) {
                throw new IOException("line too long");
            }
            line.append((char) c);
        }
        return null;
    }

    private void end(CompletableFuture<@Nullable Void> greeted) {
        IOException ended = new IOException("the connection is closed");
        close();
        greeted.completeExceptionally(ended);
        closed.complete(null);
        pending.values().forEach(answer -> answer.completeExceptionally(ended));
        expected.forEach(one -> one.arrived.completeExceptionally(ended));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // a socket that cannot be closed is closed
            closed.complete(null);
        }
    }
}

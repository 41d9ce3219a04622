package io.nacre.compute.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.compute.Wait;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that plays QEMU, and can misbehave as the real one would not. */
class QmpTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

    @TempDir
    Path directory;

    private ServerSocketChannel server;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private volatile SocketChannel peer;
    private volatile boolean mute;

    @BeforeEach
    void start() throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(directory.resolve("qmp")));
        Thread.startVirtualThread(this::serve);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private void serve() {
        try {
            peer = server.accept();
            say("{\"QMP\": {\"version\": {}}}");
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (peer.read(buffer.clear()) >= 0) {
                for (String line :
                        StandardCharsets.UTF_8.decode(buffer.flip()).toString().split("\n")) {
                    commands.add(line);
                    Matcher id = ID.matcher(line);
                    if (id.find() && !mute) {
                        String answer = line.contains("bad")
                                ? "\"error\": {\"class\": \"GenericError\", \"desc\": \"no such thing\"}"
                                : "\"return\": {\"id\": " + id.group(1) + "}";
                        say("{\"event\": \"NOISE\", \"data\": {}}");
                        say("{" + answer + ", \"id\": " + id.group(1) + "}");
                    }
                }
            }
        } catch (IOException e) {
            commands.add("closed");
        }
    }

    private void say(String line) throws IOException {
        peer.write(ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8)));
    }

    private Qmp connect(List<String> events) throws IOException {
        return Qmp.connect(directory.resolve("qmp"), LONG, event -> events.add(event.name()));
    }

    @Test
    void answersFindTheirCommandsAmongEvents() throws IOException {
        List<String> events = new CopyOnWriteArrayList<>();
        try (Qmp qmp = connect(events)) {
            assertThat(qmp.execute("one", Map.of("a", 1), LONG).path("id").asInt())
                    .isEqualTo(2);
            assertThat(qmp.execute("two", Map.of(), LONG).path("id").asInt()).isEqualTo(3);
            assertThat(events).hasSize(3).containsOnly("NOISE");
            assertThat(commands.get(1)).contains("\"arguments\":{\"a\":1}");
        }
    }

    @Test
    void aRefusalIsAnError() throws IOException {
        try (Qmp qmp = connect(new CopyOnWriteArrayList<>())) {
            assertThatThrownBy(() -> qmp.execute("bad", Map.of(), LONG))
                    .isInstanceOf(QmpError.class)
                    .hasMessage("bad: no such thing");
        }
    }

    @Test
    void silenceIsNotWaitedForLongerThanTheLimit() throws IOException {
        List<String> events = new CopyOnWriteArrayList<>();
        try (Qmp qmp = connect(events)) {
            mute = true;
            assertThatThrownBy(() -> qmp.execute("one", Map.of(), SHORT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no answer");
            mute = false;
            assertThat(qmp.execute("two", Map.of(), LONG).path("id").asInt()).isEqualTo(3);
        }
    }

    @Test
    void anEndOfTheConnectionEndsAllWaiting() throws IOException {
        List<String> events = new CopyOnWriteArrayList<>();
        try (Qmp qmp = connect(events)) {
            mute = true;
            Qmp.Expected never = qmp.expect("NEVER", data -> true);
            Thread.startVirtualThread(() -> {
                Wait.until("the command", () -> commands.stream().anyMatch(line -> line.contains("one")));
                try {
                    peer.close();
                } catch (IOException e) {
                    commands.add("close failed");
                }
            });
            assertThatThrownBy(() -> qmp.execute("one", Map.of(), LONG)).hasMessageContaining("closed");
            assertThat(never.await(LONG)).isFalse();
            qmp.closed().join();
            assertThatThrownBy(() -> qmp.execute("two", Map.of(), LONG)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anExpectedEventIsKnownByItsData() throws IOException {
        List<String> events = new CopyOnWriteArrayList<>();
        try (Qmp qmp = connect(events)) {
            Qmp.Expected wanted =
                    qmp.expect("GONE", data -> data.path("device").asString("").equals("b"));
            say("{\"event\": \"GONE\", \"data\": {\"device\": \"a\"}}");
            assertThat(wanted.await(SHORT)).isFalse();
            say("{\"event\": \"GONE\", \"data\": {\"device\": \"b\"}}");
            assertThat(wanted.await(LONG)).isTrue();
        }
    }

    @Test
    void whoDoesNotSpeakTheProtocolIsNotConnectedTo() throws IOException {
        try (Qmp qmp = connect(new CopyOnWriteArrayList<>())) {
            say("this is not JSON");
            qmp.closed().join();
        }
        assertThatThrownBy(() -> Qmp.connect(directory.resolve("nobody"), SHORT, event -> {}))
                .isInstanceOf(IOException.class);
    }
}

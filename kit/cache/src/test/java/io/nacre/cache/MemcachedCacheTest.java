package io.nacre.cache;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.nacre.config.Bytes;
import io.nacre.config.Secret;
import io.nacre.testkit.Cable;
import io.nacre.testkit.MemcachedServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MemcachedCacheTest extends CacheContract {
    private static MemcachedServer server;

    @BeforeAll
    static void startServer() {
        // The client complains about every connection it does not get; what counts is what we say.
        ((Logger) LoggerFactory.getLogger("net.rubyeye.xmemcached")).setLevel(Level.OFF);
        ((Logger) LoggerFactory.getLogger("com.google.code.yanf4j")).setLevel(Level.OFF);
        server = new MemcachedServer();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    /** As patient as a busy machine needs, where nothing hangs. */
    static CacheConfig config(String secret, int... ports) {
        return config(Duration.ofSeconds(10), secret, ports);
    }

    private static CacheConfig config(Duration socketTimeout, String secret, int... ports) {
        List<String> servers = new ArrayList<>();
        for (int port : ports) {
            servers.add("127.0.0.1:" + port);
        }
        return new CacheConfig(
                Bytes.ofMiB(1),
                Duration.ofSeconds(5),
                servers,
                socketTimeout,
                Duration.ofMillis(300),
                new Secret(secret));
    }

    private Cache open(String secret, int... ports) {
        return new MemcachedCache(config(secret, ports), clock, new SecureRandom());
    }

    @Override
    Cache open() {
        return open("s3cret", server.port());
    }

    private Region region(Cache other) {
        return new Region(other, "shared", clock);
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("gave up waiting").isLessThan(end);
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void whatOneControllerPutsAnotherFinds() {
        try (Cache other = open()) {
            region(cache).put("ann", ANN, MINUTE);
            assertThat(region(other).get("ann", Person.class)).hasValue(ANN);
            region(other).invalidate("ann");
            assertThat(region(cache).get("ann", Person.class)).isEmpty();
        }
    }

    @Test
    void aServerThatGoesAwaySlowsButDoesNotFailAndIsSpokenOfOnce() {
        var logger = (Logger) LoggerFactory.getLogger(Circuit.class);
        logger.setLevel(Level.INFO);
        var log = new ListAppender<ILoggingEvent>();
        log.list = Collections.synchronizedList(new ArrayList<>());
        log.start();
        logger.addAppender(log);
        try (MemcachedServer mortal = new MemcachedServer();
                Cache fragile = open("s3cret", mortal.port())) {
            Region region = region(fragile);
            region.putBytes("k", bytes("v"), MINUTE);
            assertThat(region.bytes("k")).isPresent();
            mortal.stop();
            long start = System.nanoTime();
            for (int i = 0; i < 2000; i++) {
                assertThat(region.bytes("k")).isEmpty();
                region.putBytes("k" + i, bytes("v"), MINUTE);
                region.invalidate("k" + i);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            mortal.startAgain();
            eventually(() -> {
                region.putBytes("again", bytes("v"), MINUTE);
                return region.bytes("again").isPresent();
            });
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(2)
                .satisfiesExactly(
                        gone -> assertThat(gone).contains("does not answer, going on without it"),
                        back -> assertThat(back).contains("answers again"));
    }

    @Test
    void aServerThatHangsSlowsButDoesNotFail() {
        try (MemcachedServer hanging = new MemcachedServer();
                Cache fragile = new MemcachedCache(
                        config(Duration.ofMillis(500), "s3cret", hanging.port()), clock, new SecureRandom())) {
            Region region = region(fragile);
            region.putBytes("k", bytes("v"), MINUTE);
            assertThat(region.bytes("k")).isPresent();
            hanging.freeze();
            long start = System.nanoTime();
            for (int i = 0; i < 500; i++) {
                assertThat(region.bytes("k")).isEmpty();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            hanging.thaw();
            eventually(() -> region.bytes("k").isPresent());
        }
    }

    @Test
    void aServerThatIsNotThereYetIsFoundLater() {
        try (MemcachedServer late = new MemcachedServer()) {
            late.stop();
            try (Cache early = open("s3cret", late.port())) {
                Region region = region(early);
                assertThat(region.bytes("k")).isEmpty();
                late.startAgain();
                eventually(() -> {
                    region.putBytes("k", bytes("v"), MINUTE);
                    return region.bytes("k").isPresent();
                });
            }
        }
    }

    @Test
    void whatWasChangedWhileTheServerWasAwayIsNotReadInItsOldFormAfterwards() {
        try (Cable cable = new Cable(server.port());
                Cache remote = open("s3cret", cable.port())) {
            Region there = new Region(remote, "outage", clock);
            Region here = new Region(cache, "outage", clock);
            // Both name the server differently, but it is one server.
            there.putBytes("revoked", bytes("old"), MINUTE);
            there.putBytes("replaced", bytes("old"), MINUTE);
            there.putBytes("untouched", bytes("old"), MINUTE);
            cable.unplug();
            there.invalidate("revoked");
            there.putBytes("replaced", bytes("new"), MINUTE);
            assertThat(here.bytes("revoked")).hasValue(bytes("old"));
            cable.plug();
            eventually(() -> there.bytes("untouched").isPresent());
            assertThat(there.bytes("revoked")).isEmpty();
            assertThat(there.bytes("replaced")).isEmpty();
            assertThat(here.bytes("revoked")).isEmpty();
            assertThat(here.bytes("replaced")).isEmpty();
        }
    }

    @Test
    void oneOfSeveralServersMayBeAway() {
        try (MemcachedServer mortal = new MemcachedServer();
                Cache both = open("s3cret", server.port(), mortal.port())) {
            Region region = new Region(both, "several", clock);
            for (int i = 0; i < 100; i++) {
                region.putBytes("k" + i, bytes("v"), MINUTE);
                assertThat(region.bytes("k" + i)).isPresent();
            }
            mortal.stop();
            int left = 0;
            for (int i = 0; i < 100; i++) {
                left += region.bytes("k" + i).isPresent() ? 1 : 0;
            }
            assertThat(left).isBetween(25, 75);
        }
    }

    @Test
    void valuesAreUnreadableAndUnchangeableWithoutTheSecret() throws Exception {
        try (MemcachedServer own = new MemcachedServer();
                Cache mine = open("s3cret", own.port());
                Cache theirs = open("s3cret", own.port());
                Cache stranger = open("guess", own.port())) {
            region(mine).putBytes("token-of-ann", bytes("ann is admin"), MINUTE);
            assertThat(region(theirs).bytes("token-of-ann")).hasValue(bytes("ann is admin"));
            assertThat(region(stranger).bytes("token-of-ann")).isEmpty();

            RawMemcached raw = new RawMemcached(own.port());
            String name = raw.onlyName();
            byte[] stored = raw.get(name);
            String shown = name + new String(stored, StandardCharsets.ISO_8859_1);
            assertThat(shown).doesNotContain("token-of-ann", "s3cret", "ann is admin");

            stored[stored.length - 40] ^= 1;
            raw.set(name, stored);
            assertThat(region(theirs).bytes("token-of-ann")).isEmpty();
        }
    }

    @Test
    void aValueInThePlaceOfAnotherIsNotTaken() throws Exception {
        try (MemcachedServer own = new MemcachedServer();
                Cache mine = open("s3cret", own.port())) {
            RawMemcached raw = new RawMemcached(own.port());
            region(mine).putBytes("ann", bytes("admin"), MINUTE);
            byte[] admin = raw.get(raw.onlyName());
            region(mine).invalidate("ann");
            region(mine).putBytes("bob", bytes("reader"), MINUTE);
            raw.set(raw.onlyName(), admin);
            assertThat(region(mine).bytes("bob")).isEmpty();
        }
    }

    @Test
    void whatSomebodyElseHasStoredIsIgnoredAndNeverTakenForAJavaObject() throws Exception {
        try (MemcachedServer own = new MemcachedServer();
                Cache mine = open("s3cret", own.port())) {
            region(mine).putBytes("k", bytes("v"), MINUTE);
            RawMemcached raw = new RawMemcached(own.port());
            String name = raw.onlyName();
            for (byte[] foreign : List.of(new byte[0], bytes("x"), bytes("\0abc"), bytes("¬í\0\5sr"))) {
                raw.set(name, foreign);
                assertThat(region(mine).bytes("k")).isEmpty();
            }
        }
    }

    /** Speaks Memcached's text protocol, as anybody in the management network could. */
    private record RawMemcached(int port) {
        private static final Duration PATIENCE = Duration.ofSeconds(5);

        private byte[] talk(byte[] request, String end) throws IOException {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write(request);
                InputStream in = socket.getInputStream();
                StringBuilder answer = new StringBuilder();
                while (answer.indexOf(end) < 0) {
                    int next = in.read();
                    if (next < 0) {
                        break;
                    }
                    answer.append((char) next);
                }
                return answer.toString().getBytes(StandardCharsets.ISO_8859_1);
            }
        }

        /** A dump leaves out what Memcached has locked in that moment, so it is asked for again. */
        String onlyName() throws IOException {
            long end = System.nanoTime() + PATIENCE.toNanos();
            List<String> names = names();
            while (names.isEmpty() && System.nanoTime() < end) {
                names = names();
            }
            assertThat(names).hasSize(1);
            return names.getFirst();
        }

        private List<String> names() throws IOException {
            String dump = new String(talk(bytes("lru_crawler metadump all\r\n"), "END\r\n"), StandardCharsets.UTF_8);
            return dump.lines()
                    .filter(line -> line.startsWith("key="))
                    .map(line -> line.substring(4, line.indexOf(' ')).replace("%3A", ":"))
                    .toList();
        }

        byte[] get(String name) throws IOException {
            byte[] answer = talk(bytes("get " + name + "\r\n"), "\r\nEND\r\n");
            String text = new String(answer, StandardCharsets.ISO_8859_1);
            int start = text.indexOf("\r\n") + 2;
            return text.substring(start, text.length() - "\r\nEND\r\n".length()).getBytes(StandardCharsets.ISO_8859_1);
        }

        /** Flags 1 are what the client takes for a serialised Java object when it is let. */
        void set(String name, byte[] value) throws IOException {
            byte[] head = bytes("set " + name + " 1 0 " + value.length + "\r\n");
            byte[] request = new byte[head.length + value.length + 2];
            System.arraycopy(head, 0, request, 0, head.length);
            System.arraycopy(value, 0, request, head.length, value.length);
            request[request.length - 2] = '\r';
            request[request.length - 1] = '\n';
            assertThat(talk(request, "\r\n")).isEqualTo(bytes("STORED\r\n"));
        }
    }
}

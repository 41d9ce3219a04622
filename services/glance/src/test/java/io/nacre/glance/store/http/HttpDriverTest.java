package io.nacre.glance.store.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nacre.glance.TestNames;
import io.nacre.glance.store.StoreDriver;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link HttpDriver} reads only, so the suite of the drivers is not for it. */
class HttpDriverTest {
    private static final byte[] DATA = "0123456789".getBytes(StandardCharsets.US_ASCII);

    private final AtomicReference<@Nullable String> asked = new AtomicReference<>();
    private HttpServer web;
    private StoreDriver store;

    @BeforeEach
    void start() throws IOException {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/ranges", exchange -> serve(exchange, true));
        web.createContext("/plain", exchange -> serve(exchange, false));
        web.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 1L << 40);
            exchange.getResponseBody().write(DATA);
            exchange.getResponseBody().flush();
            exchange.close();
        });
        web.createContext("/inside", exchange -> redirect(exchange, "http://169.254.169.254/latest"));
        web.createContext("/moved", exchange -> redirect(exchange, "/ranges"));
        web.createContext("/again", exchange -> redirect(exchange, "/again"));
        web.createContext("/broken", exchange -> {
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        web.start();
        store = store(List.of("127.0.0.1:" + web.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        web.stop(0);
    }

    private static StoreDriver store(List<String> allow) {
        return new HttpStoreConfig(null, null, null, allow, null).open();
    }

    private void serve(HttpExchange exchange, boolean ranges) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        asked.set(range);
        int from = range == null || !ranges ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from >= DATA.length) {
            exchange.sendResponseHeaders(416, -1);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(DATA.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(from == 0 ? 200 : 206, DATA.length - from);
            exchange.getResponseBody().write(DATA, from, DATA.length - from);
        }
        exchange.close();
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().add("Location", location);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + path;
    }

    private byte[] get(String url, long offset) throws IOException {
        try (InputStream in = store.open(url, offset)) {
            return in.readAllBytes();
        }
    }

    @Test
    void dataIsReadFromAnyOffset() throws IOException {
        for (String path : List.of("/ranges", "/plain", "/moved")) {
            assertThat(store.size(url(path))).isEqualTo(10);
            for (int offset : List.of(0, 1, 9, 10)) {
                assertThat(get(url(path), offset))
                        .as("%s from %d", path, offset)
                        .isEqualTo(Arrays.copyOfRange(DATA, offset, 10));
                assertThat(asked.get()).isEqualTo(offset == 0 ? null : "bytes=" + offset + "-");
            }
        }
    }

    @Test
    void partsAreReadAsLongAsThatIsCheap() throws IOException {
        for (String path : List.of("/ranges", "/plain")) {
            assertThat(store.read(url(path), 3, 4)).as(path).isEqualTo(Arrays.copyOfRange(DATA, 3, 7));
            assertThat(store.read(url(path), 8, 4)).as(path).hasSize(2);
        }
        assertThatThrownBy(() -> store.read(url("/endless"), (64 << 20) + 1, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("gives no parts");
    }

    @Test
    void whatIsNotThereIsToldFromWhatDoesNotWork() {
        assertThatThrownBy(() -> store.size(url("/nothing"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> store.open(url("/nothing"), 0)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> store.open(url("/broken"), 0))
                .isNotInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("the answer was 500");
        assertThatThrownBy(() -> store.size(url("/again")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("redirected too often");
        String url = url("/ranges");
        web.stop(0);
        assertThatThrownBy(() -> store.size(url))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("does not answer");
    }

    @Test
    void itNeverLeadsInside() {
        assertThatThrownBy(() -> store.open(url("/inside"), 0)).hasMessageContaining("does not pass filtering");
        StoreDriver strict = store(List.of());
        for (String bad : List.of(
                url("/ranges"),
                "http://127.0.0.1/x",
                "http://169.254.169.254/latest",
                "http://10.0.0.1/",
                "http://[::1]/",
                "http://user:pass@example.org/x",
                "file:///etc/passwd",
                "ftp://example.org/x")) {
            assertThat(strict.takes(bad)).as(bad).isFalse();
            assertThatThrownBy(() -> strict.open(bad, 0)).as(bad).isInstanceOf(IOException.class);
        }
        // A name is judged when it is looked up.
        assertThat(strict.takes("http://localhost/x")).isTrue();
        assertThatThrownBy(() -> strict.open("http://localhost/x", 0)).hasMessageContaining("is not allowed");
        assertThat(strict.takes("https://images.example.org/debian.qcow2")).isTrue();
    }

    @Test
    void aNameIsJudgedByAllThatItLeadsTo() {
        StoreDriver strict = store(List.of());
        for (String inside : List.of("127.0.0.1", "10.1.2.3", "169.254.169.254", "fd00::1", "::ffff:10.0.0.1")) {
            TestNames.set("two.test", "192.0.2.7", inside);
            assertThatThrownBy(() -> strict.size("http://two.test/x"))
                    .as(inside)
                    .hasMessageContaining("is not allowed");
        }
    }

    @Test
    void nothingIsEverWrittenOrRemoved() throws IOException {
        assertThatThrownBy(() -> store.create(url("/ranges"), 5)).isInstanceOf(IOException.class);
        store.delete(url("/ranges"));
        assertThat(store.keys()).isEmpty();
        assertThat(get(url("/ranges"), 0)).isEqualTo(DATA);
        assertThat(new HttpStoreConfig(null, null, null, null, null).readOnly()).isTrue();
    }

    @Test
    void addressesThatAreNoneAreRefusedAtTheStart() {
        assertThatThrownBy(() -> new HttpStoreConfig(null, null, null, List.of("somewhere"), null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

package io.nacre.network.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Fault;
import io.nacre.config.Bytes;
import io.nacre.contracts.node.MetadataSource;
import io.nacre.contracts.node.MetadataSource.Answer;
import io.nacre.contracts.node.MetadataSource.Query;
import io.nacre.network.NetworkConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Speaks to the metadata service by the byte, over loopback. */
class MetadataRequestTest {
    private final List<Query> queries = new ArrayList<>();
    private MetadataSource source = query -> {
        queries.add(query);
        return new Answer(200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
    };
    private NetworkConfig.Metadata limits = new NetworkConfig.Metadata(Bytes.ofKiB(1), Duration.ofSeconds(10), 4);
    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws IOException {
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** What comes back for these bytes, until the server closes. */
    private String exchange(String... parts) throws Exception {
        Thread serving = Thread.ofVirtual().start(() -> {
            try (SocketChannel guest = server.accept()) {
                new MetadataRequest(guest, "net", limits, source).answer();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        try (Socket socket = new Socket()) {
            socket.connect(server.getLocalAddress());
            socket.setSoTimeout(10_000);
            for (String part : parts) {
                socket.getOutputStream().write(part.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            }
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            serving.join();
            return answer;
        }
    }

    @Test
    void answersWithTheSourcesWords() throws Exception {
        assertThat(exchange("GET /openstack HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                        + "Connection: close\r\n\r\n{}");
        assertThat(queries).containsExactly(new Query("net", "127.0.0.1", "GET", "/openstack", ""));
    }

    @Test
    void takesRequestsInPieces() throws Exception {
        assertThat(exchange("GET /a", "?b=c HTTP/1.0\r", "\n\r", "\n")).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(queries).containsExactly(new Query("net", "127.0.0.1", "GET", "/a?b=c", ""));
    }

    @Test
    void headHasNoBody() throws Exception {
        assertThat(exchange("HEAD / HTTP/1.1\r\n\r\n"))
                .contains("Content-Length: 2\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void postPassesWithItsMethodAndItsBodyIsRead() throws Exception {
        assertThat(exchange("POST /openstack/latest/password HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345", "67890"))
                .startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(queries)
                .containsExactly(new Query("net", "127.0.0.1", "POST", "/openstack/latest/password", "1234567890"));
    }

    @Test
    void wholeAddressesAreTakenApart() throws Exception {
        exchange("GET http://169.254.169.254/latest HTTP/1.1\r\n\r\n");
        exchange("GET http://169.254.169.254 HTTP/1.1\r\n\r\n");
        assertThat(queries.stream().map(Query::path)).containsExactly("/latest", "/");
    }

    @Test
    void nobodyCanClaimAnotherAddress() throws Exception {
        exchange("GET / HTTP/1.1\r\nX-Forwarded-For: 10.0.0.9\r\nX-Instance-ID: other\r\n\r\n");
        assertThat(queries).containsExactly(new Query("net", "127.0.0.1", "GET", "/", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "'GET /\r\n\r\n', 400",
        "'GET / HTTP/2.0\r\n\r\n', 400",
        "'GET nowhere HTTP/1.1\r\n\r\n', 400",
        "'\r\n\r\n', 400",
        "'DELETE / HTTP/1.1\r\n\r\n', 405",
        "'POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n', 413"
    })
    void refusesWhatItCannotTake(String request, int status) throws Exception {
        assertThat(exchange(request)).startsWith("HTTP/1.1 " + status + " ");
        assertThat(queries).isEmpty();
    }

    @Test
    void endlessHeadersAreCutOff() throws Exception {
        String header = "X-Filler: " + "x".repeat(100) + "\r\n";
        assertThat(exchange("GET / HTTP/1.1\r\n" + header.repeat(12) + "\r\n")).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void silentGuestIsLetGo() throws Exception {
        limits = new NetworkConfig.Metadata(Bytes.ofKiB(1), Duration.ofMillis(200), 4);
        assertThat(exchange("GET / HTTP/1.1\r\nHost:")).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void controllerThatIsAwayIsToBeAskedAgain() throws Exception {
        source = query -> {
            throw Fault.unavailable("no controller answers");
        };
        assertThat(exchange("GET / HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 503 ")
                .doesNotContain("controller");
        source = query -> {
            throw new IllegalStateException("broken");
        };
        assertThat(exchange("GET / HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 500 ")
                .doesNotContain("broken");
    }

    @Test
    void headersOfTheAnswerCannotBeSplit() throws Exception {
        source = query -> new Answer(200, "text/plain\r\nX-Evil: 1", new byte[0]);
        assertThat(exchange("GET / HTTP/1.1\r\n\r\n")).doesNotContain("\r\nX-Evil");
    }
}

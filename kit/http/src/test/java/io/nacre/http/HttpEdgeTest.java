package io.nacre.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.policy.Overrides;
import io.nacre.policy.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server does with clients that are slow, elsewhere, or still there when it stops. */
class HttpEdgeTest {
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Schema ANY = Schema.of("{\"type\": \"object\"}");
    private static final ErrorFormat ERRORS =
            failure -> Response.json(failure.status(), Map.of("status", failure.status()));

    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);
    private int port;
    private final AtomicBoolean read = new AtomicBoolean();
    private final HttpServer server = new HttpServer(
            new HttpConfig(
                    1000, 8 << 10, 64, IDLE, DEADLINE, Duration.ofSeconds(10), List.of("https://console.test"), true),
            Ids.seeded(1),
            InstantSource.system());

    @BeforeEach
    void start() {
        List<Route> routes = List.of(
                Route.get("/where").open().to(r -> Response.json(200, Map.of("base", r.baseUrl()))),
                Route.get("/slow").open().to(r -> {
                    entered.countDown();
                    await(finish);
                    return Response.json(200, Map.of("slow", true));
                }),
                Route.post("/begun").open().media("text/plain").to(r -> {
                    try (InputStream in = r.stream()) {
                        return Response.json(
                                400, Map.of("begins", new String(in.readNBytes(2), StandardCharsets.US_ASCII)));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }),
                Route.post("/things").open().body(ANY).to(r -> {
                    read.set(true);
                    return Response.json(201, r.json());
                }));
        Service service = new Service("edge", routes, new Policy(List.of(), Overrides.NONE), ERRORS, null, null);
        server.serve(service, claim -> Caller.anonymous(claim.requestId()), "127.0.0.1", 0);
        server.start();
        port = server.port("edge");
    }

    @AfterEach
    void stop() {
        finish.countDown();
        server.close();
        client.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private Socket connect(String text) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        say(socket, text);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String firstLine(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    /** A connection that is closed on a client that still sends is reset, and the answer is lost. */
    @Test
    void aBodyThatNobodyReadsToItsEndDoesNotEndTheConnection() throws Exception {
        String head = "POST /begun HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5000\r\n\r\n";
        try (Socket socket = connect(head + "no" + "x".repeat(2998))) {
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 400 ");
            say(socket, "x".repeat(2000) + head + "go" + "x".repeat(4998));
            String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(rest).contains("{\"begins\":\"no\"}", "HTTP/1.1 400 ", "{\"begins\":\"go\"}");
        }
    }

    @Test
    void aClientThatFallsSilentInTheMiddleOfItsBodyIsAnsweredAndLeft() throws Exception {
        long began = System.nanoTime();
        try (Socket socket = connect("POST /things HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n{\"a\"")) {
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 408 ");
            socket.getInputStream().readAllBytes();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(IDLE.dividedBy(2), IDLE.multipliedBy(8));
        assertThat(read).isFalse();
    }

    @Test
    void aClientThatDripsIsHeldToTheDeadline() throws Exception {
        try (Socket socket = connect("POST /things HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n{\"a\": \"")) {
            Thread drip = Thread.ofVirtual().start(() -> {
                try {
                    while (!finish.await(300, TimeUnit.MILLISECONDS)) {
                        say(socket, "x");
                    }
                } catch (IOException | InterruptedException e) {
                    // The server has closed the connection, as it should.
                }
            });
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 408 ");
            finish.countDown();
            drip.join();
        }
        assertThat(read).isFalse();
    }

    @Test
    void aConnectionThatNeverAsksIsClosed() throws Exception {
        try (Socket socket = connect("GET /where HTTP/1.1\r\nHost:")) {
            String line = firstLine(socket);
            assertThat(line.isEmpty() || line.startsWith("HTTP/1.1 4")).as(line).isTrue();
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsSent() throws Exception {
        try (Socket socket = connect("POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n")) {
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 413 ");
        }
        try (Socket socket = connect("POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")) {
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 100 ");
            say(socket, "{}");
        }
    }

    @Test
    void aClientThatSendsItsWholeBodyFirstGetsTheRefusalToo() throws Exception {
        String head = "POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
        String body = "x".repeat(4_000_000);
        try (Socket socket = connect(head + "Content-Length: " + body.length() + "\r\n\r\n")) {
            Thread.sleep(100);
            say(socket, body);
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 413 ");
        }
        try (Socket socket = connect(head + "Transfer-Encoding: chunked\r\n\r\n")) {
            say(socket, Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void aConnectionServesOnAfterARefusalBeforeTheBodyCame() throws Exception {
        try (Socket socket = connect("PATCH /things HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")) {
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 401 ");
            say(socket, "{}GET /healthcheck HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("HTTP/1.1 200 ");
        }
    }

    @Test
    void headersThatAreTooLargeAreRefused() throws Exception {
        try (Socket socket = connect("GET /where HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(9000) + "\r\n\r\n")) {
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void aRequestInFlightEndsWhileTheServerStopsAndNoMoreAreTaken() throws Exception {
        var answer = client.sendAsync(request("/slow").build(), BodyHandlers.ofString());
        await(entered);
        Thread stopping = Thread.ofVirtual().start(server::close);
        Thread.sleep(300);
        assertThat(stopping.isAlive()).isTrue();
        String late;
        try (Socket socket = connect("GET /where HTTP/1.1\r\nHost: a\r\n\r\n")) {
            late = firstLine(socket);
        } catch (ConnectException e) {
            late = "";
        }
        assertThat(late).doesNotContain(" 200 ");
        finish.countDown();
        assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(stopping.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void aPageOfAConfiguredOriginMayAskAndNoOther() throws Exception {
        HttpResponse<String> preflight = send(request("/things")
                .header("Origin", "https://console.test")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(preflight.statusCode()).isEqualTo(200);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .contains("https://console.test");
        assertThat(preflight
                        .headers()
                        .firstValue("Access-Control-Allow-Headers")
                        .orElse(""))
                .contains("X-Auth-Token");
        HttpResponse<String> foreign = send(request("/where").header("Origin", "https://elsewhere.test"));
        assertThat(foreign.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void aProxyThatIsTrustedTellsWhereTheClientIs() throws Exception {
        assertThat(send(request("/where")
                                .header("X-Forwarded-Host", "cloud.test:8774")
                                .header("X-Forwarded-Proto", "https"))
                        .body())
                .contains("https://cloud.test:8774");
    }

    @Test
    void aLoadBalancerCanAskForHealth() throws Exception {
        HttpResponse<String> healthy = send(request("/healthcheck"));
        assertThat(healthy.statusCode()).isEqualTo(200);
        assertThat(healthy.body()).isEqualTo("OK");
    }
}

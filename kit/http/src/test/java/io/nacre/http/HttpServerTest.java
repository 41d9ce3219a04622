package io.nacre.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.policy.Overrides;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    private static final PolicyRule READ = PolicyRule.project("test:read", "role:reader", "");
    private static final PolicyRule OWN = PolicyRule.of("test:own", "user_id:%(target.owner)s");
    private static final PolicyRule WRITE = PolicyRule.project("test:write", "role:member", "");
    private static final Schema THING = Schema.of("""
            {"type": "object", "required": ["thing"], "additionalProperties": false, "properties": {"thing":
              {"type": "object", "required": ["name"], "additionalProperties": false, "properties":
                {"name": {"type": "string", "minLength": 1, "maxLength": 10}, "size": {"type": "integer"}}}}}""");
    private static final ErrorFormat ERRORS = failure -> Response.json(
            failure.status(),
            Map.of("status", failure.status(), "message", failure.fault().message()));

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server = new HttpServer(HttpConfig.defaults(), Ids.seeded(1), InstantSource.system());

    @BeforeEach
    void start() {
        List<Route> routes = List.of(
                Route.get("/").open().to(r -> Response.json(200, Map.of("versions", List.of()))),
                Route.get("/things/{name}")
                        .policy(READ)
                        .to(r -> Response.json(200, Map.of("name", r.param("name"), "minor", r.minor()))),
                Route.get("/things/special").policy(READ).to(r -> Response.json(200, "special")),
                Route.get("/new").policy(READ).since(5).to(r -> Response.json(200, "new")),
                Route.post("/things").policy(WRITE).body(THING).to(r -> Response.json(201, r.json("thing"))),
                Route.put("/data")
                        .policy(WRITE)
                        .media("application/octet-stream")
                        .to(r -> Response.json(200, count(r.stream()))),
                Route.get("/data")
                        .policy(READ)
                        .to(r -> Response.stream(
                                200, "application/octet-stream", 3_000_000, out -> out.write(new byte[3_000_000]))),
                Route.get("/owned/{owner}")
                        .policy(OWN, r -> Map.of("target.owner", r.param("owner")))
                        .to(r -> Response.empty(200)),
                Route.get("/broken").policy(READ).to(r -> {
                    throw new IllegalStateException("a secret");
                }),
                Route.get("/half-gone").policy(READ).to(r -> {
                    throw new NoClassDefFoundError("a secret");
                }));
        Policy policy = new Policy(List.of(READ, WRITE, OWN), Overrides.NONE);
        Service service = new Service(
                "test",
                routes,
                policy,
                ERRORS,
                new Microversions("test", "X-Test-API-Version", 2, 1, 9),
                "X-Test-Request-Id");
        server.serve(service, HttpServerTest::authenticate, "127.0.0.1", 0);
        server.start();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static Caller authenticate(Caller.Claim claim) {
        if (!Set.of("reader", "member").contains(claim.token())) {
            throw Fault.unauthenticated("The request you have made requires authentication.");
        }
        Caller.Person person = new Caller.Person("u1", "user", "default", "Default");
        Set<String> roles = claim.token().equals("member") ? Set.of("member", "reader") : Set.of("reader");
        return new Caller(
                claim.requestId(), claim.globalRequestId(), person, new Caller.Scope(person, null, false), roles, null);
    }

    private static int count(InputStream in) {
        try {
            return in.readAllBytes().length;
        } catch (IOException e) {
            throw Fault.invalid("broken off").because(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("test") + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String body) throws Exception {
        return send(request("/things")
                .header("X-Auth-Token", "member")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void anOpenRouteNeedsNoTokenAndEveryOtherPathDoes() throws Exception {
        assertThat(send(request("/")).statusCode()).isEqualTo(200);
        assertThat(send(request("/things/a")).statusCode()).isEqualTo(401);
        assertThat(send(request("/nowhere")).statusCode()).isEqualTo(401);
        assertThat(send(request("/things/a").header("X-Auth-Token", "stale")).statusCode())
                .isEqualTo(401);
        assertThat(send(request("/").header("X-Auth-Token", "stale")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aRuleCanBeCheckedWithTheObjectThatThePathNames() throws Exception {
        assertThat(send(request("/owned/u1").header("X-Auth-Token", "reader")).statusCode())
                .isEqualTo(200);
        assertThat(send(request("/owned/u2").header("X-Auth-Token", "reader")).statusCode())
                .isEqualTo(403);
    }

    @Test
    void everyAnswerTellsItsRequestIdUnderBothNames() throws Exception {
        HttpResponse<String> response = send(request("/things/a").header("X-Auth-Token", "reader"));
        String id = response.headers().firstValue("X-Openstack-Request-Id").orElseThrow();
        assertThat(id).matches("req-[0-9a-f-]{36}");
        assertThat(response.headers().firstValue("X-Test-Request-Id")).contains(id);
    }

    @Test
    void parametersKeepEncodedSlashesAndLiteralsComeFirst() throws Exception {
        assertThat(send(request("/things/a%2Fb%20c+d").header("X-Auth-Token", "reader"))
                        .body())
                .contains("a/b c+d");
        assertThat(send(request("/things/special").header("X-Auth-Token", "reader"))
                        .body())
                .isEqualTo("\"special\"");
        assertThat(send(request("/things/%00").header("X-Auth-Token", "reader")).statusCode())
                .isEqualTo(400);
    }

    @Test
    void aWrongMethodIsToldWhatIsAllowed() throws Exception {
        HttpResponse<String> response =
                send(request("/things/a").header("X-Auth-Token", "reader").DELETE());
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
        assertThat(send(request("/nowhere").header("X-Auth-Token", "reader")).statusCode())
                .isEqualTo(404);
    }

    @Test
    void headIsTheGetWithoutItsBody() throws Exception {
        HttpResponse<String> response =
                send(request("/data").header("X-Auth-Token", "reader").HEAD());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Length")).contains("3000000");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void policyIsCheckedBeforeTheBody() throws Exception {
        HttpResponse<String> response =
                send(request("/things").header("X-Auth-Token", "reader").POST(BodyPublishers.ofString("{")));
        assertThat(response.statusCode()).isEqualTo(403);
    }

    @Test
    void microversionsAreNegotiatedAndTold() throws Exception {
        HttpResponse<String> plain = send(request("/things/a").header("X-Auth-Token", "reader"));
        assertThat(plain.body()).contains("\"minor\":1");
        assertThat(plain.headers().firstValue("Vary")).contains("OpenStack-API-Version, X-Test-API-Version");
        HttpResponse<String> latest =
                send(request("/new").header("X-Auth-Token", "reader").header("OpenStack-API-Version", "test latest"));
        assertThat(latest.statusCode()).isEqualTo(200);
        assertThat(latest.headers().firstValue("OpenStack-API-Version")).contains("test 2.9");
        assertThat(send(request("/new").header("X-Auth-Token", "reader").header("X-Test-API-Version", "2.4"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(send(request("/new").header("X-Auth-Token", "reader").header("OpenStack-API-Version", "test 2.10"))
                        .statusCode())
                .isEqualTo(406);
        assertThat(send(request("/new").header("X-Auth-Token", "reader").header("OpenStack-API-Version", "test 2.x"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(request("/new").header("X-Auth-Token", "reader").header("OpenStack-API-Version", "other 2.9"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aBodyThatDoesNotFitIsRefusedWithTheFieldsName() throws Exception {
        assertThat(post("{\"thing\": {\"name\": \"a\", \"size\": 3}}").statusCode())
                .isEqualTo(201);
        assertThat(post("{\"thing\": {\"name\": \"a\", \"colour\": 3}}").body())
                .contains("400")
                .contains("colour");
        assertThat(post("{\"thing\": {\"name\": 7}}").body())
                .contains("400")
                .contains("Invalid input for field/attribute name. Value: 7. 7 is not of type 'string'");
        assertThat(post("{\"thing\": {}}").body()).contains("400").contains("name");
        assertThat(post("{\"thing\": {\"name\": \"a\", \"name\": \"b\"}}").statusCode())
                .isEqualTo(400);
        assertThat(post("{\"thing\": ").statusCode()).isEqualTo(400);
        assertThat(post("[".repeat(5000)).statusCode()).isEqualTo(400);
        assertThat(post("{\"thing\": {\"name\": \"a\", \"size\": " + "9".repeat(2000) + "}}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("").statusCode()).isEqualTo(400);
        assertThat(post("{\"thing\": {\"name\": \"" + "x".repeat(2_000_000) + "\"}}")
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void aChunkedBodyIsBoundedToo() throws Exception {
        byte[] large = "x".repeat(2_000_000).getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response = send(request("/things")
                .header("X-Auth-Token", "member")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.SequenceInputStream(
                        new ByteArrayInputStream("{\"a\": \"".getBytes(StandardCharsets.UTF_8)),
                        new ByteArrayInputStream(large)))));
        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void anotherMediaTypeIsRefused() throws Exception {
        HttpResponse<String> response = send(request("/things")
                .header("X-Auth-Token", "member")
                .header("Content-Type", "text/xml")
                .POST(BodyPublishers.ofString("<a/>")));
        assertThat(response.statusCode()).isEqualTo(415);
    }

    @Test
    void bodiesStreamBothWays() throws Exception {
        HttpResponse<String> up = send(request("/data")
                .header("X-Auth-Token", "member")
                .header("Content-Type", "application/octet-stream")
                .expectContinue(true)
                .PUT(BodyPublishers.ofByteArray(new byte[5_000_000])));
        assertThat(up.body()).isEqualTo("5000000");
        HttpResponse<byte[]> down =
                client.send(request("/data").header("X-Auth-Token", "reader").build(), BodyHandlers.ofByteArray());
        assertThat(down.body()).hasSize(3_000_000);
    }

    @Test
    void anUnexpectedErrorTellsNothingOfTheInside() throws Exception {
        for (String path : List.of("/broken", "/half-gone")) {
            HttpResponse<String> response = send(request(path).header("X-Auth-Token", "reader"));
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).doesNotContain("secret");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNotCalledTaken() {
        HttpServer second = new HttpServer(HttpConfig.defaults(), Ids.seeded(2), InstantSource.system());
        Service service = new Service("late", List.of(), new Policy(List.of(), Overrides.NONE), ERRORS, null, null);
        second.serve(service, HttpServerTest::authenticate, "203.0.113.9", 0);
        assertThatThrownBy(second::start)
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("this machine does not have the address");
    }

    @Test
    void aTakenPortIsNamedWithWhoHasIt() {
        HttpServer second = new HttpServer(HttpConfig.defaults(), Ids.seeded(2), InstantSource.system());
        Service service = new Service("late", List.of(), new Policy(List.of(), Overrides.NONE), ERRORS, null, null);
        second.serve(service, HttpServerTest::authenticate, "127.0.0.1", server.port("test"));
        assertThatThrownBy(second::start)
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("late")
                .hasMessageContaining("127.0.0.1:" + server.port("test"))
                .hasMessageContaining(
                        "in use by process " + ProcessHandle.current().pid() + " (")
                .hasMessageContaining("java");
    }

    @Test
    void ambiguousFramingIsRefused() throws Exception {
        assertThat(
                        raw(
                                "POST /things HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .contains("400");
        assertThat(raw("GET /../etc HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .contains("400");
    }

    private String raw(String text) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port("test"))) {
            socket.setSoTimeout(5000);
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            byte[] buffer = new byte[1000];
            int read = socket.getInputStream().read(buffer);
            return new String(buffer, 0, Math.max(read, 0), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void unicodePassesThroughUnharmed() throws Exception {
        HttpResponse<String> response = post("{\"thing\": {\"name\": \"ñ漢😀\"}}");
        assertThat(Json.parse(new ByteArrayInputStream(response.body().getBytes(StandardCharsets.UTF_8)))
                        .get("name")
                        .asString())
                .isEqualTo("ñ漢😀");
    }
}

package io.nacre.nova;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.contracts.event.AgentReported;
import io.nacre.database.Database;
import io.nacre.database.DatabaseConfig;
import io.nacre.http.HttpConfig;
import io.nacre.http.HttpServer;
import io.nacre.policy.Overrides;
import io.nacre.quota.Quotas;
import io.nacre.tasks.TaskConfig;
import io.nacre.tasks.TaskEngine;
import io.nacre.testkit.Eventually;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Nova on SQLite behind real HTTP, with neighbours and hosts in memory. Tokens are ROLE or ROLE:PROJECT. */
final class NovaCloud implements AutoCloseable {
    final FakeImages images = new FakeImages();
    final FakeNetworks networks;
    final FakePlacement placement = new FakePlacement();
    final Map<String, FakeNode> nodes = new LinkedHashMap<>();
    final Database database;
    final TaskEngine tasks;
    final Nova nova;
    private final InstantSource clock = Clock.systemUTC();
    private final HttpServer http;
    private final HttpClient client = HttpClient.newHttpClient();

    NovaCloud(Path directory, String... hosts) {
        database = Database.open(
                DatabaseConfig.file(directory.resolve("nova.db")),
                List.of(Nova.MIGRATIONS, TaskEngine.MIGRATIONS, Quotas.MIGRATIONS, FakeRows.MIGRATIONS));
        networks = new FakeNetworks(database);
        tasks = new TaskEngine(database, clock, Ids.seeded(3), TaskConfig.DEFAULTS, "here");
        for (String host : hosts) {
            nodes.put(host, new FakeNode(host));
        }
        nova = new Nova(
                database,
                tasks,
                new Peers(images, networks, new FakeSecurityGroups(), placement, this::node),
                NovaConfig.defaults(),
                Ids.seeded(1),
                clock,
                new Nova.Site("http://127.0.0.1:5000/v3", "controller", Overrides.NONE));
        nova.sagas().forEach(tasks::register);
        nova.heartbeat().run();
        tasks.start();
        beat();
        http = new HttpServer(HttpConfig.defaults(), Ids.seeded(2), clock);
        http.serve(nova.service(), NovaCloud::authenticate, "127.0.0.1", 0);
        http.start();
    }

    private FakeNode node(String host) {
        FakeNode node = nodes.get(host);
        if (node == null) {
            throw Fault.unavailable("nobody serves " + host);
        }
        return node;
    }

    /** Every host says that it is there. */
    void beat() {
        nodes.forEach((name, node) -> nova.hostReports()
                .heard(new AgentReported(name, Instant.EPOCH, clock.instant(), node.report(), null, false)));
    }

    private static Caller authenticate(Caller.Claim claim) {
        String[] parts = claim.token().split(":");
        Set<String> roles = switch (parts[0]) {
            case "admin" -> Set.of("admin", "member", "reader");
            case "member" -> Set.of("member", "reader");
            case "reader" -> Set.of("reader");
            default -> throw Fault.unauthenticated("The request you have made requires authentication.");
        };
        String project = parts.length > 1 ? parts[1] : "p1";
        Caller.Person user = new Caller.Person("u-" + parts[0], parts[0], "default", "Default");
        Caller.Person scope = new Caller.Person(project, project, "default", "Default");
        return new Caller(
                claim.requestId(), claim.globalRequestId(), user, new Caller.Scope(scope, null, false), roles, null);
    }

    /** What came back. */
    record Answer(int status, JsonNode body, HttpResponse<String> raw) {}

    Answer call(String token, String method, String path, @Nullable String body, int minor) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port("nova") + path))
                .header("X-Auth-Token", token)
                .header("OpenStack-API-Version", "compute 2." + minor)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            byte[] bytes = response.body().getBytes(StandardCharsets.UTF_8);
            boolean json = bytes.length > 0 && (bytes[0] == '{' || bytes[0] == '[');
            return new Answer(
                    response.statusCode(),
                    json ? Json.parse(new ByteArrayInputStream(bytes)) : Json.object(),
                    response);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer get(String token, String path) {
        return call(token, "GET", "/v2.1" + path, null, 96);
    }

    Answer post(String token, String path, String body) {
        return call(token, "POST", "/v2.1" + path, body, 96);
    }

    /** A flavor with one core, 512 MiB and 1 GiB of disk. */
    void flavor(String id) {
        post("admin", "/flavors", """
                {"flavor": {"name": "%s", "id": "%s", "ram": 512, "vcpus": 1, "disk": 1}}""".formatted("m-" + id, id));
    }

    /** Starts a server and answers its id. */
    String create(String token, String name) {
        Answer answer = post(token, "/servers", """
                {"server": {"name": "%s", "flavorRef": "1", "imageRef": "%s", "networks": "auto"}}""".formatted(name, FakeImages.CIRROS));
        if (answer.status() != 202) {
            throw new AssertionError(answer.raw().body());
        }
        return answer.body().get("server").get("id").asString();
    }

    JsonNode show(String id) {
        return get("admin", "/servers/" + id).body().get("server");
    }

    /** Waits until nothing goes on any more and the status is this. */
    JsonNode await(String id, String status) {
        Eventually.happens("server " + id + " became " + status, () -> {
            JsonNode server = show(id);
            return server != null
                    && server.get("status").asString().equals(status)
                    && server.get("OS-EXT-STS:task_state").isNull();
        });
        return show(id);
    }

    /** What servers hold in placement and neutron: their ids. */
    Set<String> holders() {
        return database.read(tx -> {
            Set<String> ids = new TreeSet<>(placement.held.all(tx).keySet());
            ids.addAll(networks.ports.all(tx).keySet());
            return ids;
        });
    }

    void awaitGone(String id) {
        Eventually.happens(
                "server " + id + " was gone",
                () -> get("admin", "/servers/" + id).status() == 404);
    }

    @Override
    public void close() {
        // First: a server that stops waits a second for connections that are open still.
        client.close();
        http.close();
        tasks.close();
        database.close();
    }
}

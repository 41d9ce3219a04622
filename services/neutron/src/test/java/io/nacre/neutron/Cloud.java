package io.nacre.neutron;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.event.PortPlugged;
import io.nacre.database.Database;
import io.nacre.http.HttpConfig;
import io.nacre.http.HttpServer;
import io.nacre.neutron.dataplane.DataPlane;
import io.nacre.policy.Overrides;
import io.nacre.tasks.Reconciler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/**
 * The service on a real port with hosts that are not real. A token is {@code role@project}; the data plane is brought up
 * to date when a test says {@link #settle}.
 */
final class Cloud implements AutoCloseable {
    final Map<String, FakeNode> hosts = new ConcurrentHashMap<>();
    final List<PortPlugged> events = new CopyOnWriteArrayList<>();
    final Neutron neutron;
    final Database database;
    private final InstantSource clock;
    private final HttpServer http;
    private final HttpClient client = HttpClient.newHttpClient();

    /** An answer: status and JSON, null without a body. */
    record Answer(int status, JsonNode json, Map<String, List<String>> headers) {
        String type() {
            return json.path("NeutronError").path("type").asString("");
        }

        String message() {
            return json.path("NeutronError").path("message").asString("");
        }

        /** The one member of the envelope. */
        JsonNode body() {
            return json.iterator().next();
        }

        String id() {
            return body().get("id").asString();
        }
    }

    Cloud(Database database, NeutronConfig config) {
        this(database, config, InstantSource.system());
    }

    Cloud(Database database, NeutronConfig config, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        neutron = new Neutron(
                database,
                Ids.secure(),
                clock,
                config,
                Overrides.NONE,
                new DataPlane.Reach(host -> hosts.computeIfAbsent(host, h -> new FakeNode()), events::add));
        http = new HttpServer(HttpConfig.defaults(), Ids.secure(), InstantSource.system());
        http.serve(neutron.service(), Cloud::authenticate, "127.0.0.1", 0);
        http.start();
    }

    private static Caller authenticate(Caller.Claim claim) {
        String[] parts = claim.token().split("@", -1);
        Set<String> roles = switch (parts[0]) {
            case "admin" -> Set.of("admin", "manager", "member", "reader");
            case "member" -> Set.of("member", "reader");
            case "reader" -> Set.of("reader");
            default -> throw Fault.unauthenticated("The request you have made requires authentication.");
        };
        Caller.Person user = new Caller.Person("user-" + parts[1], "user", "default", "Default");
        Caller.Person project = new Caller.Person(parts[1], parts[1], "default", "Default");
        return new Caller(
                claim.requestId(), claim.globalRequestId(), user, new Caller.Scope(project, null, false), roles, null);
    }

    /** A host's agent reports. */
    void report(String host, Instant startedAt) {
        FakeNode node = hosts.computeIfAbsent(host, h -> new FakeNode());
        neutron.reported(new AgentReported(host, startedAt, clock.instant(), null, node.report(), false));
    }

    /** Brings every host up to date. */
    void settle() {
        neutron.reconcilers().forEach(Reconciler::run);
    }

    Answer get(String token, String path) {
        return send(token, "GET", path, null);
    }

    Answer post(String token, String path, String body) {
        return send(token, "POST", path, body);
    }

    Answer put(String token, String path, String body) {
        return send(token, "PUT", path, body);
    }

    Answer delete(String token, String path) {
        return send(token, "DELETE", path, null);
    }

    Answer send(String token, String method, String path, String body, String... headers) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + http.port("neutron") + path))
                    .header("X-Auth-Token", token)
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')));
            if (headers.length > 0) {
                request.headers(headers);
            }
            var response = client.send(request.build(), BodyHandlers.ofString());
            JsonNode json = response.body().isEmpty() ? null : Json.MAPPER.readTree(response.body());
            return new Answer(response.statusCode(), json, response.headers().map());
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String network(String token, String name) {
        Answer made = post(token, "/v2.0/networks", "{'network': {'name': '" + name + "'}}");
        if (made.status() != 201) {
            throw new AssertionError(made);
        }
        return made.id();
    }

    String subnet(String token, String network, String cidr) {
        int version = cidr.contains(":") ? 6 : 4;
        Answer made = post(
                token,
                "/v2.0/subnets",
                "{'subnet': {'network_id': '" + network + "', 'cidr': '" + cidr + "', 'ip_version': " + version + "}}");
        if (made.status() != 201) {
            throw new AssertionError(made);
        }
        return made.id();
    }

    Answer port(String token, String network, String more) {
        return post(token, "/v2.0/ports", "{'port': {'network_id': '" + network + "'" + more + "}}");
    }

    @Override
    public void close() {
        // First: a server that stops waits a second for connections that are open still.
        client.close();
        http.close();
    }
}

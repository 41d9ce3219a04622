package io.nacre.keystone;

import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.cache.Cache;
import io.nacre.cache.LocalCache;
import io.nacre.config.Bytes;
import io.nacre.config.Settings;
import io.nacre.contracts.peer.Identity;
import io.nacre.http.HttpConfig;
import io.nacre.http.HttpServer;
import io.nacre.policy.Overrides;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A keystone of its own, bootstrapped, on a free port of the loopback interface. */
final class KeystoneServer implements AutoCloseable {
    static final String ADMIN_PASSWORD = "admin-secret";

    final Keystone keystone;
    final String url;
    /** What was told of changes and logins, as it would go over the bus. */
    final List<JsonNode> notified = new CopyOnWriteArrayList<>();

    private final HttpServer http;
    private final HttpClient client = HttpClient.newHttpClient();

    /** What came back. */
    record Answer(int status, JsonNode json, HttpResponse<String> response) {
        String id(String envelope) {
            return json.get(envelope).get("id").asString();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** One text of each member of a collection. */
        List<String> each(String collection, String attribute) {
            return StreamSupport.stream(json.get(collection).spliterator(), false)
                    .map(member -> member.get(attribute).asString())
                    .toList();
        }
    }

    /**
     * Overrides of policies are read from policy.yaml beside the keys.
     *
     * @param options of [keystone] that differ from what tests start with, such as {@code list_limit=3}
     */
    KeystoneServer(Transactions transactions, Path keys, InstantSource clock, String... options) {
        this(transactions, keys, clock, new LocalCache(Bytes.ofMiB(1), clock), options);
    }

    KeystoneServer(Transactions transactions, Path keys, InstantSource clock, Cache cache, String... options) {
        // Cost 4 instead of 12: bcrypt itself is tested elsewhere.
        Settings settings = new Settings().text("tests", """
                [keystone]
                revocation_poll = "0s"
                remembered_tokens = 1000
                password = { hash_rounds = 4, concurrency = 1, queue = 64, remember = "1m" }
                """);
        for (String option : options) {
            settings.override("keystone." + option);
        }
        KeystoneConfig config = settings.section("keystone", KeystoneConfig.defaults(keys));
        Ids ids = Ids.secure();
        keystone = new Keystone(
                transactions, config, cache, ids, clock, Overrides.in(keys.resolve("policy.yaml")), notified::add);
        bootstrap("controller", "127.0.0.1");
        http = new HttpServer(behindProxy(HttpConfig.defaults()), ids, clock);
        Identity identity = keystone.peer();
        http.serve(keystone.service(), claim -> identity.authenticate("identity", claim), "127.0.0.1", 0);
        http.start();
        url = "http://127.0.0.1:" + http.port("keystone");
    }

    /** A proxy may say how clients came. */
    private static HttpConfig behindProxy(HttpConfig edge) {
        return new HttpConfig(
                edge.maxJsonBytes(),
                edge.maxHeaderBytes(),
                edge.maxRequests(),
                edge.idleTimeout(),
                edge.requestDeadline(),
                edge.drain(),
                edge.corsOrigins(),
                true);
    }

    /** What a start of a controller does. */
    void bootstrap(String controller, String publicHost) {
        String base = "http://" + publicHost;
        keystone.bootstrap(
                ADMIN_PASSWORD,
                "service-secret",
                new Keystone.Site(
                        controller,
                        "RegionOne",
                        List.of(
                                new Keystone.CatalogEntry("identity", "keystone", base + ":5000/v3"),
                                new Keystone.CatalogEntry("compute", "nova", base + ":8774/v2.1"),
                                new Keystone.CatalogEntry("volumev3", "cinder", base + ":8776/v3/$(project_id)s"))));
    }

    Answer send(
            String method, String path, @Nullable String token, @Nullable Object body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(body instanceof String text ? text : Json.write(body)));
        headers.forEach(request::header);
        if (token != null) {
            request.header("X-Auth-Token", token);
        }
        if (body != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            JsonNode json = response.body().isBlank() || !response.body().startsWith("{")
                    ? Json.object()
                    : Json.MAPPER.readTree(response.body());
            return new Answer(response.statusCode(), json, response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Once more when the connection ends: one that a bad request has cost may be tried by the next. */
    Answer sendAfterBad(
            String method, String path, @Nullable String token, @Nullable Object body, Map<String, String> headers) {
        try {
            return send(method, path, token, body, headers);
        } catch (IllegalStateException e) {
            return send(method, path, token, body, headers);
        }
    }

    Answer get(@Nullable String token, String path) {
        return send("GET", path, token, null, Map.of());
    }

    Answer head(@Nullable String token, String path) {
        return send("HEAD", path, token, null, Map.of());
    }

    Answer post(@Nullable String token, String path, Object body) {
        return send("POST", path, token, body, Map.of());
    }

    Answer patch(@Nullable String token, String path, Object body) {
        return send("PATCH", path, token, body, Map.of());
    }

    Answer put(@Nullable String token, String path, @Nullable Object body) {
        return send("PUT", path, token, body, Map.of());
    }

    Answer delete(@Nullable String token, String path) {
        return send("DELETE", path, token, null, Map.of());
    }

    /** What becomes of a token when a service asks for it. */
    Answer validate(String asker, String subject) {
        return send("GET", "/v3/auth/tokens", asker, null, Map.of("X-Subject-Token", subject));
    }

    /** A login with a password, as a user of the default domain named. */
    Answer login(String name, String password, @Nullable Object scope) {
        return login(Map.of("name", name, "domain", Map.of("id", "default"), "password", password), scope);
    }

    Answer login(Map<String, ?> user, @Nullable Object scope) {
        Map<String, Object> identity = Map.of("methods", List.of("password"), "password", Map.of("user", user));
        return post(null, "/v3/auth/tokens", auth(identity, scope));
    }

    static Map<String, ?> auth(Map<String, ?> identity, @Nullable Object scope) {
        return Map.of(
                "auth", scope == null ? Map.of("identity", identity) : Map.of("identity", identity, "scope", scope));
    }

    static Map<String, ?> project(String name) {
        return Map.of("project", Map.of("name", name, "domain", Map.of("id", "default")));
    }

    String token(String name, String password, @Nullable Object scope) {
        Answer answer = login(name, password, scope);
        if (answer.status() != 201) {
            throw new AssertionError(
                    "no token for " + name + ": " + answer.response().body());
        }
        return answer.header("X-Subject-Token");
    }

    String admin() {
        return token("admin", ADMIN_PASSWORD, project("admin"));
    }

    String systemAdmin() {
        return token("admin", ADMIN_PASSWORD, Map.of("system", Map.of("all", true)));
    }

    /** Makes something and answers its identifier. */
    String make(String token, String path, String envelope, Map<String, ?> attributes) {
        Answer answer = post(token, path, Map.of(envelope, attributes));
        if (answer.status() != 201) {
            throw new AssertionError(path + ": " + answer.response().body());
        }
        return answer.id(envelope);
    }

    String role(String token, String name) {
        return get(token, "/v3/roles?name=" + name)
                .json()
                .get("roles")
                .get(0)
                .get("id")
                .asString();
    }

    void grant(String token, String projectId, String userId, String roleId) {
        Answer answer = put(token, "/v3/projects/" + projectId + "/users/" + userId + "/roles/" + roleId, null);
        if (answer.status() != 204) {
            throw new AssertionError("no grant: " + answer.response().body());
        }
    }

    @Override
    public void close() {
        // First: a server that stops waits a second for connections that are open still.
        client.close();
        http.close();
        keystone.close();
    }
}

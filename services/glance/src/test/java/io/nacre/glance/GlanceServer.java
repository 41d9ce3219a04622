package io.nacre.glance;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.config.Bytes;
import io.nacre.config.Settings;
import io.nacre.database.Database;
import io.nacre.database.DatabaseConfig;
import io.nacre.glance.cache.CacheConfig;
import io.nacre.glance.store.StoreConfig;
import io.nacre.http.HttpConfig;
import io.nacre.http.HttpServer;
import io.nacre.policy.Overrides;
import io.nacre.quota.Quotas;
import io.nacre.tasks.TaskConfig;
import io.nacre.tasks.TaskEngine;
import io.nacre.testkit.Eventually;
import io.nacre.testkit.MutableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Glance on a port of its own, over SQLite in a folder. A token is {@code role@project}, so that a test says who asks
 * on the line where it asks; {@code role@system} and {@code role@domain} have these scopes, and {@code role@} has none.
 */
final class GlanceServer implements AutoCloseable {
    static final String OCTETS = "application/octet-stream";
    static final String PATCH = "application/openstack-images-v2.1-json-patch";

    final Path folder;
    final Database database;
    final TaskEngine tasks;
    final Glance glance;
    final MutableClock clock;
    final FakeIdentity identity = new FakeIdentity();
    private final boolean owned;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    GlanceServer(Path folder, UnaryOperator<GlanceConfig> changes) {
        this(folder, changes, sqlite(folder), UnaryOperator.identity(), true);
    }

    /**
     * @param database stays open when this one is closed
     * @param seen its transactions as the service gets to see them
     */
    GlanceServer(
            Path folder, UnaryOperator<GlanceConfig> changes, Database database, UnaryOperator<Transactions> seen) {
        this(folder, changes, database, seen, false);
    }

    private GlanceServer(
            Path folder,
            UnaryOperator<GlanceConfig> changes,
            Database database,
            UnaryOperator<Transactions> seen,
            boolean owned) {
        this.owned = owned;
        this.folder = folder;
        this.clock = new MutableClock(InstantSource.system().instant());
        this.database = database;
        tasks = new TaskEngine(database, InstantSource.system(), Ids.secure(), TaskConfig.DEFAULTS, "test");
        glance = new Glance(
                seen.apply(database),
                tasks,
                changes.apply(GlanceConfig.defaults(folder.resolve("images"))),
                Overrides.NONE,
                Ids.secure(),
                clock,
                new Glance.Site(URI.create("http://127.0.0.1:9292"), "here"),
                identity);
        glance.sagas().forEach(tasks::register);
        tasks.start();
        server = new HttpServer(HttpConfig.defaults(), Ids.secure(), InstantSource.system());
        server.serve(glance.service(), GlanceServer::authenticate, "127.0.0.1", 0);
        server.start();
    }

    static Database sqlite(Path folder) {
        return Database.open(
                DatabaseConfig.file(folder.resolve("state/nacre.db")),
                List.of(TaskEngine.MIGRATIONS, Quotas.MIGRATIONS, Glance.MIGRATIONS));
    }

    /** Options of [glance], as an operator writes them. */
    static UnaryOperator<GlanceConfig> settings(String toml) {
        return defaults -> new Settings().text("test", "[glance]\n" + toml).section("glance", defaults);
    }

    /** With these stores, whose drivers the test keeps a hand on. */
    static UnaryOperator<GlanceConfig> stores(Map<String, StoreConfig> stores, String byDefault) {
        return stores(stores, byDefault, null);
    }

    /** @param cache where copies of a KiB at the most are kept; null for nowhere */
    static UnaryOperator<GlanceConfig> stores(Map<String, StoreConfig> stores, String byDefault, @Nullable Path cache) {
        return was -> new GlanceConfig(
                was.storeDirectory(),
                was.imageSizeCap(),
                was.virtualSizeCap(),
                was.quotas(),
                was.requireFormatMatch(),
                was.hashingAlgorithm(),
                was.importMethods(),
                was.webDownloadPorts(),
                was.webDownloadAllow(),
                was.uploadLease(),
                was.imports(),
                stores,
                byDefault,
                new CacheConfig(cache, Bytes.ofKiB(1), Duration.ofHours(1), Duration.ofHours(1)),
                was.locations(),
                was.propertyProtection(),
                was.signatures(),
                was.useKeystoneLimits());
    }

    private static Caller authenticate(Caller.Claim claim) {
        String[] parts = claim.token().split("@", 2);
        String service = claim.headers().apply("X-Service-Token");
        Set<String> roles = roles(parts[0]);
        Caller.Person user = new Caller.Person("u-" + parts[1], "user", "default", "Default");
        Caller.Person project = new Caller.Person(parts[1], parts[1], "default", "Default");
        Caller.Scope scope = switch (parts[1]) {
            case "system" -> new Caller.Scope(null, null, true);
            case "domain" -> new Caller.Scope(null, new Caller.Person("default", "Default", null, null), false);
            case "" -> new Caller.Scope(null, null, false);
            default -> new Caller.Scope(project, null, false);
        };
        return new Caller(claim.requestId(), claim.globalRequestId(), user, scope, roles, null)
                .by(service == null ? Set.of() : roles(service.split("@", 2)[0]));
    }

    private static Set<String> roles(String role) {
        return switch (role) {
            case "admin" -> Set.of("admin", "manager", "member", "reader");
            case "member" -> Set.of("member", "reader");
            case "reader" -> Set.of("reader");
            case "service" -> Set.of("service");
            case "nobody" -> Set.of();
            default -> throw Fault.unauthenticated("The request you have made requires authentication.");
        };
    }

    int port() {
        return server.port("glance");
    }

    HttpRequest.Builder request(String token, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .header("X-Auth-Token", token)
                .header("Accept", "application/json");
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<String> get(String token, String path) throws IOException, InterruptedException {
        return send(request(token, path));
    }

    HttpResponse<String> delete(String token, String path) throws IOException, InterruptedException {
        return send(request(token, path).DELETE());
    }

    HttpResponse<String> post(String token, String path, String json) throws IOException, InterruptedException {
        return send(
                request(token, path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    HttpResponse<String> put(String token, String path, String json) throws IOException, InterruptedException {
        return send(
                request(token, path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    HttpResponse<String> patch(String token, String id, String json) throws IOException, InterruptedException {
        return send(request(token, "/v2/images/" + id)
                .header("Content-Type", PATCH)
                .method("PATCH", BodyPublishers.ofString(json)));
    }

    HttpResponse<String> upload(String token, String id, byte[] data) throws IOException, InterruptedException {
        return send(request(token, "/v2/images/" + id + "/file")
                .header("Content-Type", OCTETS)
                .PUT(BodyPublishers.ofByteArray(data)));
    }

    JsonNode json(HttpResponse<String> response) {
        return Json.read(response.body(), JsonNode.class);
    }

    /** What an answer of this status says. */
    JsonNode json(int status, HttpResponse<String> response) {
        if (response.statusCode() != status) {
            throw new AssertionError(response.statusCode() + " instead of " + status + ": " + response.body());
        }
        return json(response);
    }

    /** The id of a new image with these fields, written without braces. */
    String create(String token, String fields) throws IOException, InterruptedException {
        return json(201, post(token, "/v2/images", "{" + fields + "}"))
                .get("id")
                .stringValue();
    }

    String createRaw(String token) throws IOException, InterruptedException {
        return create(token, "\"name\": \"i\", \"disk_format\": \"raw\", \"container_format\": \"bare\"");
    }

    JsonNode show(String token, String id) throws IOException, InterruptedException {
        return json(get(token, "/v2/images/" + id));
    }

    String status(String id) throws IOException, InterruptedException {
        return show("admin@ops", id).get("status").stringValue();
    }

    /** Names of the files that hold data, complete or not. */
    List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("images"))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    /** Waits until no task is left. */
    void settle() {
        Eventually.happens("every task ended", () -> tasks.unfinished() == 0);
    }

    @Override
    public void close() {
        client.close();
        server.close();
        tasks.close();
        if (owned) {
            database.close();
        }
    }
}

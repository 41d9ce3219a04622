package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Packaged;
import io.nacre.database.Database;
import io.nacre.glance.schema.SchemaApi;
import io.nacre.http.Route;
import io.nacre.quota.Quotas;
import io.nacre.tasks.TaskEngine;
import io.nacre.testkit.CountingTransactions;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.HostileBodies;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wrong types, lengths and characters in every body that a route takes, in every query and in every path. The service
 * must not fail over any of them, and what it refuses must have changed nothing. {@code -Dnacre.fuzz=N} sends N to each
 * engine, {@code -Dnacre.fuzz.seed} chooses others.
 */
@EveryEngine(migrations = {Glance.MIGRATIONS, Quotas.MIGRATIONS, TaskEngine.MIGRATIONS})
class BadInputTest {
    private static final int REQUESTS = Integer.getInteger("nacre.fuzz", 4_000);
    private static final long SEED = Long.getLong("nacre.fuzz.seed", 1);
    private static final int SHOWN = 30;
    private static final String ADMIN = "admin@mine";

    /** Of routes that look at their bodies themselves. */
    private static final Map<String, String> SCHEMAS = Map.of(
            "POST /v2/images",
            Packaged.text(SchemaApi.class, "image.json").replaceFirst("\\{", "{\"type\": \"object\","),
            "PATCH /v2/images/{id}",
            """
            {"type": "array", "items": {"type": "object", "required": ["op", "path", "value"], "properties": {
                "op": {"enum": ["add", "replace", "remove"]}, "path": {"type": "string"}, "value": {"type": "string"}}}}
            """,
            "POST /v2/images/{id}/members",
            """
            {"type": "object", "required": ["member"], "properties": {"member": {"type": "string"}}}
            """,
            "PUT /v2/images/{id}/members/{member}",
            """
            {"type": "object", "required": ["status"], "properties": {"status": {"enum": ["accepted"]}}}
            """);

    private static final List<String> PARAMETERS = List.of(
            "limit",
            "marker",
            "sort",
            "sort_key",
            "sort_dir",
            "visibility",
            "os_hidden",
            "member_status",
            "tag",
            "name",
            "id",
            "status",
            "type",
            "owner",
            "protected",
            "size_min",
            "size_max",
            "min_ram_min",
            "created_at",
            "updated_at",
            "checksum",
            "os_hash_value",
            "resource_types",
            "resource_type",
            "changes-since",
            "x");
    private static final List<String> VALUES = List.of(
            "",
            " ",
            "0",
            "-1",
            "1.5",
            "99999999999999999999",
            "in:",
            "in:a,b",
            "in:\"a",
            "in:\"a\"b",
            "gt:",
            "gte:2026-01-01T00:00:00Z",
            "lt:0001-01-01T00:00:00Z",
            "neq:+999999999-12-31T23:59:59Z",
            "2026-13-45",
            "name:asc",
            "name:up,id",
            ",",
            "created_at",
            "definition",
            "%",
            "'\"`;--",
            "ü😀",
            "\u0000",
            "\uFFFF",
            "x".repeat(300),
            "true",
            "all");

    @TempDir
    Path folder;

    private CountingTransactions transactions;
    private GlanceServer glance;
    private String image;

    @BeforeEach
    void start(Database database) throws Exception {
        glance = new GlanceServer(folder, UnaryOperator.identity(), database, real -> {
            transactions = new CountingTransactions(real);
            return transactions;
        });
        image = glance.createRaw(ADMIN);
        glance.json(200, glance.post(ADMIN, "/v2/images/" + image + "/members", "{\"member\": \"victim\"}"));
        String property = "{\"title\": \"X\", \"type\": \"string\"}";
        glance.json(
                201,
                glance.post(
                        ADMIN,
                        "/v2/metadefs/namespaces",
                        "{\"namespace\": \"victim\", \"properties\": {\"victim\": " + property
                                + "}, \"objects\": [{\"name\": \"victim\"}], \"tags\": [{\"name\": \"victim\"}]}"));
    }

    @AfterEach
    void stop() {
        glance.close();
    }

    private List<Route> routes(Set<String> methods) {
        return glance.glance.service().routes().stream()
                .filter(route -> methods.contains(route.method()))
                .toList();
    }

    private static String schema(Route route) {
        return route.body() != null
                ? route.body().text()
                : SCHEMAS.getOrDefault(route.method() + " " + route.path(), "");
    }

    @Test
    void whateverIsSentNothingFailsAndWhatIsRefusedChangesNothing() throws Exception {
        List<Route> routes = routes(Set.of("POST", "PUT", "PATCH")).stream()
                .filter(route -> !schema(route).isEmpty())
                .toList();
        assertThat(routes).hasSizeGreaterThan(12);
        HostileBodies bodies = new HostileBodies(
                new Random(SEED),
                Map.of(
                        "namespace", "victim2",
                        "path", "/x",
                        "method", Map.of("name", "glance-direct"),
                        "type", "string",
                        "visibility", "private"));
        Outcome outcome = new Outcome();
        for (int i = 0; i < REQUESTS && outcome.wrong.size() < SHOWN; i++) {
            Route route = routes.get(i % routes.size());
            String body = bodies.next(schema(route));
            outcome.of(route, path(route, "victim"), body);
        }
        assertThat(outcome.wrong).isEmpty();
        assertThat(outcome.statuses.keySet()).contains(200, 201, 400);
        assertThat(glance.get(ADMIN, "/v2/images").statusCode()).isEqualTo(200);
    }

    @Test
    void whateverIsAskedForNothingFails() throws Exception {
        Random random = new Random(SEED);
        List<Route> reading = routes(Set.of("GET"));
        List<Route> all = routes(Set.of("GET", "PUT", "DELETE", "POST", "PATCH"));
        Outcome outcome = new Outcome();
        for (int i = 0; i < REQUESTS && outcome.wrong.size() < SHOWN; i++) {
            if (i % 3 == 0) {
                Route route = all.get(random.nextInt(all.size()));
                outcome.of(
                        route, path(route, pick(random, VALUES)).replace(image, encoded(pick(random, VALUES))), "{}");
            } else {
                Route route = reading.get(random.nextInt(reading.size()));
                StringBuilder query = new StringBuilder();
                for (int n = random.nextInt(3); n >= 0; n--) {
                    query.append(query.isEmpty() ? '?' : '&')
                            .append(pick(random, PARAMETERS))
                            .append('=')
                            .append(encoded(pick(random, VALUES)));
                }
                outcome.of(route, path(route, "victim") + query, "");
            }
        }
        assertThat(outcome.wrong).isEmpty();
        assertThat(outcome.statuses.keySet()).contains(200, 400, 404);
    }

    private static String pick(Random random, List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String path(Route route, String name) {
        return route.path()
                .replaceAll("\\{(id|image_id)}", image)
                .replace("{name*}", "image")
                .replaceAll("\\{[a-z_*]+}", encoded(name).replace("$", ""));
    }

    private final class Outcome {
        final Map<Integer, Integer> statuses = new TreeMap<>();
        final List<String> wrong = new ArrayList<>();

        void of(Route route, String path, String body) throws Exception {
            List<HttpResponse<String>> answers = new ArrayList<>();
            CountingTransactions.Work work = transactions.during(() -> answers.add(send(route, path, body)));
            int status = answers.getFirst().statusCode();
            statuses.merge(status, 1, Integer::sum);
            if (status >= 500 || (status >= 400 && work.writes() > 0)) {
                wrong.add(route.method() + " " + path + " " + status + " " + work + " "
                        + body.substring(0, Math.min(300, body.length())) + " -> "
                        + answers.getFirst().body());
            }
        }

        private HttpResponse<String> send(Route route, String path, String body) {
            try {
                var request = glance.request(ADMIN, path)
                        .header(
                                "Content-Type",
                                route.method().equals("PATCH") ? GlanceServer.PATCH : "application/json");
                return glance.send(request.method(route.method(), BodyPublishers.ofString(body)));
            } catch (Exception e) {
                throw new AssertionError(route.method() + " " + path, e);
            }
        }
    }
}

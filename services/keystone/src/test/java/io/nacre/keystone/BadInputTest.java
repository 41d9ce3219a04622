package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.database.Database;
import io.nacre.http.Route;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Wrong types, lengths and characters in every body that a route takes, made from the route's schema. The service must
 * not fail over any of them, and what it refuses must have changed nothing. {@code -Dnacre.fuzz=N} sends N to each engine.
 */
@EveryEngine(migrations = "db/keystone")
class BadInputTest {
    private static final int REQUESTS = Integer.getInteger("nacre.fuzz", 7_000);
    private static final long SEED = Long.getLong("nacre.fuzz.seed", 1);
    private static final int SHOWN = 30;

    @TempDir
    Path keys;

    private CountingTransactions transactions;
    private KeystoneServer cloud;
    private String admin;
    private String system;
    private final Map<String, String> known = new HashMap<>();
    private String adminId;

    @BeforeEach
    void start(Database database) {
        transactions = new CountingTransactions(database);
        cloud = new KeystoneServer(transactions, keys, MutableClock.fixed());
        admin = cloud.admin();
        system = cloud.systemAdmin();
        adminId = cloud.get(admin, "/v3/users?name=admin").each("users", "id").getFirst();
        make("domain", "/v3/domains", Map.of("name", "victim"));
        make("user", "/v3/users", Map.of("name", "victim", "password", "pw"));
        make("group", "/v3/groups", Map.of("name", "victim"));
        make("project", "/v3/projects", Map.of("name", "victim"));
        make("role", "/v3/roles", Map.of("name", "victim"));
        make("region", "/v3/regions", Map.of("id", "victim"));
        make("service", "/v3/services", Map.of("type", "victim"));
        make("policy", "/v3/policies", Map.of("type", "text/plain", "blob", "{}"));
        make("credential", "/v3/credentials", Map.of("user_id", adminId, "type", "cert", "blob", "{}"));
        Map<String, ?> filters = Map.of("service_id", "victim");
        make("endpoint_group", "/v3/OS-EP-FILTER/endpoint_groups", Map.of("name", "victim", "filters", filters));
        make("consumer", "/v3/OS-OAUTH1/consumers", Map.of("description", "victim"));
        make(
                "endpoint",
                "/v3/endpoints",
                Map.of("interface", "public", "service_id", known.get("service_id"), "url", "http://x/"));
        Map<String, Object> resource = Map.of("service_id", known.get("service_id"), "resource_name", "victim");
        known.put("registered_limit_id", limit("registered_limits", resource, Map.of("default_limit", 5)));
        known.put(
                "limit_id",
                limit("limits", resource, Map.of("resource_limit", 5, "project_id", known.get("project_id"))));
    }

    private void make(String envelope, String path, Map<String, ?> attributes) {
        known.put(envelope + "_id", cloud.make(admin, path, envelope, attributes));
    }

    private String limit(String collection, Map<String, Object> resource, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(resource);
        all.putAll(more);
        Answer made = cloud.post(system, "/v3/" + collection, Map.of(collection, List.of(all)));
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        return made.each(collection, "id").getFirst();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void whateverIsSentNothingFailsAndWhatIsRefusedChangesNothing() {
        List<Route> routes = cloud.keystone.service().routes().stream()
                .filter(route -> route.body() != null)
                .filter(route -> Set.of("POST", "PUT", "PATCH").contains(route.method()))
                .toList();
        HostileBodies bodies = new HostileBodies(new Random(SEED), samples());
        Map<Integer, Integer> statuses = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < REQUESTS && wrong.size() < SHOWN; i++) {
            Route route = routes.get(i % routes.size());
            String body = bodies.next(route.body().text());
            List<Answer> answers = new ArrayList<>();
            CountingTransactions.Work work = transactions.during(
                    () -> answers.add(cloud.sendAfterBad(route.method(), path(route), token(route), body, Map.of())));
            int status = answers.getFirst().status();
            statuses.merge(status, 1, Integer::sum);
            if (status >= 500 || (status >= 400 && work.writes() > 0)) {
                wrong.add(route.method() + " " + route.path() + " " + status + " " + work + " "
                        + body.substring(0, Math.min(200, body.length())));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(statuses.keySet()).contains(201, 400);
        assertThat(cloud.get(admin, "/v3/users").status()).isEqualTo(200);
    }

    private String token(Route route) {
        return route.path().contains("limits") ? system : admin;
    }

    /** What belongs to whoever asks stands below the administrator, all else below what nobody needs. */
    private String path(Route route) {
        boolean own =
                route.path().contains("application_credentials") || route.path().contains("OS-EC2");
        String path = own ? route.path().replace("{user_id}", adminId) : route.path();
        for (Map.Entry<String, String> one : known.entrySet()) {
            path = path.replace("{" + one.getKey() + "}", one.getValue());
        }
        return path.replaceAll("\\{[a-z_*]+}", "victim");
    }

    /** Values that make sense for attributes of these names. */
    private Map<String, Object> samples() {
        Map<String, Object> samples = new HashMap<>(known);
        samples.put("domain_id", "default");
        samples.put("tenant_id", known.get("project_id"));
        samples.put("trustor_user_id", adminId);
        samples.put("trustee_user_id", known.get("user_id"));
        samples.put(
                "project_id",
                cloud.get(admin, "/v3/projects?name=admin")
                        .each("projects", "id")
                        .getFirst());
        samples.put("roles", List.of(Map.of("name", "admin")));
        samples.put("url", "http://x/");
        samples.put("blob", "{}");
        samples.put("original_password", "pw");
        samples.put("parent_id", "default");
        samples.put("parent_region_id", "RegionOne");
        samples.put("resource_name", "victim");
        samples.put("methods", List.of("password"));
        samples.put("options", Map.of());
        return samples;
    }

    @Test
    void namesAndPasswordsAreOfAnyCharacters() {
        for (String text : List.of(
                "Zoë", "名前", "имя", "😀👩‍👩‍👧", "\u202Etfel", "a\tb", "\u0085", "e\u0301", "\uFFFF", "'\"`;--")) {
            String id = cloud.make(admin, "/v3/users", "user", Map.of("name", "x" + text, "password", text));
            assertThat(cloud.login("x" + text, text, null).status()).as(text).isEqualTo(201);
            assertThat(cloud.login("x" + text, text + "x", null).status())
                    .as(text)
                    .isEqualTo(401);
            assertThat(cloud.get(admin, "/v3/users/" + id)
                            .json()
                            .at("/user/name")
                            .asString())
                    .isEqualTo("x" + text);
        }
    }

    /** Bodies that are nearly right. */
    private static final class HostileBodies {
        private static final List<String> CHARACTERS =
                List.of("x", "ü", "😀", "\u0000", "\uD800", "\uDC00", "\uFFFF", "\u202E", "'", "%", "/", " ", "\n");
        private static final List<Integer> LENGTHS = List.of(0, 1, 2, 63, 64, 65, 255, 256, 257, 5_000, 70_000);
        private static final List<Object> VALUES = List.of(
                true,
                false,
                0,
                -1,
                1.5,
                Integer.MAX_VALUE,
                Integer.MIN_VALUE,
                1L << 31,
                Long.MAX_VALUE,
                new java.math.BigInteger("9".repeat(40)),
                1e308,
                List.of(),
                List.of(List.of()),
                List.of(1, "x"),
                List.of("x", "x"),
                Map.of(),
                Map.of("", Map.of()),
                Map.of("id", 7),
                Map.of("id", List.of()),
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999Z",
                "+999999999-12-31T23:59:59Z",
                "2026-13-45T99:99:99",
                "default",
                "../../etc");
        private static final List<String> NO_BODIES =
                List.of("", " ", "null", "[]", "7", "{", "\"x\"", "{\"a\": NaN}", "[".repeat(2_000));

        private final Random random;
        private final Map<String, Object> samples;
        private int number;

        HostileBodies(Random random, Map<String, Object> samples) {
            this.random = random;
            this.samples = samples;
        }

        String next(String schema) {
            if (random.nextInt(50) == 0) {
                return pick(NO_BODIES);
            }
            JsonNode root = Json.MAPPER.readTree(schema);
            Object body = sample("", root, root);
            int changes = random.nextInt(3);
            for (int i = 0; i <= changes; i++) {
                body = changed(body);
            }
            return escaped(Json.write(body));
        }

        private <T> T pick(List<T> values) {
            return values.get(random.nextInt(values.size()));
        }

        private Object hostile() {
            return random.nextBoolean() ? pick(VALUES) : pick(CHARACTERS).repeat(pick(LENGTHS));
        }

        /** With one value, somewhere in it, replaced, removed or added. */
        private Object changed(Object value) {
            if (value instanceof Map<?, ?> map && !map.isEmpty() && random.nextInt(10) > 0) {
                Map<Object, Object> copy = new HashMap<>(map);
                Object key = pick(List.copyOf(map.keySet()));
                switch (random.nextInt(8)) {
                    case 0 -> copy.remove(key);
                    case 1 -> copy.put(pick(CHARACTERS).repeat(pick(LENGTHS)), hostile());
                    case 2 -> copy.put(key, null);
                    default -> copy.put(key, changed(copy.get(key)));
                }
                return copy;
            }
            if (value instanceof List<?> list && !list.isEmpty() && random.nextInt(3) > 0) {
                List<Object> copy = new ArrayList<>(list);
                int at = random.nextInt(copy.size());
                copy.set(at, changed(copy.get(at)));
                return copy;
            }
            return hostile();
        }

        private Object sample(String name, JsonNode schema, JsonNode root) {
            if (schema.has("$ref")) {
                return sample(name, root.at(schema.get("$ref").asString().substring(1)), root);
            }
            if (samples.containsKey(name)) {
                return samples.get(name);
            }
            if (schema.has("enum")) {
                return schema.get("enum").get(0).asString();
            }
            String type = schema.path("type").isArray()
                    ? schema.get("type").get(0).asString()
                    : schema.path("type").asString("string");
            return switch (type) {
                case "object" -> {
                    Map<String, Object> all = new HashMap<>();
                    schema.path("properties").properties().forEach(one -> {
                        if (required(schema, one.getKey()) || random.nextInt(3) == 0) {
                            all.put(one.getKey(), sample(one.getKey(), one.getValue(), root));
                        }
                    });
                    yield all;
                }
                case "array" -> schema.has("items") ? List.of(sample("", schema.get("items"), root)) : List.of();
                case "boolean" -> random.nextBoolean();
                case "integer", "number" -> random.nextInt(100);
                case "null" -> Map.of();
                default -> "n" + number++;
            };
        }

        private static boolean required(JsonNode schema, String name) {
            for (JsonNode one : schema.path("required")) {
                if (one.asString().equals(name)) {
                    return true;
                }
            }
            return false;
        }

        /** Halves of characters cannot be sent as they are. */
        private static String escaped(String json) {
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < json.length(); i++) {
                char c = json.charAt(i);
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < json.length()
                        && Character.isLowSurrogate(json.charAt(i + 1));
                if (pair) {
                    out.append(c).append(json.charAt(++i));
                } else if (Character.isSurrogate(c)) {
                    out.append("\\u%04x".formatted((int) c));
                } else {
                    out.append(c);
                }
            }
            return out.toString();
        }
    }
}

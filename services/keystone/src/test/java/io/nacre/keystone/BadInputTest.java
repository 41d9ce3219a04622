package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.http.Route;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.CountingTransactions;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.HostileBodies;
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
}

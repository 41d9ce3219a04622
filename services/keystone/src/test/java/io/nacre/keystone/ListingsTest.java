package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters of collections, what a caller's scope leaves of them, and the most that is shown at once. */
@EveryEngine(migrations = "db/keystone")
class ListingsTest {
    private static final int MOST = 3;

    @TempDir
    Path keys;

    private KeystoneServer cloud;
    private String admin;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, MutableClock.fixed(), "list_limit=" + MOST);
        admin = cloud.admin();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private void users(String... names) {
        for (String name : names) {
            cloud.make(admin, "/v3/users", "user", Map.of("name", name));
        }
    }

    private List<String> names(String path, String collection) {
        return cloud.get(admin, path).each(collection, "name");
    }

    @Test
    void aCollectionShowsNoMoreThanTheOperatorWants() {
        users("a");
        Answer all = cloud.get(admin, "/v3/users");
        assertThat(all.each("users", "name")).containsExactly("a", "admin", "nacre");
        assertThat(all.json().has("truncated")).isFalse();
        users("b", "c");
        Answer some = cloud.get(admin, "/v3/users");
        assertThat(some.status()).isEqualTo(200);
        assertThat(some.each("users", "name")).containsExactly("a", "admin", "b");
        assertThat(some.json().get("truncated").asBoolean()).isTrue();
        Answer fitting = cloud.get(admin, "/v3/users?name__startswith=c");
        assertThat(fitting.each("users", "name")).containsExactly("c");
        assertThat(fitting.json().has("truncated")).isFalse();
    }

    @Test
    void everyLimitedCollectionIsCutAfterItsFilters() {
        for (String collection : List.of("roles", "endpoints", "services")) {
            Answer answer = cloud.get(admin, "/v3/" + collection);
            assertThat(answer.json().get(collection).size()).as(collection).isEqualTo(MOST);
        }
        for (int i = 0; i <= MOST; i++) {
            String at = "-" + i;
            cloud.make(admin, "/v3/groups", "group", Map.of("name", "g" + at));
            cloud.make(admin, "/v3/projects", "project", Map.of("name", "p" + at, "tags", List.of("t", "n" + at)));
            cloud.make(admin, "/v3/domains", "domain", Map.of("name", "d" + at));
            cloud.make(admin, "/v3/regions", "region", Map.of("id", "r" + at));
            cloud.make(admin, "/v3/policies", "policy", Map.of("type", "x" + at, "blob", "{}"));
            cloud.make(
                    admin,
                    "/v3/credentials",
                    "credential",
                    Map.of("user_id", "u", "type", "cert", "blob", "b" + at, "project_id", "p"));
        }
        for (String collection : List.of("groups", "projects", "domains", "regions", "policies", "credentials")) {
            Answer answer = cloud.get(admin, "/v3/" + collection);
            assertThat(answer.json().get(collection).size()).as(collection).isEqualTo(MOST);
            assertThat(answer.json().get("truncated").asBoolean())
                    .as(collection)
                    .isTrue();
        }
        assertThat(cloud.get(admin, "/v3/projects?tags=t,n-3").each("projects", "name"))
                .containsExactly("p-3");
    }

    @Test
    void limitsAreCutAfterWhatTheScopeLeaves() {
        String system = cloud.systemAdmin();
        String service = cloud.get(admin, "/v3/services?type=compute")
                .each("services", "id")
                .getFirst();
        for (int i = 0; i <= MOST; i++) {
            String resource = "r" + i;
            assertThat(cloud.post(
                                    system,
                                    "/v3/registered_limits",
                                    Map.of(
                                            "registered_limits",
                                            List.of(Map.of(
                                                    "service_id",
                                                    service,
                                                    "resource_name",
                                                    resource,
                                                    "default_limit",
                                                    9))))
                            .status())
                    .isEqualTo(201);
        }
        String own = cloud.get(admin, "/v3/projects?name=admin")
                .each("projects", "id")
                .getFirst();
        String other = cloud.make(admin, "/v3/projects", "project", Map.of("name", "other"));
        for (int i = 0; i <= MOST; i++) {
            for (String project : i == MOST ? List.of(own) : List.of(other)) {
                Answer made = cloud.post(
                        system,
                        "/v3/limits",
                        Map.of(
                                "limits",
                                List.of(Map.of(
                                        "service_id",
                                        service,
                                        "resource_name",
                                        "r" + i,
                                        "resource_limit",
                                        5,
                                        "project_id",
                                        project))));
                assertThat(made.status()).isEqualTo(201);
            }
        }
        assertThat(cloud.get(system, "/v3/registered_limits")
                        .json()
                        .get("truncated")
                        .asBoolean())
                .isTrue();
        assertThat(cloud.get(system, "/v3/limits").json().get("truncated").asBoolean())
                .isTrue();
        Answer mine = cloud.get(admin, "/v3/limits");
        assertThat(mine.each("limits", "resource_name")).containsExactly("r3");
        assertThat(mine.json().has("truncated")).isFalse();
    }

    @Test
    void namesAreComparedAsTheComparatorSays() {
        users("Ärger", "ärmel", "Smile 😀 end", "😀😀");
        assertThat(names("/v3/users?name__startswith=%C3%84r", "users")).containsExactly("Ärger");
        assertThat(names("/v3/users?name__contains=%C3%A4rm", "users")).containsExactly("ärmel");
        assertThat(names("/v3/users?name__startswith=%F0%9F%98%80", "users")).containsExactly("😀😀");
        assertThat(names("/v3/users?name__endswith=%F0%9F%98%80", "users")).containsExactly("😀😀");
        assertThat(names("/v3/users?name__iendswith=%F0%9F%98%80%20END", "users"))
                .containsExactly("Smile 😀 end");
        assertThat(names("/v3/users?name__istartswith=sMILE", "users")).containsExactly("Smile 😀 end");
        assertThat(names("/v3/users?name__startswith=%25", "users")).isEmpty();
    }

    @Test
    void aTokenOfADomainSeesWhatIsInTheDomain() {
        String domain = cloud.make(admin, "/v3/domains", "domain", Map.of("name", "d"));
        String user =
                cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw", "domain_id", domain));
        cloud.make(admin, "/v3/groups", "group", Map.of("name", "g", "domain_id", domain));
        assertThat(cloud.put(
                                admin,
                                "/v3/domains/" + domain + "/users/" + user + "/roles/" + cloud.role(admin, "admin"),
                                null)
                        .status())
                .isEqualTo(204);
        String token = cloud.login(Map.of("id", user, "password", "pw"), Map.of("domain", Map.of("id", domain)))
                .header("X-Subject-Token");
        assertThat(cloud.get(token, "/v3/users").each("users", "name")).containsExactly("ann");
        assertThat(cloud.get(token, "/v3/groups").each("groups", "name")).containsExactly("g");
        assertThat(cloud.get(token, "/v3/domains").each("domains", "name")).containsExactly("d");
        assertThat(cloud.get(token, "/v3/users?domain_id=default").each("users", "name"))
                .isEmpty();
    }
}

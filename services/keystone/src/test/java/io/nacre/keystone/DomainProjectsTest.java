package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Projects that act as domains: the same thing, seen at /v3/projects. */
@EveryEngine(migrations = "db/keystone")
class DomainProjectsTest {
    @TempDir
    Path keys;

    private Database database;
    private KeystoneServer cloud;
    private String admin;

    @BeforeEach
    void start(Database database) {
        this.database = database;
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        admin = cloud.admin();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private String domain(String name) {
        return cloud.make(admin, "/v3/projects", "project", Map.of("name", name, "is_domain", true));
    }

    private Answer change(String id, String attribute, @Nullable Object value) {
        Map<String, @Nullable Object> change = new HashMap<>();
        change.put(attribute, value);
        return cloud.patch(admin, "/v3/projects/" + id, Map.of("project", change));
    }

    @Test
    void aProjectThatIsADomainIsADomain() {
        Answer made = cloud.post(
                admin,
                "/v3/projects",
                Map.of("project", Map.of("name", "town", "is_domain", true, "description", "new", "colour", "red")));
        assertThat(made.status()).isEqualTo(201);
        JsonNode project = made.json().get("project");
        assertThat(project.get("is_domain").asBoolean()).isTrue();
        assertThat(project.get("domain_id").isNull()).isTrue();
        assertThat(project.get("parent_id").isNull()).isTrue();
        String id = made.id("project");
        assertThat(cloud.get(admin, "/v3/projects/" + id).json().get("project")).isEqualTo(project);
        JsonNode domain = cloud.get(admin, "/v3/domains/" + id).json().get("domain");
        assertThat(domain.get("name").asString()).isEqualTo("town");
        assertThat(domain.get("colour").asString()).isEqualTo("red");
        assertThat(domain.has("is_domain")).isFalse();
        String inside = cloud.make(admin, "/v3/projects", "project", Map.of("name", "street", "domain_id", id));
        JsonNode seen = cloud.get(admin, "/v3/projects/" + id + "?subtree_as_ids&parents_as_ids")
                .json()
                .get("project");
        assertThat(seen.get("subtree").propertyNames()).containsExactly(inside);
        assertThat(seen.get("parents").isNull()).isTrue();
        assertThat(cloud.get(admin, "/v3/projects/" + inside)
                        .json()
                        .at("/project/parent_id")
                        .asString())
                .isEqualTo(id);
    }

    @Test
    void domainsAreListedAmongProjectsOnlyWhenTheyAreAskedFor() {
        String town = domain("town");
        cloud.make(admin, "/v3/projects", "project", Map.of("name", "street", "domain_id", town));
        assertThat(cloud.get(admin, "/v3/projects").each("projects", "name"))
                .contains("street")
                .doesNotContain("town");
        for (String yes : List.of("is_domain=true", "is_domain=1", "is_domain")) {
            assertThat(cloud.get(admin, "/v3/projects?" + yes).each("projects", "name"))
                    .as(yes)
                    .containsExactlyInAnyOrder("Default", "town");
        }
        assertThat(cloud.get(admin, "/v3/projects?is_domain=0").each("projects", "name"))
                .contains("street")
                .doesNotContain("town");
        assertThat(cloud.get(admin, "/v3/domains").each("domains", "name")).contains("town");
        // Not even in its own domain's list: a domain belongs to none.
        assertThat(cloud.get(admin, "/v3/projects?is_domain=true&domain_id=" + town)
                        .each("projects", "name"))
                .isEmpty();
    }

    @Test
    void aDomainStandsAloneAndHasANameOfItsOwn() {
        String town = domain("town");
        for (Map<String, ?> place :
                List.of(Map.of("parent_id", town), Map.of("domain_id", town), Map.of("parent_id", "nothing"))) {
            Map<String, Object> project = new HashMap<>(Map.of("name", "other", "is_domain", true));
            project.putAll(place);
            assertThat(cloud.post(admin, "/v3/projects", Map.of("project", project))
                            .status())
                    .as(place.toString())
                    .isEqualTo(400);
        }
        Map<String, ?> again = Map.of("name", "town", "is_domain", true);
        assertThat(cloud.post(admin, "/v3/projects", Map.of("project", again)).status())
                .isEqualTo(409);
        assertThat(cloud.post(admin, "/v3/domains", Map.of("domain", Map.of("name", "town")))
                        .status())
                .isEqualTo(409);
        cloud.make(admin, "/v3/projects", "project", Map.of("name", "town", "domain_id", town));
        assertThat(cloud.get(admin, "/v3/domains").each("domains", "name"))
                .containsExactlyInAnyOrder("Default", "town");
    }

    @Test
    void whatItIsDoesNotChange() {
        String town = domain("town");
        String street = cloud.make(admin, "/v3/projects", "project", Map.of("name", "street", "domain_id", town));
        assertThat(change(town, "is_domain", false).status()).isEqualTo(400);
        assertThat(change(street, "is_domain", true).status()).isEqualTo(400);
        assertThat(change(town, "domain_id", town).status()).isEqualTo(400);
        assertThat(change(town, "domain_id", null).status()).isEqualTo(200);
        assertThat(change(street, "domain_id", "default").status()).isEqualTo(400);
        assertThat(change(town, "parent_id", "default").status()).isEqualTo(403);
        assertThat(change(town, "is_domain", true).status()).isEqualTo(200);
        assertThat(change(town, "name", "city").json().at("/project/name").asString())
                .isEqualTo("city");
        assertThat(cloud.get(admin, "/v3/domains/" + town)
                        .json()
                        .at("/domain/name")
                        .asString())
                .isEqualTo("city");
    }

    /** Unlike another project it is disabled with all that is in it, and removed with it once it is disabled. */
    @Test
    void itEndsLikeADomain() {
        String town = domain("town");
        String street = cloud.make(admin, "/v3/projects", "project", Map.of("name", "street", "domain_id", town));
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw", "domain_id", town));
        cloud.grant(admin, street, ann, cloud.role(admin, "member"));
        Map<String, ?> user = Map.of("id", ann, "password", "pw");
        Answer login = cloud.login(user, Map.of("project", Map.of("id", street)));
        assertThat(login.status()).isEqualTo(201);
        assertThat(cloud.delete(admin, "/v3/projects/" + town).status()).isEqualTo(403);
        assertThat(change(town, "enabled", false).status()).isEqualTo(200);
        assertThat(cloud.validate(admin, login.header("X-Subject-Token")).status())
                .isEqualTo(404);
        assertThat(cloud.login(user, null).status()).isEqualTo(401);
        assertThat(cloud.delete(admin, "/v3/projects/" + town).status()).isEqualTo(204);
        for (String path :
                List.of("/v3/projects/" + town, "/v3/domains/" + town, "/v3/projects/" + street, "/v3/users/" + ann)) {
            assertThat(cloud.get(admin, path).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void rolesOnItAsAProjectGoWithItAndGiveNoToken() {
        String town = domain("town");
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        String member = cloud.role(admin, "member");
        cloud.grant(admin, town, ann, member);
        Map<String, ?> user = Map.of("id", ann, "password", "pw");
        assertThat(cloud.login(user, Map.of("project", Map.of("id", town))).status())
                .isEqualTo(401);
        assertThat(cloud.login(user, Map.of("domain", Map.of("id", town))).status())
                .isEqualTo(401);
        cloud.put(admin, "/v3/domains/" + town + "/users/" + ann + "/roles/" + member, null);
        Answer scoped = cloud.login(user, Map.of("domain", Map.of("id", town)));
        assertThat(scoped.json().at("/token/domain/id").asString()).isEqualTo(town);
        change(town, "enabled", false);
        cloud.delete(admin, "/v3/projects/" + town);
        assertThat(cloud.get(admin, "/v3/role_assignments?user.id=" + ann)
                        .json()
                        .get("role_assignments"))
                .isEmpty();
    }

    /** An administrator whom an override gives one domain makes no other domains. */
    @Test
    void itIsInNobodysDomain() throws IOException {
        String town = domain("town");
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        cloud.put(admin, "/v3/domains/" + town + "/users/" + ann + "/roles/" + cloud.role(admin, "manager"), null);
        cloud.close();
        Files.writeString(keys.resolve("policy.yaml"), """
                "identity:create_project": "role:admin or (role:manager and domain_id:%(target.project.domain_id)s)"
                """);
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        String manager = cloud.login(Map.of("id", ann, "password", "pw"), Map.of("domain", Map.of("id", town)))
                .header("X-Subject-Token");
        cloud.make(manager, "/v3/projects", "project", Map.of("name", "street", "domain_id", town));
        for (Map<String, ?> project : List.of(
                Map.of("name", "city", "is_domain", true),
                Map.of("name", "city", "is_domain", true, "domain_id", town),
                Map.of("name", "elsewhere", "domain_id", "default"))) {
            assertThat(cloud.post(manager, "/v3/projects", Map.of("project", project))
                            .status())
                    .as(project.toString())
                    .isEqualTo(403);
        }
    }
}

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

/** Users, groups, projects, domains, roles and policies: made, listed, changed, removed, refused. */
@EveryEngine(migrations = "db/keystone")
class ResourcesTest {
    @TempDir
    Path keys;

    private KeystoneServer cloud;
    private String admin;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        admin = cloud.admin();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private List<String> names(String path, String collection) {
        return cloud.get(admin, path).each(collection, "name");
    }

    private static Map<String, ?> named(String name) {
        return Map.of("name", name);
    }

    @Test
    void aUserKeepsWhatClientsSayOfItAndNeverShowsItsPassword() {
        Answer made = cloud.post(
                admin,
                "/v3/users",
                Map.of(
                        "user",
                        Map.of(
                                "name",
                                "  ann  ",
                                "password",
                                "pw",
                                "email",
                                "ann@example.org",
                                "description",
                                "first",
                                "options",
                                Map.of("ignore_password_expiry", true),
                                "shoe",
                                Map.of("size", 42))));
        assertThat(made.status()).isEqualTo(201);
        String id = made.id("user");
        Answer shown = cloud.get(admin, "/v3/users/" + id);
        assertThat(shown.json()).isEqualTo(made.json());
        assertThat(shown.response().body()).doesNotContain("pw", "hash", "$2b$");
        assertThat(shown.json().at("/user/name").asString()).isEqualTo("ann");
        assertThat(shown.json().at("/user/email").asString()).isEqualTo("ann@example.org");
        assertThat(shown.json().at("/user/shoe/size").asInt()).isEqualTo(42);
        assertThat(shown.json().at("/user/links/self").asString()).isEqualTo(cloud.url + "/v3/users/" + id);
        assertThat(shown.json().at("/user/domain_id").asString()).isEqualTo("default");
        assertThat(shown.json().get("user").has("default_project_id")).isFalse();

        Answer changed = cloud.patch(
                admin, "/v3/users/" + id, Map.of("user", Map.of("email", "new", "enabled", false, "name", "anna")));
        assertThat(changed.json().at("/user/email").asString()).isEqualTo("new");
        assertThat(changed.json().at("/user/description").asString()).isEqualTo("first");
        assertThat(changed.json().at("/user/enabled").asBoolean()).isFalse();
        assertThat(cloud.delete(admin, "/v3/users/" + id).status()).isEqualTo(204);
        assertThat(cloud.get(admin, "/v3/users/" + id).status()).isEqualTo(404);
        assertThat(cloud.delete(admin, "/v3/users/" + id).status()).isEqualTo(404);
    }

    @Test
    void whatIsWrongWithARequestIsSaidAndNothingIsMade() {
        cloud.make(admin, "/v3/users", "user", named("ann"));
        record Bad(String path, Object body, int status) {}
        List<Bad> bad = List.of(
                new Bad("/v3/users", Map.of("user", named("ann")), 409),
                new Bad("/v3/users", Map.of("user", named("")), 400),
                new Bad("/v3/users", Map.of("user", named("   ")), 400),
                new Bad("/v3/users", Map.of("user", named("x".repeat(256))), 400),
                new Bad("/v3/users", Map.of("user", Map.of("name", 7)), 400),
                new Bad("/v3/users", Map.of("user", Map.of("name", "x", "enabled", "yes")), 400),
                new Bad("/v3/users", Map.of("user", Map.of("name", "x", "domain_id", "nowhere")), 404),
                new Bad("/v3/users", Map.of("user", Map.of("name", "x", "default_project_id", "default")), 400),
                new Bad("/v3/users", Map.of("person", named("x")), 400),
                new Bad("/v3/users", "{\"user\": {\"name\": \"x\", \"name\": \"y\"}}", 400),
                new Bad("/v3/projects", Map.of("project", named("x".repeat(65))), 400),
                new Bad("/v3/projects", Map.of("project", Map.of("name", "x", "parent_id", "nowhere")), 400),
                new Bad("/v3/projects", Map.of("project", Map.of("name", "x", "tags", List.of("a,b"))), 400),
                new Bad("/v3/projects", Map.of("project", named("admin")), 409),
                new Bad("/v3/domains", Map.of("domain", named("Default")), 409),
                new Bad("/v3/domains", Map.of("domain", Map.of("name", "d", "explicit_domain_id", "x")), 400),
                new Bad("/v3/roles", Map.of("role", named("admin")), 409),
                new Bad("/v3/regions", Map.of("region", Map.of("id", "RegionOne")), 409),
                new Bad("/v3/regions", Map.of("region", Map.of("id", "R", "parent_region_id", "nowhere")), 404),
                new Bad("/v3/services", Map.of("service", named("x")), 400),
                new Bad(
                        "/v3/endpoints",
                        Map.of("endpoint", Map.of("interface", "side", "service_id", "x", "url", "http://x")),
                        400),
                new Bad(
                        "/v3/endpoints",
                        Map.of("endpoint", Map.of("interface", "public", "service_id", "nowhere", "url", "http://x")),
                        400),
                new Bad(
                        "/v3/endpoints",
                        Map.of("endpoint", Map.of("interface", "public", "service_id", "x", "url", "http://$(magic)s")),
                        400));
        assertThat(bad).allSatisfy(one -> {
            Answer answer = cloud.post(admin, one.path(), one.body());
            assertThat(answer.status()).as(one + answer.response().body()).isEqualTo(one.status());
            assertThat(answer.json().at("/error/code").asInt()).isEqualTo(one.status());
            assertThat(answer.json().at("/error/message").asString()).isNotBlank();
        });
        assertThat(names("/v3/users?name=x", "users")).isEmpty();
    }

    @Test
    void membersAndReadersAreRefusedWhatIsTheOperators() {
        String project = cloud.make(admin, "/v3/projects", "project", named("blue"));
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        cloud.grant(admin, project, ann, cloud.role(admin, "manager"));
        String token = cloud.token("ann", "pw", KeystoneServer.project("blue"));
        for (String path : List.of(
                "/v3/users",
                "/v3/groups",
                "/v3/projects",
                "/v3/domains",
                "/v3/roles",
                "/v3/services",
                "/v3/endpoints",
                "/v3/policies",
                "/v3/role_assignments",
                "/v3/role_inferences",
                "/v3/OS-TRUST/trusts",
                "/v3/system/users/" + ann + "/roles")) {
            assertThat(cloud.get(token, path).status()).as(path).isEqualTo(403);
        }
        assertThat(cloud.post(token, "/v3/users", Map.of("user", named("x"))).status())
                .isEqualTo(403);
        assertThat(cloud.get(token, "/v3/users/" + ann).status()).isEqualTo(200);
        assertThat(cloud.get(token, "/v3/users/nobody").status()).isEqualTo(403);
        assertThat(cloud.get(token, "/v3/projects/" + project).status()).isEqualTo(200);
        assertThat(cloud.get(token, "/v3/regions").status()).isEqualTo(200);
        assertThat(cloud.get(token, "/v3/users/" + ann + "/projects").each("projects", "name"))
                .containsExactly("blue");
        Answer refused = cloud.patch(token, "/v3/users/" + ann, Map.of("user", named("root")));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().at("/error/message").asString())
                .isEqualTo("You are not authorized to perform the requested action: identity:update_user.");
    }

    @Test
    void aTokenOfADomainSeesWhatIsInTheDomain() {
        String domain = cloud.make(admin, "/v3/domains", "domain", named("green"));
        String bob =
                cloud.make(admin, "/v3/users", "user", Map.of("name", "bob", "password", "pw", "domain_id", domain));
        cloud.make(admin, "/v3/projects", "project", Map.of("name", "leaf", "domain_id", domain));
        cloud.make(admin, "/v3/groups", "group", Map.of("name", "bush", "domain_id", domain));
        cloud.put(admin, "/v3/domains/" + domain + "/users/" + bob + "/roles/" + cloud.role(admin, "reader"), null);
        String token = cloud.login(Map.of("id", bob, "password", "pw"), Map.of("domain", Map.of("id", domain)))
                .header("X-Subject-Token");
        assertThat(cloud.get(token, "/v3/users").each("users", "name")).containsExactly("bob");
        assertThat(cloud.get(token, "/v3/projects").each("projects", "name")).containsExactly("leaf");
        assertThat(cloud.get(token, "/v3/groups").each("groups", "name")).containsExactly("bush");
        assertThat(cloud.get(token, "/v3/domains").each("domains", "name")).containsExactly("green");
        assertThat(cloud.get(token, "/v3/role_assignments").json().get("role_assignments"))
                .hasSize(1);
        assertThat(cloud.get(token, "/v3/domains/default").status()).isEqualTo(403);
        assertThat(cloud.post(token, "/v3/users", Map.of("user", named("x"))).status())
                .isEqualTo(403);
    }

    @Test
    void filtersFindByPartsOfNamesAndMindTheCase() {
        for (String name : List.of("Alpha", "alpine", "beta", "100%")) {
            cloud.make(admin, "/v3/projects", "project", named(name));
        }
        assertThat(names("/v3/projects?name=beta", "projects")).containsExactly("beta");
        assertThat(names("/v3/projects?name__contains=lp", "projects")).containsExactly("Alpha", "alpine");
        assertThat(names("/v3/projects?name__startswith=al", "projects")).containsExactly("alpine");
        assertThat(names("/v3/projects?name__istartswith=AL", "projects")).containsExactly("Alpha", "alpine");
        assertThat(names("/v3/projects?name__endswith=ha", "projects")).containsExactly("Alpha");
        assertThat(names("/v3/projects?name__contains=%25", "projects")).containsExactly("100%");
        assertThat(names("/v3/projects?name__contains=_", "projects")).isEmpty();
        assertThat(names("/v3/projects?enabled=false", "projects")).isEmpty();
        assertThat(names("/v3/projects?domain_id=nowhere", "projects")).isEmpty();
        assertThat(names("/v3/projects?is_domain=true", "projects")).containsExactly("Default");
        Answer all = cloud.get(admin, "/v3/projects?name=beta");
        assertThat(all.json().at("/links/self").asString()).isEqualTo(cloud.url + "/v3/projects?name=beta");
        assertThat(all.json().at("/links/next").isNull()
                        && all.json().at("/links/previous").isNull())
                .isTrue();
    }

    @Test
    void aTreeOfProjectsHoldsTogether() {
        String top = cloud.make(admin, "/v3/projects", "project", named("top"));
        String mid = cloud.make(admin, "/v3/projects", "project", Map.of("name", "mid", "parent_id", top));
        String low = cloud.make(admin, "/v3/projects", "project", Map.of("name", "low", "parent_id", mid));
        assertThat(cloud.get(admin, "/v3/projects/" + top)
                        .json()
                        .at("/project/parent_id")
                        .asString())
                .isEqualTo("default");
        assertThat(cloud.get(admin, "/v3/projects/" + low + "?parents_as_ids")
                        .json()
                        .at("/project/parents")
                        .toString())
                .isEqualTo("{\"" + mid + "\":{\"" + top + "\":{\"default\":null}}}");
        assertThat(cloud.get(admin, "/v3/projects/" + top + "?subtree_as_ids")
                        .json()
                        .at("/project/subtree")
                        .toString())
                .isEqualTo("{\"" + mid + "\":{\"" + low + "\":null}}");
        assertThat(names("/v3/projects?parent_id=" + top, "projects")).containsExactly("mid");
        assertThat(cloud.delete(admin, "/v3/projects/" + mid).status()).isEqualTo(403);
        assertThat(disable("/v3/projects/" + top).status()).isEqualTo(403);
        assertThat(disable("/v3/projects/" + low).status()).isEqualTo(200);
        assertThat(disable("/v3/projects/" + mid).status()).isEqualTo(200);
        assertThat(cloud.patch(admin, "/v3/projects/" + low, Map.of("project", Map.of("enabled", true)))
                        .status())
                .isEqualTo(403);
        assertThat(cloud.post(admin, "/v3/projects", Map.of("project", Map.of("name", "x", "parent_id", low)))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.patch(admin, "/v3/projects/" + low, Map.of("project", Map.of("parent_id", top)))
                        .status())
                .isEqualTo(403);
        String next = top;
        for (int depth = 2; depth <= 5; depth++) {
            next = cloud.make(admin, "/v3/projects", "project", Map.of("name", "d" + depth, "parent_id", next));
        }
        assertThat(cloud.post(admin, "/v3/projects", Map.of("project", Map.of("name", "d6", "parent_id", next)))
                        .status())
                .isEqualTo(403);
    }

    private Answer disable(String path) {
        String envelope = path.contains("domains") ? "domain" : "project";
        return cloud.patch(admin, path, Map.of(envelope, Map.of("enabled", false)));
    }

    @Test
    void tagsAreASetThatListingsCanAskFor() {
        String one = cloud.make(admin, "/v3/projects", "project", Map.of("name", "one", "tags", List.of("red", "old")));
        cloud.make(admin, "/v3/projects", "project", Map.of("name", "two", "tags", List.of("red")));
        String tags = "/v3/projects/" + one + "/tags";
        assertThat(cloud.get(admin, tags).json().get("tags").toString()).isEqualTo("[\"old\",\"red\"]");
        assertThat(cloud.put(admin, tags + "/n%C3%A9w", null).status()).isEqualTo(201);
        assertThat(cloud.get(admin, tags + "/n%C3%A9w").status()).isEqualTo(204);
        assertThat(cloud.delete(admin, tags + "/n%C3%A9w").status()).isEqualTo(204);
        assertThat(cloud.get(admin, tags + "/n%C3%A9w").status()).isEqualTo(404);
        assertThat(cloud.put(admin, tags + "/a%2Cb", null).status()).isEqualTo(400);
        assertThat(names("/v3/projects?tags=red", "projects")).containsExactly("one", "two");
        assertThat(names("/v3/projects?tags=red,old", "projects")).containsExactly("one");
        assertThat(names("/v3/projects?tags-any=old,blue", "projects")).containsExactly("one");
        assertThat(names("/v3/projects?tags=red&not-tags=red,old", "projects")).containsExactly("two");
        assertThat(names("/v3/projects?not-tags-any=old,red", "projects")).containsExactly("admin", "service");
        assertThat(cloud.put(admin, tags, Map.of("tags", List.of("a", "b")))
                        .json()
                        .get("tags"))
                .hasSize(2);
        assertThat(cloud.delete(admin, tags).status()).isEqualTo(204);
        assertThat(cloud.get(admin, tags).json().get("tags")).isEmpty();
    }

    @Test
    void aDomainGoesWithAllThatIsInItButOnlyWhenDisabled() {
        String domain = cloud.make(admin, "/v3/domains", "domain", named("green"));
        String user = cloud.make(admin, "/v3/users", "user", Map.of("name", "bob", "domain_id", domain));
        String project = cloud.make(admin, "/v3/projects", "project", Map.of("name", "p", "domain_id", domain));
        String group = cloud.make(admin, "/v3/groups", "group", Map.of("name", "g", "domain_id", domain));
        String role = cloud.make(admin, "/v3/roles", "role", Map.of("name", "r", "domain_id", domain));
        cloud.grant(admin, project, user, role);
        assertThat(cloud.delete(admin, "/v3/domains/" + domain).status()).isEqualTo(403);
        assertThat(disable("/v3/domains/" + domain).status()).isEqualTo(200);
        assertThat(cloud.delete(admin, "/v3/domains/" + domain).status()).isEqualTo(204);
        for (String path : List.of(
                "/v3/domains/" + domain,
                "/v3/users/" + user,
                "/v3/projects/" + project,
                "/v3/groups/" + group,
                "/v3/roles/" + role)) {
            assertThat(cloud.get(admin, path).status()).as(path).isEqualTo(404);
        }
        assertThat(cloud.get(admin, "/v3/role_assignments").response().body()).doesNotContain(role);
    }

    @Test
    void groupsHaveMembers() {
        String group = cloud.make(admin, "/v3/groups", "group", Map.of("name", "team", "colour", "red"));
        String ann = cloud.make(admin, "/v3/users", "user", named("ann"));
        String member = "/v3/groups/" + group + "/users/" + ann;
        assertThat(cloud.head(admin, member).status()).isEqualTo(404);
        assertThat(cloud.put(admin, member, null).status()).isEqualTo(204);
        assertThat(cloud.put(admin, member, null).status()).isEqualTo(204);
        assertThat(cloud.head(admin, member).status()).isEqualTo(204);
        assertThat(names("/v3/groups/" + group + "/users", "users")).containsExactly("ann");
        assertThat(names("/v3/users/" + ann + "/groups", "groups")).containsExactly("team");
        assertThat(cloud.delete(admin, member).status()).isEqualTo(204);
        assertThat(cloud.delete(admin, member).status()).isEqualTo(404);
        assertThat(cloud.put(admin, "/v3/groups/" + group + "/users/nobody", null)
                        .status())
                .isEqualTo(404);
        assertThat(cloud.get(admin, "/v3/groups/" + group)
                        .json()
                        .at("/group/colour")
                        .asString())
                .isEqualTo("red");
    }

    @Test
    void policiesAreDocuments() {
        String policy = cloud.make(
                admin, "/v3/policies", "policy", Map.of("blob", "{}", "type", "application/json", "note", "n"));
        assertThat(cloud.get(admin, "/v3/policies/" + policy)
                        .json()
                        .at("/policy/note")
                        .asString())
                .isEqualTo("n");
        assertThat(cloud.patch(admin, "/v3/policies/" + policy, Map.of("policy", Map.of("blob", "[]")))
                        .json()
                        .at("/policy/blob")
                        .asString())
                .isEqualTo("[]");
        assertThat(cloud.delete(admin, "/v3/policies/" + policy).status()).isEqualTo(204);
    }

    @Test
    void ec2KeysAreMadeForAProject() {
        String project = cloud.make(admin, "/v3/projects", "project", named("blue"));
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        cloud.grant(admin, project, ann, cloud.role(admin, "member"));
        String token = cloud.token("ann", "pw", KeystoneServer.project("blue"));
        String all = "/v3/users/" + ann + "/credentials/OS-EC2";
        Answer made = cloud.post(token, all, Map.of("tenant_id", project));
        assertThat(made.status()).isEqualTo(201);
        String access = made.json().at("/credential/access").asString();
        assertThat(access).hasSize(32);
        assertThat(cloud.get(token, all + "/" + access)
                        .json()
                        .at("/credential/secret")
                        .asString())
                .isEqualTo(made.json().at("/credential/secret").asString());
        assertThat(cloud.get(token, all).each("credentials", "access")).containsExactly(access);
        assertThat(cloud.post(token, all, Map.of("tenant_id", "nowhere")).status())
                .isEqualTo(404);
        assertThat(cloud.delete(token, all + "/" + access).status()).isEqualTo(204);
        assertThat(cloud.get(token, all + "/" + access).status()).isEqualTo(404);
    }
}

package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles that are given on a domain or project for the projects below it (OS-INHERIT). */
@EveryEngine(migrations = "db/keystone")
class InheritanceTest {
    @TempDir
    Path keys;

    private KeystoneServer cloud;
    private String admin;
    private String top;
    private String middle;
    private String leaf;
    private String ann;
    private String group;
    private String member;

    /** The projects top, middle and leaf, each below the one before; ann, who is alone in a group. */
    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        admin = cloud.admin();
        top = cloud.make(admin, "/v3/projects", "project", Map.of("name", "top"));
        middle = cloud.make(admin, "/v3/projects", "project", Map.of("name", "middle", "parent_id", top));
        leaf = cloud.make(admin, "/v3/projects", "project", Map.of("name", "leaf", "parent_id", middle));
        ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        group = cloud.make(admin, "/v3/groups", "group", Map.of("name", "team"));
        assertThat(cloud.put(admin, "/v3/groups/" + group + "/users/" + ann, null)
                        .status())
                .isEqualTo(204);
        member = cloud.role(admin, "member");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private String roles(String target, String actor) {
        return "/v3/OS-INHERIT/" + target + "/" + actor + "/roles";
    }

    private String inherited(String target, String actor) {
        return roles(target, actor) + "/" + member + "/inherited_to_projects";
    }

    private int login(String project) {
        return cloud.login("ann", "pw", KeystoneServer.project(project)).status();
    }

    /** Each line as target, actor and whether it is inherited. */
    private List<String> assignments(String query) {
        Answer answer = cloud.get(admin, "/v3/role_assignments?" + query);
        assertThat(answer.status()).as(query).isEqualTo(200);
        return StreamSupport.stream(answer.json().get("role_assignments").spliterator(), false)
                .map(line -> {
                    String target = line.get("scope").has("domain")
                            ? line.at("/scope/domain/id").asString()
                            : line.at("/scope/project/id").asString();
                    String actor = line.has("user")
                            ? line.at("/user/id").asString()
                            : line.at("/group/id").asString();
                    String to = line.at("/scope/OS-INHERIT:inherited_to").asString("here");
                    return target + " " + actor + " " + to;
                })
                .toList();
    }

    @Test
    void eachKindOfInheritedRoleIsGivenListedCheckedAndTaken() {
        for (String target : List.of("domains/default", "projects/" + top)) {
            for (String actor : List.of("users/" + ann, "groups/" + group)) {
                String one = inherited(target, actor);
                String all = roles(target, actor) + "/inherited_to_projects";
                assertThat(cloud.head(admin, one).status()).as(one).isEqualTo(404);
                assertThat(login("leaf")).as(one).isEqualTo(401);
                assertThat(cloud.put(admin, one, null).status()).as(one).isEqualTo(204);
                assertThat(cloud.put(admin, one, null).status()).as(one).isEqualTo(204);
                assertThat(cloud.get(admin, one).status()).as(one).isEqualTo(204);
                assertThat(cloud.head(admin, one).status()).as(one).isEqualTo(204);
                assertThat(cloud.get(admin, all).each("roles", "name")).as(all).containsExactly("member");
                String direct = one.replace("/OS-INHERIT", "").replace("/inherited_to_projects", "");
                assertThat(cloud.head(admin, direct).status()).as(direct).isEqualTo(404);
                assertThat(login("leaf")).as(one).isEqualTo(201);
                assertThat(cloud.delete(admin, one).status()).as(one).isEqualTo(204);
                assertThat(cloud.delete(admin, one).status()).as(one).isEqualTo(404);
                assertThat(cloud.get(admin, all).json().get("roles")).as(all).isEmpty();
                assertThat(login("leaf")).as(one).isEqualTo(401);
            }
        }
    }

    @Test
    void aDomainsRoleReachesAllItsProjectsAndAProjectsRoleAllBelowItAndNotItself() {
        cloud.put(admin, inherited("projects/" + top, "users/" + ann), null);
        assertThat(login("top")).isEqualTo(401);
        assertThat(login("middle")).isEqualTo(201);
        assertThat(login("leaf")).isEqualTo(201);
        String token = cloud.token("ann", "pw", KeystoneServer.project("leaf"));
        assertThat(cloud.get(token, "/v3/auth/projects").each("projects", "name"))
                .containsExactlyInAnyOrder("middle", "leaf");
        cloud.put(admin, inherited("domains/default", "users/" + ann), null);
        assertThat(login("top")).isEqualTo(201);
        assertThat(login("admin")).isEqualTo(201);
        assertThat(cloud.login("ann", "pw", Map.of("domain", Map.of("id", "default")))
                        .status())
                .isEqualTo(401);
        cloud.delete(admin, inherited("domains/default", "users/" + ann));
        cloud.delete(admin, inherited("projects/" + top, "users/" + ann));
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
    }

    @Test
    void assignmentsSayThatTheyAreInheritedAndAreFilteredByIt() {
        cloud.grant(admin, top, ann, member);
        cloud.put(admin, inherited("projects/" + top, "groups/" + group), null);
        cloud.put(admin, inherited("domains/default", "users/" + ann), null);
        String filter = "&scope.OS-INHERIT:inherited_to=projects";
        assertThat(assignments("user.id=" + ann))
                .containsExactlyInAnyOrder(top + " " + ann + " here", "default " + ann + " projects");
        assertThat(assignments("user.id=" + ann + filter)).containsExactly("default " + ann + " projects");
        assertThat(assignments("scope.project.id=" + top + filter)).containsExactly(top + " " + group + " projects");
        assertThat(assignments("scope.domain.id=default" + filter)).containsExactly("default " + ann + " projects");
        assertThat(assignments("effective&user.id=" + ann + "&role.id=" + member + "&scope.project.id=" + top))
                .containsExactlyInAnyOrder(top + " " + ann + " here", top + " " + ann + " projects");
        assertThat(assignments("effective&user.id=" + ann + "&role.id=" + member + "&scope.project.id=" + top + filter))
                .containsExactly(top + " " + ann + " projects");
        assertThat(cloud.get(admin, "/v3/role_assignments?effective&scope.domain.id=default" + filter)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aTreeIsListedWithAllThatIsBelowIt() {
        cloud.put(admin, inherited("projects/" + top, "users/" + ann), null);
        cloud.grant(admin, leaf, ann, member);
        String tree = "include_subtree&role.id=" + member + "&scope.project.id=";
        assertThat(assignments(tree + top))
                .containsExactlyInAnyOrder(top + " " + ann + " projects", leaf + " " + ann + " here");
        assertThat(assignments(tree + middle)).containsExactly(leaf + " " + ann + " here");
        assertThat(assignments("effective&" + tree + top))
                .containsExactlyInAnyOrder(
                        middle + " " + ann + " projects", leaf + " " + ann + " projects", leaf + " " + ann + " here");
    }

    @Test
    void allThatIsNamedMustExistAndOnlyOperatorsGive() {
        for (String path : List.of(
                inherited("projects/nowhere", "users/" + ann),
                inherited("domains/" + top, "users/" + ann),
                inherited("projects/" + top, "users/nobody"),
                inherited("projects/" + top, "groups/nobody"),
                roles("projects/" + top, "users/" + ann) + "/nothing/inherited_to_projects")) {
            assertThat(cloud.put(admin, path, null).status()).as(path).isEqualTo(404);
        }
        cloud.grant(admin, top, ann, member);
        String token = cloud.token("ann", "pw", KeystoneServer.project("top"));
        String path = inherited("projects/" + top, "users/" + ann);
        assertThat(cloud.put(token, path, null).status()).isEqualTo(403);
        assertThat(cloud.get(token, path).status()).isEqualTo(403);
        assertThat(cloud.delete(token, path).status()).isEqualTo(403);
    }
}

package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A domain whose users and groups are in an LDAP directory. */
@EveryEngine(migrations = "db/keystone")
class DirectoryTest {
    @TempDir
    Path keys;

    private AcmeDomain domain;
    private LdapServer ldap;
    private KeystoneServer cloud;
    private String admin;
    private String acme;

    @BeforeEach
    void start(Database database) {
        domain = new AcmeDomain(database, keys);
        ldap = domain.ldap;
        cloud = domain.cloud;
        admin = domain.admin;
        acme = domain.acme;
    }

    @AfterEach
    void stop() {
        domain.close();
    }

    @Test
    void usersAndGroupsAreThoseOfTheDirectory() {
        assertThat(cloud.get(admin, "/v3/users/" + domain.ann()).status()).isEqualTo(404);
        Answer all = domain.users("");
        assertThat(all.each("users", "name")).containsExactly("ann", "bob", "cid");
        assertThat(all.each("users", "id"))
                .containsExactly(domain.ann(), domain.id("user", "u2"), domain.id("user", "u3"));
        JsonNode ann = cloud.get(admin, "/v3/users/" + domain.ann()).json().get("user");
        assertThat(ann.get("email").asString()).isEqualTo("ann@acme.org");
        assertThat(ann.get("description").asString()).isEqualTo("sings");
        assertThat(ann.get("domain_id").asString()).isEqualTo(acme);
        assertThat(ann.get("enabled").asBoolean()).isTrue();
        assertThat(ann.get("options").isEmpty()).isTrue();
        assertThat(domain.users("&name=bob").json().at("/users/0/enabled").asBoolean(true))
                .isFalse();
        assertThat(domain.users("&name=nobody").each("users", "id")).isEmpty();
        assertThat(domain.users("&name=*").each("users", "id")).isEmpty();

        Answer groups = cloud.get(admin, "/v3/groups?domain_id=" + acme);
        assertThat(groups.each("groups", "name")).containsExactly("dancers", "singers");
        assertThat(cloud.get(admin, "/v3/groups/" + domain.id("group", "g2") + "/users")
                        .each("users", "name"))
                .containsExactly("bob", "cid");
        assertThat(cloud.get(admin, "/v3/users/" + domain.ann() + "/groups").each("groups", "name"))
                .containsExactly("singers");
        String member = "/v3/groups/" + domain.id("group", "g1") + "/users/";
        assertThat(cloud.head(admin, member + domain.ann()).status()).isEqualTo(204);
        assertThat(cloud.head(admin, member + domain.id("user", "u3")).status()).isEqualTo(404);
    }

    @Test
    void whatChangesInTheDirectoryChangesHere() {
        domain.users("");
        ldap.set("cn=u1,ou=Users", "sn", "anna");
        ldap.remove("cn=u3,ou=Users");
        assertThat(domain.users("").each("users", "name")).containsExactly("anna", "bob");
        ldap.set("cn=u1,ou=Users", "mail", "anna@acme.org");
        assertThat(cloud.get(admin, "/v3/users/" + domain.ann())
                        .json()
                        .at("/user/email")
                        .asString())
                .isEqualTo("anna@acme.org");
        ldap.remove("cn=u1,ou=Users");
        assertThat(cloud.get(admin, "/v3/users/" + domain.ann()).status()).isEqualTo(404);
        ldap.remove("cn=g1,ou=UserGroups");
        assertThat(cloud.get(admin, "/v3/groups?domain_id=" + acme).each("groups", "name"))
                .containsExactly("dancers");
        // Whoever comes back is who they were.
        ldap.person("u1", "ann");
        assertThat(domain.users("&name=ann").each("users", "id")).containsExactly(domain.ann());
    }

    @Test
    void peopleLogInWithTheDirectorysPasswordAndHaveTheRolesOfTheirGroups() {
        Answer first = domain.login("ann", "pw of u1", null);
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.json().at("/token/user/id").asString()).isEqualTo(domain.ann());
        assertThat(first.json().at("/token/user/domain/name").asString()).isEqualTo("acme");
        assertThat(domain.login("ann", "pw of u2", null).status()).isEqualTo(401);
        assertThat(domain.login("ann", "", null).status()).isEqualTo(401);
        assertThat(domain.login("bob", "pw of u2", null).status()).isEqualTo(401);
        assertThat(domain.login("nobody", "x", null).status()).isEqualTo(401);
        assertThat(domain.login("*", "pw of u1", null).status()).isEqualTo(401);
        assertThat(domain.login("ann)(sn=*", "pw of u1", null).status()).isEqualTo(401);
        assertThat(cloud.login(Map.of("id", domain.ann(), "password", "pw of u1"), null)
                        .status())
                .isEqualTo(201);

        String blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        Object scope = KeystoneServer.project("blue");
        assertThat(domain.login("ann", "pw of u1", scope).status()).isEqualTo(401);
        String member = cloud.role(admin, "member");
        String grant = "/v3/projects/" + blue + "/groups/" + domain.id("group", "g1") + "/roles/" + member;
        assertThat(cloud.put(admin, grant, null).status()).isEqualTo(204);
        Answer scoped = domain.login("ann", "pw of u1", scope);
        assertThat(scoped.status()).isEqualTo(201);
        assertThat(scoped.json().at("/token/roles/0/name").asString()).isIn("member", "reader");
        String token = scoped.header("X-Subject-Token");
        assertThat(cloud.validate(admin, token).status()).isEqualTo(200);
        assertThat(cloud.get(admin, "/v3/role_assignments?effective&include_names&user.id=" + domain.ann())
                        .json()
                        .at("/role_assignments/0/user/name")
                        .asString())
                .isEqualTo("ann");

        // Out of the group, and of the project, by the next time the directory is looked at.
        ldap.set("cn=g1,ou=UserGroups", "member", "cn=u3,ou=Users," + LdapServer.BASE);
        domain.reconcile();
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(domain.login("ann", "pw of u1", scope).status()).isEqualTo(401);
        cloud.grant(admin, blue, domain.ann(), member);
        assertThat(domain.login("ann", "pw of u1", scope).status()).isEqualTo(201);
    }

    @Test
    void whoIsDisabledOrGoneLosesTheirTokens() {
        String ann = domain.login("ann", "pw of u1", null).header("X-Subject-Token");
        String cid = domain.login("cid", "pw of u3", null).header("X-Subject-Token");
        ldap.set("cn=u1,ou=Users", "enabled", "FALSE");
        ldap.remove("cn=u3,ou=Users");
        assertThat(cloud.validate(admin, ann).status()).isEqualTo(200);
        domain.reconcile();
        assertThat(cloud.validate(admin, ann).status()).isEqualTo(404);
        assertThat(cloud.validate(admin, cid).status()).isEqualTo(404);
        ldap.set("cn=u1,ou=Users", "enabled", "TRUE");
        domain.reconcile();
        assertThat(cloud.validate(admin, ann).status()).isEqualTo(404);
        assertThat(cloud.get(admin, "/v3/users/" + domain.id("user", "u3")).status())
                .isEqualTo(404);
    }

    @Test
    void nothingIsWrittenToTheDirectory() {
        domain.users("");
        String group = "/v3/groups/" + domain.id("group", "g1");
        cloud.get(admin, "/v3/groups?domain_id=" + acme);
        String local = cloud.make(admin, "/v3/users", "user", Map.of("name", "local"));
        String team = cloud.make(admin, "/v3/groups", "group", Map.of("name", "local"));
        String user = "/v3/users/" + domain.ann();
        Map<String, ?> named = Map.of("name", "new", "domain_id", acme);
        List<Answer> refused = List.of(
                cloud.post(admin, "/v3/users", Map.of("user", named)),
                cloud.post(admin, "/v3/groups", Map.of("group", named)),
                cloud.patch(admin, user, Map.of("user", Map.of("name", "x"))),
                cloud.patch(admin, group, Map.of("group", Map.of("name", "x"))),
                cloud.delete(admin, user),
                cloud.delete(admin, group),
                cloud.put(admin, group + "/users/" + local, null),
                cloud.delete(admin, group + "/users/" + domain.ann()),
                cloud.put(admin, "/v3/groups/" + team + "/users/" + domain.ann(), null),
                cloud.post(
                        null,
                        user + "/password",
                        Map.of("user", Map.of("original_password", "pw of u1", "password", "new"))));
        assertThat(refused).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(403));
        assertThat(domain.users("").each("users", "name")).containsExactly("ann", "bob", "cid");
        assertThat(domain.login("ann", "pw of u1", null).status()).isEqualTo(201);
    }

    @Test
    void aDirectoryThatIsAwayKeepsNobodyElseWaiting() throws IOException {
        String token = domain.login("ann", "pw of u1", null).header("X-Subject-Token");
        ldap.stop();
        Answer refused = domain.login("ann", "pw of u1", null);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.json().at("/error/message").asString())
                .contains("domain acme cannot be reached")
                .doesNotContain("127.0.0.1", "searching", "pw of u1");
        assertThat(domain.users("").status()).isEqualTo(503);
        assertThat(cloud.get(admin, "/v3/groups?domain_id=" + acme).status()).isEqualTo(503);
        assertThat(cloud.get(admin, "/v3/users/" + domain.ann()).status()).isEqualTo(503);
        // Whatever does not ask the directory goes on, the tokens of its users included.
        domain.reconcile();
        assertThat(cloud.validate(admin, token).status()).isEqualTo(200);
        assertThat(cloud.get(admin, "/v3/users?domain_id=default").status()).isEqualTo(200);
        assertThat(cloud.keystone.directoryProblems())
                .containsExactly("The directory of domain acme cannot be reached.");
        assertThat(cloud.login("admin", KeystoneServer.ADMIN_PASSWORD, null).status())
                .isEqualTo(201);

        // One that takes connections and says nothing.
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            domain.configure(Map.of("url", "ldap://127.0.0.1:" + silent.getLocalPort(), "connection_timeout", 1));
            long begun = System.nanoTime();
            assertThat(domain.users("").status()).isIn(503, 504);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(25));
        }
        domain.configure(Map.of("url", "paper://x"));
        assertThat(domain.users("").status()).isEqualTo(503);
    }

    @Test
    void aNameThatIsTakenIsNotTakenTwice() {
        ldap.person("u4", "ann");
        assertThat(domain.users("").each("users", "name")).containsExactly("ann", "bob", "cid");
        assertThat(domain.users("&name=ann").each("users", "id")).containsExactly(domain.ann());
        assertThat(domain.login("ann", "pw of u4", null).status()).isEqualTo(401);
        assertThat(domain.login("ann", "pw of u1", null).status()).isEqualTo(201);
        for (int i = 0; i < 60; i++) {
            ldap.person("many" + i, "many" + i);
        }
        Answer refused = domain.users("");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.json().at("/error/message").asString()).contains("page_size");
    }

    @Test
    void aDomainWithoutItsDirectoryHasNoneOfItsUsers() {
        String token = domain.login("ann", "pw of u1", null).header("X-Subject-Token");
        cloud.patch(
                admin,
                "/v3/domains/" + acme + "/config",
                Map.of("config", Map.of("identity", Map.of("driver", "sql"))));
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(domain.users("").each("users", "id")).isEmpty();
        assertThat(domain.login("ann", "pw of u1", null).status()).isEqualTo(401);
        domain.configure(Map.of());
        assertThat(domain.login("ann", "pw of u1", null)
                        .json()
                        .at("/token/user/id")
                        .asString())
                .isEqualTo(domain.ann());

        String path = "/v3/domains/" + acme;
        cloud.patch(admin, path, Map.of("domain", Map.of("enabled", false)));
        assertThat(domain.login("ann", "pw of u1", null).status()).isEqualTo(401);
        assertThat(cloud.delete(admin, path).status()).isEqualTo(204);
        assertThat(cloud.get(admin, "/v3/users/" + domain.ann()).status()).isEqualTo(404);
    }
}

package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a route has two rules, an operator may give the one to some and the other to others. */
@EveryEngine(migrations = "db/keystone")
class PolicyOverrideTest {
    private static final String POLICY = """
            "identity:list_role_assignments": "role:usual"
            "identity:list_role_assignments_for_tree": "role:other and project_id:%(target.project.id)s"
            "identity:list_roles": "role:usual"
            "identity:list_domain_roles": "role:other"
            "identity:get_role": "role:usual"
            "identity:get_domain_role": "role:other"
            "identity:update_role": "role:usual"
            "identity:update_domain_role": "role:other"
            "identity:create_role": "role:admin or role:usual"
            "identity:create_domain_role": "role:admin or role:other"
            "identity:delete_role": "role:usual"
            "identity:delete_domain_role": "role:other"
            """;

    @TempDir
    Path keys;

    private KeystoneServer cloud;
    private String admin;
    private String usual;
    private String other;
    private String project;

    @BeforeEach
    void start(Database database) throws IOException {
        Files.writeString(keys.resolve("policy.yaml"), POLICY);
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        admin = cloud.admin();
        project = cloud.make(admin, "/v3/projects", "project", Map.of("name", "theirs"));
        usual = somebody("usual");
        other = somebody("other");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    /** The token of a user who has the role of the same name. */
    private String somebody(String name) {
        String user = cloud.make(admin, "/v3/users", "user", Map.of("name", name, "password", "pw"));
        cloud.grant(admin, project, user, cloud.make(admin, "/v3/roles", "role", Map.of("name", name)));
        return cloud.token(name, "pw", KeystoneServer.project("theirs"));
    }

    private void check(int asUsual, int asOther, String path) {
        assertThat(cloud.get(usual, path).status()).as("usual " + path).isEqualTo(asUsual);
        assertThat(cloud.get(other, path).status()).as("other " + path).isEqualTo(asOther);
    }

    @Test
    void assignmentsOfATreeHaveARuleOfTheirOwn() {
        check(200, 403, "/v3/role_assignments");
        check(200, 403, "/v3/role_assignments?scope.project.id=" + project);
        check(200, 403, "/v3/role_assignments?include_subtree=0&scope.project.id=" + project);
        check(403, 200, "/v3/role_assignments?include_subtree&scope.project.id=" + project);
        String another = cloud.make(admin, "/v3/projects", "project", Map.of("name", "another"));
        check(403, 403, "/v3/role_assignments?include_subtree&scope.project.id=" + another);
    }

    @Test
    void rolesOfADomainHaveRulesOfTheirOwn() {
        check(200, 403, "/v3/roles");
        check(403, 200, "/v3/roles?domain_id=default");
        for (String domain : new String[] {null, "default"}) {
            String may = domain == null ? usual : other;
            String mayNot = domain == null ? other : usual;
            Map<String, Object> role = domain == null ? Map.of("name", "a") : Map.of("name", "b", "domain_id", domain);
            assertThat(cloud.post(mayNot, "/v3/roles", Map.of("role", role)).status())
                    .isEqualTo(403);
            String path = "/v3/roles/" + cloud.make(may, "/v3/roles", "role", role);
            Map<String, ?> change = Map.of("role", Map.of("description", "changed"));
            assertThat(cloud.get(mayNot, path).status()).isEqualTo(403);
            assertThat(cloud.get(may, path).status()).isEqualTo(200);
            assertThat(cloud.patch(mayNot, path, change).status()).isEqualTo(403);
            assertThat(cloud.patch(may, path, change).status()).isEqualTo(200);
            assertThat(cloud.delete(mayNot, path).status()).isEqualTo(403);
            assertThat(cloud.delete(may, path).status()).isEqualTo(204);
        }
    }
}

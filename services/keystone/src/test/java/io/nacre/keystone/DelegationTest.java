package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles, who has them by which way, and what is derived from them: never more than its source. */
@EveryEngine(migrations = "db/keystone")
class DelegationTest {
    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private KeystoneServer cloud;
    private String admin;
    private String ann;
    private String bob;
    private String blue;
    private String member;
    private String reader;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, clock);
        admin = cloud.admin();
        blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        bob = cloud.make(admin, "/v3/users", "user", Map.of("name", "bob", "password", "pw"));
        member = cloud.role(admin, "member");
        reader = cloud.role(admin, "reader");
        cloud.grant(admin, blue, ann, member);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Answer login(String name) {
        return cloud.login(name, "pw", KeystoneServer.project("blue"));
    }

    private String roles(Answer login) {
        return String.join(" ", login.json().at("/token/roles").findValuesAsString("name"));
    }

    private int grant(String path) {
        return cloud.put(admin, path, null).status();
    }

    @Test
    void rolesComeThroughGroupsInheritanceAndImplications() {
        assertThat(roles(login("ann"))).isEqualTo("member reader");
        assertThat(login("bob").status()).isEqualTo(401);

        String group = cloud.make(admin, "/v3/groups", "group", Map.of("name", "team"));
        grant("/v3/groups/" + group + "/users/" + bob);
        grant("/v3/projects/" + blue + "/groups/" + group + "/roles/" + reader);
        assertThat(roles(login("bob"))).isEqualTo("reader");

        String path = "/v3/OS-INHERIT/domains/default/users/" + bob + "/roles/" + member + "/inherited_to_projects";
        assertThat(grant(path)).isEqualTo(204);
        assertThat(cloud.head(admin, path).status()).isEqualTo(204);
        assertThat(roles(login("bob"))).isEqualTo("member reader");
        assertThat(cloud.login("bob", "pw", Map.of("domain", Map.of("id", "default")))
                        .status())
                .isEqualTo(401);

        String audit = cloud.make(admin, "/v3/roles", "role", Map.of("name", "audit"));
        assertThat(grant("/v3/roles/" + member + "/implies/" + audit)).isEqualTo(201);
        assertThat(roles(login("bob"))).isEqualTo("audit member reader");
        cloud.delete(admin, path);
        assertThat(roles(login("bob"))).isEqualTo("reader");
        cloud.delete(admin, "/v3/groups/" + group);
        assertThat(login("bob").status()).isEqualTo(401);
    }

    @Test
    void aRoleOfADomainIsNeverInATokenButWhatItImpliesIs() {
        String local = cloud.make(admin, "/v3/roles", "role", Map.of("name", "local", "domain_id", "default"));
        grant("/v3/roles/" + local + "/implies/" + reader);
        cloud.grant(admin, blue, bob, local);
        assertThat(roles(login("bob"))).isEqualTo("reader");
        assertThat(cloud.get(admin, "/v3/roles?domain_id=default").each("roles", "name"))
                .containsExactly("local");
        assertThat(cloud.get(admin, "/v3/roles").each("roles", "name")).doesNotContain("local");
        String domain = cloud.make(admin, "/v3/domains", "domain", Map.of("name", "green"));
        String far = cloud.make(admin, "/v3/projects", "project", Map.of("name", "far", "domain_id", domain));
        assertThat(grant("/v3/projects/" + far + "/users/" + bob + "/roles/" + local))
                .isEqualTo(403);
        assertThat(grant("/v3/roles/" + reader + "/implies/" + local)).isEqualTo(403);
        assertThat(grant("/v3/roles/" + reader + "/implies/" + cloud.role(admin, "admin")))
                .isEqualTo(403);
    }

    @Test
    void bootstrapRolesAreImmutableUntilSaidOtherwise() {
        assertThat(cloud.delete(admin, "/v3/roles/" + member).status()).isEqualTo(403);
        assertThat(cloud.patch(admin, "/v3/roles/" + member, Map.of("role", Map.of("name", "x")))
                        .status())
                .isEqualTo(403);
        assertThat(cloud.patch(
                                admin,
                                "/v3/roles/" + member,
                                Map.of("role", Map.of("options", Map.of("immutable", false))))
                        .status())
                .isEqualTo(200);
        assertThat(cloud.delete(admin, "/v3/roles/" + member).status()).isEqualTo(204);
        assertThat(login("ann").status()).isEqualTo(401);
    }

    @Test
    void implicationsAreListedAndTakenBack() {
        String one = "/v3/roles/" + member + "/implies/" + reader;
        assertThat(cloud.get(admin, one)
                        .json()
                        .at("/role_inference/implies/name")
                        .asString())
                .isEqualTo("reader");
        assertThat(cloud.head(admin, one).status()).isEqualTo(204);
        assertThat(cloud.get(admin, "/v3/roles/" + member + "/implies").json().at("/role_inference/implies"))
                .hasSize(1);
        assertThat(cloud.get(admin, "/v3/role_inferences").json().get("role_inferences"))
                .hasSize(3);
        assertThat(cloud.delete(admin, one).status()).isEqualTo(204);
        assertThat(cloud.get(admin, one).status()).isEqualTo(404);
        assertThat(roles(login("ann"))).isEqualTo("member");
    }

    @Test
    void assignmentsAreListedAsGivenAndAsWhatTheyAmountTo() {
        String group = cloud.make(admin, "/v3/groups", "group", Map.of("name", "team"));
        grant("/v3/groups/" + group + "/users/" + bob);
        grant("/v3/OS-INHERIT/domains/default/groups/" + group + "/roles/" + reader + "/inherited_to_projects");
        String all = "/v3/role_assignments?";
        Answer given = cloud.get(admin, all + "group.id=" + group + "&include_names");
        assertThat(given.json().at("/role_assignments/0/scope/domain/name").asString())
                .isEqualTo("Default");
        assertThat(given.json()
                        .at("/role_assignments/0/scope/OS-INHERIT:inherited_to")
                        .asString())
                .isEqualTo("projects");
        assertThat(given.json().at("/role_assignments/0/group/name").asString()).isEqualTo("team");
        Answer effective = cloud.get(admin, all + "effective&user.id=" + bob + "&scope.project.id=" + blue);
        assertThat(effective.json().get("role_assignments")).hasSize(1);
        assertThat(effective.json().at("/role_assignments/0/links/assignment").asString())
                .endsWith("/v3/OS-INHERIT/domains/default/groups/" + group + "/roles/" + reader
                        + "/inherited_to_projects");
        assertThat(effective.json().at("/role_assignments/0/links/membership").asString())
                .endsWith("/v3/groups/" + group + "/users/" + bob);
        assertThat(cloud.get(admin, all + "effective&user.id=" + ann).json().get("role_assignments"))
                .hasSize(2);
        assertThat(cloud.get(admin, all + "user.id=" + ann).json().get("role_assignments"))
                .hasSize(1);
        assertThat(cloud.get(admin, all + "scope.system=all").json().get("role_assignments"))
                .hasSize(1);
        assertThat(cloud.get(admin, all + "role.id=" + member + "&scope.project.id=" + blue)
                        .json()
                        .get("role_assignments"))
                .hasSize(1);
        for (String bad : List.of(
                "scope.domain.id=x&scope.project.id=x",
                "user.id=x&group.id=x",
                "effective&group.id=x",
                "include_subtree")) {
            assertThat(cloud.get(admin, all + bad).status()).as(bad).isEqualTo(400);
        }
    }

    @Test
    void rolesOnTheSystemAreGivenAndTaken() {
        Map<String, ?> system = Map.of("system", Map.of("all", true));
        String path = "/v3/system/users/" + ann + "/roles/" + reader;
        assertThat(cloud.login("ann", "pw", system).status()).isEqualTo(401);
        assertThat(grant(path)).isEqualTo(204);
        assertThat(cloud.head(admin, path).status()).isEqualTo(204);
        assertThat(cloud.get(admin, "/v3/system/users/" + ann + "/roles").each("roles", "name"))
                .containsExactly("reader");
        String token = cloud.token("ann", "pw", system);
        assertThat(cloud.get(token, "/v3/users").status()).isEqualTo(200);
        assertThat(cloud.post(token, "/v3/users", Map.of("user", Map.of("name", "x")))
                        .status())
                .isEqualTo(403);
        assertThat(cloud.delete(admin, path).status()).isEqualTo(204);
        assertThat(cloud.get(token, "/v3/users").status()).isEqualTo(401);
        assertThat(cloud.delete(admin, path).status()).isEqualTo(404);
    }

    private Answer trust(String token, Map<String, ?> more) {
        Map<String, Object> trust = new HashMap<>(Map.of(
                "trustor_user_id", ann,
                "trustee_user_id", bob,
                "project_id", blue,
                "impersonation", true,
                "roles", List.of(Map.of("name", "reader"))));
        trust.putAll(more);
        return cloud.post(token, "/v3/OS-TRUST/trusts", Map.of("trust", trust));
    }

    private Answer byTrust(String trustId) {
        return cloud.login("bob", "pw", Map.of("OS-TRUST:trust", Map.of("id", trustId)));
    }

    private String annsToken() {
        return cloud.token("ann", "pw", KeystoneServer.project("blue"));
    }

    @Test
    void aTrustLetsAnotherActWithTheRolesItNames() {
        Answer made = trust(annsToken(), Map.of());
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().at("/trust/roles/0/name").asString()).isEqualTo("reader");
        Answer token = byTrust(made.id("trust"));
        assertThat(token.status()).isEqualTo(201);
        assertThat(roles(token)).isEqualTo("reader");
        assertThat(token.json().at("/token/user/id").asString()).isEqualTo(ann);
        assertThat(token.json().at("/token/OS-TRUST:trust/trustee_user/id").asString())
                .isEqualTo(bob);
        Map<String, Object> identity =
                Map.of("methods", List.of("token"), "token", Map.of("id", token.header("X-Subject-Token")));
        assertThat(cloud.post(null, "/v3/auth/tokens", KeystoneServer.auth(identity, KeystoneServer.project("blue")))
                        .status())
                .isEqualTo(403);
        cloud.delete(annsToken(), "/v3/OS-TRUST/trusts/" + made.id("trust"));
        assertThat(cloud.validate(admin, token.header("X-Subject-Token")).status())
                .isEqualTo(404);
        assertThat(byTrust(made.id("trust")).status()).isEqualTo(401);
    }

    @Test
    void aTrustGivesNoMoreThanItsTrustorHas() {
        assertThat(trust(annsToken(), Map.of("roles", List.of(Map.of("name", "admin"))))
                        .status())
                .isEqualTo(404);
        assertThat(trust(annsToken(), Map.of("roles", List.of())).status()).isEqualTo(403);
        assertThat(trust(annsToken(), Map.of("trustor_user_id", bob)).status()).isEqualTo(403);
        Answer made = trust(annsToken(), Map.of("roles", List.of(Map.of("id", member))));
        Answer token = byTrust(made.id("trust"));
        assertThat(roles(token)).isEqualTo("member reader");
        cloud.delete(admin, "/v3/projects/" + blue + "/users/" + ann + "/roles/" + member);
        cloud.grant(admin, blue, ann, reader);
        assertThat(cloud.validate(admin, token.header("X-Subject-Token")).status())
                .isEqualTo(404);
        assertThat(byTrust(made.id("trust")).status()).isEqualTo(403);
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("enabled", false)));
        assertThat(byTrust(made.id("trust")).status()).isEqualTo(401);
    }

    @Test
    void aTrustEndsByTimeAndByUse() {
        Answer once = trust(annsToken(), Map.of("remaining_uses", 1, "expires_at", "2026-01-02T03:14:05.000000Z"));
        Answer token = byTrust(once.id("trust"));
        assertThat(token.status()).isEqualTo(201);
        assertThat(token.json().at("/token/expires_at").asString()).isEqualTo("2026-01-02T03:14:05.000000Z");
        assertThat(byTrust(once.id("trust")).status()).isEqualTo(401);
        assertThat(cloud.validate(admin, token.header("X-Subject-Token")).status())
                .isEqualTo(200);
        clock.advance(Duration.ofMinutes(10));
        assertThat(cloud.validate(admin, token.header("X-Subject-Token")).status())
                .isEqualTo(404);
        assertThat(trust(annsToken(), Map.of("expires_at", "2020-01-01T00:00:00Z"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aTrustMadeFromATrustStaysWithinIt() {
        String carol = cloud.make(admin, "/v3/users", "user", Map.of("name", "carol", "password", "pw"));
        Answer first = trust(annsToken(), Map.of("allow_redelegation", true, "redelegation_count", 1));
        String token = byTrust(first.id("trust")).header("X-Subject-Token");
        assertThat(trust(token, Map.of("trustee_user_id", carol, "roles", List.of(Map.of("id", member))))
                        .status())
                .isEqualTo(403);
        Answer second = trust(token, Map.of("trustee_user_id", carol, "allow_redelegation", true));
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json().at("/trust/redelegated_trust_id").asString()).isEqualTo(first.id("trust"));
        Map<String, ?> scope = Map.of("OS-TRUST:trust", Map.of("id", second.id("trust")));
        Answer carols = cloud.login("carol", "pw", scope);
        assertThat(roles(carols)).isEqualTo("reader");
        assertThat(trust(carols.header("X-Subject-Token"), Map.of("trustee_user_id", bob))
                        .status())
                .isEqualTo(403);
        cloud.delete(annsToken(), "/v3/OS-TRUST/trusts/" + first.id("trust"));
        assertThat(cloud.validate(admin, carols.header("X-Subject-Token")).status())
                .isEqualTo(404);
    }

    private Answer credential(String token, Map<String, ?> more) {
        Map<String, Object> attributes = new HashMap<>(Map.of("name", "robot"));
        attributes.putAll(more);
        return cloud.post(
                token, "/v3/users/" + ann + "/application_credentials", Map.of("application_credential", attributes));
    }

    private Answer byCredential(String id, String secret) {
        Map<String, Object> identity = Map.of(
                "methods",
                List.of("application_credential"),
                "application_credential",
                Map.of("id", id, "secret", secret));
        return cloud.post(null, "/v3/auth/tokens", KeystoneServer.auth(identity, null));
    }

    @Test
    void anApplicationCredentialLogsInWithItsOwnSecretAndRoles() {
        Answer made = credential(annsToken(), Map.of("roles", List.of(Map.of("name", "reader"))));
        assertThat(made.status()).isEqualTo(201);
        String id = made.id("application_credential");
        String secret = made.json().at("/application_credential/secret").asString();
        Answer token = byCredential(id, secret);
        assertThat(token.status()).isEqualTo(201);
        assertThat(roles(token)).isEqualTo("reader");
        assertThat(token.json().at("/token/application_credential/restricted").asBoolean())
                .isTrue();
        assertThat(byCredential(id, "wrong").status()).isEqualTo(401);
        assertThat(byCredential("nowhere", secret).status()).isEqualTo(404);
        assertThat(cloud.get(annsToken(), "/v3/users/" + ann + "/application_credentials/" + id)
                        .response()
                        .body())
                .doesNotContain("secret");
        String own = token.header("X-Subject-Token");
        assertThat(credential(own, Map.of("name", "second")).status()).isEqualTo(403);
        assertThat(trust(own, Map.of()).status()).isEqualTo(403);
        assertThat(cloud.delete(own, "/v3/users/" + ann + "/application_credentials/" + id)
                        .status())
                .isEqualTo(403);
        cloud.delete(admin, "/v3/projects/" + blue + "/users/" + ann + "/roles/" + member);
        assertThat(cloud.validate(admin, own).status()).isEqualTo(404);
        assertThat(byCredential(id, secret).status()).isEqualTo(404);
    }

    @Test
    void anApplicationCredentialIsNarrowerThanItsToken() {
        assertThat(credential(annsToken(), Map.of("roles", List.of(Map.of("name", "admin"))))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.post(
                                admin,
                                "/v3/users/" + ann + "/application_credentials",
                                Map.of("application_credential", Map.of("name", "x")))
                        .status())
                .isEqualTo(403);
        assertThat(credential(annsToken(), Map.of()).status()).isEqualTo(201);
        assertThat(credential(annsToken(), Map.of()).status()).isEqualTo(409);
        Answer brief = credential(
                annsToken(), Map.of("name", "brief", "unrestricted", true, "expires_at", "2026-01-02T03:14:05.000000"));
        assertThat(brief.json().at("/application_credential/expires_at").asString())
                .isEqualTo("2026-01-02T03:14:05.000000");
        String id = brief.id("application_credential");
        String secret = brief.json().at("/application_credential/secret").asString();
        Answer token = byCredential(id, secret);
        assertThat(token.json().at("/token/expires_at").asString()).isEqualTo("2026-01-02T03:14:05.000000Z");
        assertThat(credential(token.header("X-Subject-Token"), Map.of("name", "longer"))
                        .status())
                .isEqualTo(403);
        clock.advance(Duration.ofMinutes(10));
        assertThat(cloud.validate(admin, token.header("X-Subject-Token")).status())
                .isEqualTo(404);
        assertThat(byCredential(id, secret).status()).isEqualTo(401);
    }
}

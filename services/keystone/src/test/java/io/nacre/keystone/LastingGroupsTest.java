package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that a provider puts its users in, and that stay theirs for as long as it says. */
@EveryEngine(migrations = "db/keystone")
class LastingGroupsTest {
    private final MutableClock clock = new MutableClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));

    @TempDir
    Path keys;

    private Acme acme;
    private KeystoneServer cloud;
    private String admin;

    @BeforeEach
    void start(Database database) {
        acme = new Acme(database, keys, clock, List.of());
        cloud = acme.cloud;
        admin = acme.admin;
        lasts(30);
    }

    @AfterEach
    void stop() {
        acme.close();
    }

    private void lasts(int minutes) {
        assertThat(cloud.patch(admin, Acme.PATH, Map.of("identity_provider", Map.of("authorization_ttl", minutes)))
                        .status())
                .isEqualTo(200);
    }

    private Answer login() {
        return acme.login(Acme.claims("s-1", "ann"));
    }

    private Answer groups(String userId) {
        return cloud.get(admin, "/v3/users/" + userId + "/groups");
    }

    private static String userId(Answer login) {
        return login.json().at("/token/user/id").asString();
    }

    private Answer credential(String token, String userId) {
        Answer made = cloud.post(
                token,
                "/v3/users/" + userId + "/application_credentials",
                Map.of("application_credential", Map.of("name", "ci", "secret", "s")));
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        return made;
    }

    private Answer by(Answer credential) {
        return cloud.post(
                null,
                "/v3/auth/tokens",
                KeystoneServer.auth(
                        Map.of(
                                "methods",
                                List.of("application_credential"),
                                "application_credential",
                                Map.of("id", credential.id("application_credential"), "secret", "s")),
                        null));
    }

    @Test
    void aLoginRenewsTheMembershipAndItEndsByItself() {
        String ann = userId(login());
        String member = "/v3/groups/" + acme.group + "/users/" + ann;
        Answer listed = groups(ann);
        assertThat(listed.each("groups", "id")).containsExactly(acme.group);
        Instant end = clock.instant().plus(Duration.ofMinutes(30));
        assertThat(listed.json().at("/groups/0/membership_expires_at").asString())
                .isEqualTo(end.toString().replace("Z", ".000000"));
        assertThat(cloud.get(admin, member).status()).isEqualTo(204);
        assertThat(cloud.get(admin, "/v3/groups/" + acme.group + "/users")
                        .json()
                        .get("users"))
                .isEmpty();
        assertThat(cloud.delete(admin, member).status()).isEqualTo(404);
        clock.advance(Duration.ofMinutes(20));
        login();
        clock.advance(Duration.ofMinutes(20));
        admin = cloud.admin();
        assertThat(cloud.get(admin, member).status()).isEqualTo(204);
        clock.advance(Duration.ofMinutes(10));
        assertThat(cloud.get(admin, member).status()).isEqualTo(404);
        assertThat(groups(ann).json().get("groups")).isEmpty();
        lasts(90);
        assertThat(cloud.get(admin, member).status()).isEqualTo(204);
        cloud.put(admin, member, null);
        assertThat(groups(ann).json().at("/groups/0/membership_expires_at").isNull())
                .isTrue();
    }

    @Test
    void anApplicationCredentialWorksAsLongAsTheMembership() {
        Answer issued = login();
        String ann = userId(issued);
        String scoped = acme.scoped(issued.header("X-Subject-Token"), Map.of("project", Map.of("id", acme.blue)))
                .header("X-Subject-Token");
        Answer credential = credential(scoped, ann);
        Answer token = by(credential);
        assertThat(token.status()).as(token.response().body()).isEqualTo(201);
        assertThat(token.json().at("/token/roles").findValuesAsString("name")).contains("member");
        assertThat(token.json().at("/token/expires_at").asString())
                .isEqualTo(
                        clock.instant().plus(Duration.ofMinutes(30)).toString().replace("Z", ".000000Z"));
        assertThat(cloud.validate(admin, token.header("X-Subject-Token")).status())
                .isEqualTo(200);
        clock.advance(Duration.ofMinutes(30));
        assertThat(cloud.validate(admin, token.header("X-Subject-Token")).status())
                .isEqualTo(404);
        assertThat(by(credential).status()).isEqualTo(401);
        login();
        assertThat(by(credential).status()).isEqualTo(201);
    }

    @Test
    void whoIsNotTrustedAnyMorePutsNobodyInGroups() {
        Answer issued = login();
        String ann = userId(issued);
        Answer credential = credential(
                acme.scoped(issued.header("X-Subject-Token"), Map.of("project", Map.of("id", acme.blue)))
                        .header("X-Subject-Token"),
                ann);
        String token = by(credential).header("X-Subject-Token");
        cloud.patch(admin, Acme.PATH, Map.of("identity_provider", Map.of("enabled", false)));
        assertThat(groups(ann).json().get("groups")).isEmpty();
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(by(credential).status()).isEqualTo(401);
        cloud.patch(admin, Acme.PATH, Map.of("identity_provider", Map.of("enabled", true)));
        assertThat(groups(ann).json().get("groups")).hasSize(1);
        cloud.delete(admin, "/v3/groups/" + acme.group);
        assertThat(groups(ann).json().get("groups")).isEmpty();
    }

    @Test
    void withoutATimeAGroupIsTheTokensAlone() {
        lasts(0);
        Answer issued = login();
        assertThat(groups(userId(issued)).json().get("groups")).isEmpty();
        assertThat(acme.scoped(issued.header("X-Subject-Token"), Map.of("project", Map.of("id", acme.blue)))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void usersAreFoundByWhatProvidersKnowThemAs() {
        String ann = userId(login());
        String bob = userId(acme.login(Acme.claims("s-2", "bob")));
        cloud.make(admin, "/v3/users", "user", Map.of("name", "local"));
        assertThat(cloud.get(admin, "/v3/users?unique_id=s-1").each("users", "id"))
                .containsExactly(ann);
        assertThat(cloud.get(admin, "/v3/users?idp_id=acme&protocol_id=openid").each("users", "id"))
                .containsExactly(ann, bob);
        assertThat(cloud.get(admin, "/v3/users?idp_id=acme&name=bob").each("users", "id"))
                .containsExactly(bob);
        assertThat(cloud.get(admin, "/v3/users?idp_id=other").json().get("users"))
                .isEmpty();
        assertThat(cloud.get(admin, "/v3/users?unique_id__startswith=s-").each("users", "id"))
                .containsExactly(ann, bob);
        assertThat(cloud.get(admin, "/v3/users/" + ann)
                        .json()
                        .at("/user/federated")
                        .toString())
                .isEqualTo("[" + federated("s-1") + "]");
    }

    private static String federated(String uniqueId) {
        return Json.write(
                Map.of("idp_id", "acme", "protocols", List.of(Map.of("protocol_id", "openid", "unique_id", uniqueId))));
    }

    private Answer known(String path, Object body) {
        return path.equals("/v3/users") ? cloud.post(admin, path, body) : cloud.patch(admin, path, body);
    }

    private static Map<String, ?> user(String name, String provider, String protocol, String uniqueId) {
        return Map.of(
                "user",
                Map.of(
                        "name",
                        name,
                        "federated",
                        List.of(Map.of(
                                "idp_id",
                                provider,
                                "protocols",
                                List.of(Map.of("protocol_id", protocol, "unique_id", uniqueId))))));
    }

    @Test
    void anAdministratorTellsWhomAProviderMeans() {
        Answer made = known("/v3/users", user("ann", "acme", "openid", "s-7"));
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        String ann = made.id("user");
        assertThat(made.json().at("/user/federated").toString()).isEqualTo("[" + federated("s-7") + "]");
        assertThat(userId(acme.login(Acme.claims("s-7", "ann")))).isEqualTo(ann);
        assertThat(known("/v3/users", user("bob", "acme", "openid", "s-7")).status())
                .isEqualTo(409);
        assertThat(known("/v3/users", user("bob", "other", "openid", "s-8")).status())
                .isEqualTo(400);
        assertThat(known("/v3/users", user("bob", "acme", "saml2", "s-8")).status())
                .isEqualTo(400);
        assertThat(cloud.get(admin, "/v3/users?name=bob").json().get("users")).isEmpty();
        Answer changed = known("/v3/users/" + ann, user("ann", "acme", "openid", "s-9"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().at("/user/federated").toString()).isEqualTo("[" + federated("s-9") + "]");
        assertThat(cloud.get(admin, "/v3/users?unique_id=s-7").json().get("users"))
                .isEmpty();
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("federated", List.of(), "description", "x")));
        assertThat(cloud.get(admin, "/v3/users/" + ann)
                        .json()
                        .at("/user/federated")
                        .toString())
                .isEqualTo("[" + federated("s-9") + "]");
    }
}

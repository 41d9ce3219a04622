package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients compare letter for letter, as the original answers it: refusals, headers, and what is shown after a change. */
@EveryEngine(migrations = "db/keystone")
class WireTest {
    private static final String MALFORMED = " The server could not comply with the request since it is either malformed"
            + " or otherwise incorrect. The client is assumed to be in error.";

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

    @Test
    void everyAnswerDependsOnTheToken() {
        for (Answer answer : List.of(
                cloud.get(null, "/v3"),
                cloud.get(admin, "/v3/users"),
                cloud.get(null, "/v3/users"),
                cloud.login("admin", "wrong", null),
                cloud.post(admin, "/v3/users", "{"))) {
            assertThat(answer.response().headers().allValues("Vary")).containsExactly("X-Auth-Token");
        }
    }

    @Test
    void aBodyThatIsNoObjectInJsonIsToldSo() {
        String message = "Expecting to find valid JSON in request body." + MALFORMED;
        for (String body : List.of("{", "[]", "\"x\"", "null", "1")) {
            isRefused(cloud.post(admin, "/v3/users", body), 400, message);
            isRefused(cloud.post(null, "/v3/auth/tokens", body), 400, message);
        }
        isRefused(
                cloud.send("POST", "/v3/users", admin, "{}", Map.of("Content-Type", "text/plain")),
                400,
                "Expecting to find application/json in Content-Type header." + MALFORMED);
    }

    @Test
    void aMethodThatIsNotThereIsRefusedAsTheFrameworkDoes() {
        Answer answer = cloud.put(admin, "/v3/users", Map.of());
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.response().body())
                .isEqualTo("{\"message\":\"The method is not allowed for the requested URL.\"}");
    }

    @Test
    void aLoginSaysWhatIsMissing() {
        Map<String, ?> nobody =
                Map.of("methods", List.of("password"), "password", Map.of("user", Map.of("password", "x")));
        isRefused(
                login(nobody, null),
                400,
                "Invalid input for field identity/password/user: id or name must be present.");
        Map<String, ?> methods = Map.of("methods", List.of("token"), "token", Map.of("id", admin));
        isRefused(
                login(methods, Map.of("project", Map.of("name", "x", "domain", Map.of()))),
                400,
                "Invalid input for field scope/project/domain: id or name must be present.");
        for (Object scope : List.of(Map.of(), "other", Map.of("domain", Map.of("id", "x"), "unscoped", Map.of()))) {
            isRefused(
                    login(methods, scope),
                    400,
                    "Expecting to find system, project, domain, OS-TRUST:trust or unscoped in scope." + MALFORMED);
        }
        for (String body : List.of("{}", "{\"auth\": null}")) {
            isRefused(
                    cloud.post(null, "/v3/auth/tokens", body),
                    400,
                    "Expecting to find auth in request body." + MALFORMED);
        }
    }

    @Test
    void aTokenThatIsNoneAndOneThatIsOverAreToldApart() {
        isRefused(cloud.validate(admin, "nothing"), 404, "Could not recognize Fernet token");
        isRefused(cloud.get(admin, "/v3/auth/tokens"), 404, "No token in the request");
        String over = cloud.admin();
        cloud.send("DELETE", "/v3/auth/tokens", admin, null, Map.of("X-Subject-Token", over));
        isRefused(cloud.validate(admin, over), 404, "Failed to validate token");
        Map<String, ?> again = Map.of("methods", List.of("token"), "token", Map.of("id", over));
        isRefused(login(again, null), 404, "Failed to validate token");
        cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        String ann = cloud.token("ann", "pw", null);
        isRefused(
                cloud.delete(ann, "/v3/auth/tokens"),
                403,
                "You are not authorized to perform the requested action: identity:revoke_token.");
    }

    @Test
    void whatIsImmutableIsUnlockedByNothingElse() {
        Map<String, ?> locked = Map.of("name", "rock", "options", Map.of("immutable", true));
        for (String type : List.of("project", "role")) {
            String path = "/v3/" + type + "s/";
            String id = cloud.make(admin, path.substring(0, path.length() - 1), type, locked);
            String told =
                    " immutable " + type + " resource: `" + id + ". Set resource option \"immutable\" to false first.";
            isRefused(cloud.delete(admin, path + id), 403, "Unable to delete" + told);
            for (Map<String, ?> change : List.of(
                    Map.of("name", "sand"),
                    Map.of("options", Map.of("immutable", true)),
                    Map.of("name", "sand", "options", Map.of("immutable", false)))) {
                isRefused(cloud.patch(admin, path + id, Map.of(type, change)), 403, "Unable to update" + told);
            }
            if (type.equals("project")) {
                isRefused(
                        cloud.put(admin, path + id + "/tags/a", null),
                        403,
                        "Cannot create project tags for " + id
                                + ", project is immutable. Set \"immutable\" option to false before creating project tags.");
            }
            Map<String, ?> unlock = Map.of(type, Map.of("options", Map.of("immutable", false)));
            assertThat(cloud.patch(admin, path + id, unlock).status()).isEqualTo(200);
            assertThat(cloud.delete(admin, path + id).status()).isEqualTo(204);
        }
    }

    @Test
    void aChangeShowsWhatClientsAddedTwice() {
        for (String type : List.of("user", "project")) {
            Map<String, ?> sent = Map.of("name", "one", "colour", "red", "extra", "dropped");
            Answer made = cloud.post(admin, "/v3/" + type + "s", Map.of(type, sent));
            assertThat(made.json().get(type).has("extra")).isFalse();
            String path = "/v3/" + type + "s/" + made.id(type);
            Answer changed = cloud.patch(admin, path, Map.of(type, Map.of("colour", "blue")));
            assertThat(changed.json().at("/" + type + "/extra").toString()).isEqualTo("{\"colour\":\"blue\"}");
            assertThat(cloud.get(admin, path).json().get(type).has("extra")).isFalse();
        }
    }

    @Test
    void conflictsNameWhatWasSent() {
        cloud.make(admin, "/v3/users", "user", Map.of("name", "one"));
        String two = cloud.make(admin, "/v3/users", "user", Map.of("name", "two"));
        String conflict = "Conflict occurred attempting to store user - Duplicate entry found with name one";
        isRefused(
                cloud.post(admin, "/v3/users", Map.of("user", Map.of("name", "one"))),
                409,
                conflict + " at domain ID default.");
        isRefused(cloud.patch(admin, "/v3/users/" + two, Map.of("user", Map.of("name", "one"))), 409, conflict + ".");
        String path = "/v3/roles/" + cloud.role(admin, "reader") + "/implies/"
                + cloud.make(admin, "/v3/roles", "role", Map.of("name", "less"));
        assertThat(cloud.put(admin, path, null).status()).isEqualTo(201);
        isRefused(
                cloud.put(admin, path, null),
                409,
                "Conflict occurred attempting to store implied_role - Duplicate entry.");
    }

    @Test
    void aGroupsNameIsShorterThanAUsers() {
        String name = "g".repeat(65);
        isRefused(
                cloud.post(admin, "/v3/groups", Map.of("group", Map.of("name", name))),
                400,
                "String length exceeded. The length of string '" + name
                        + "' exceeds the limit of column name(CHAR(64)).");
        cloud.make(admin, "/v3/groups", "group", Map.of("name", name.substring(1)));
    }

    @Test
    void theCatalogShowsWhatAnEndpointWasGiven() {
        String service = cloud.make(admin, "/v3/services", "service", Map.of("type", "dns"));
        assertThat(cloud.get(admin, "/v3/services/" + service)
                        .json()
                        .at("/service/name")
                        .asString())
                .isEmpty();
        cloud.make(
                admin,
                "/v3/endpoints",
                "endpoint",
                Map.of("service_id", service, "interface", "public", "url", "http://x/", "name", "west"));
        assertThat(cloud.get(admin, "/v3/auth/catalog").response().body()).contains("\"name\":\"west\"");
    }

    @Test
    void anEndpointSaysWhatIsMissing() {
        String service = cloud.make(admin, "/v3/services", "service", Map.of("type", "dns"));
        Map<String, Object> endpoint =
                new HashMap<>(Map.of("service_id", "x", "interface", "public", "url", "http://x/"));
        isRefused(
                cloud.post(admin, "/v3/endpoints", Map.of("endpoint", endpoint)),
                400,
                "Expecting to find endpoint service_id in service table." + MALFORMED);
        endpoint.putAll(Map.of("service_id", service, "region_id", "x"));
        isRefused(
                cloud.post(admin, "/v3/endpoints", Map.of("endpoint", endpoint)),
                400,
                "Expecting to find endpoint region_id in region table." + MALFORMED);
        endpoint.put("region_id", null);
        isRefused(
                cloud.post(admin, "/v3/endpoints", Map.of("endpoint", endpoint)),
                400,
                "Invalid input for field 'region_id': None is not of type 'string'");
        isRefused(
                cloud.patch(admin, "/v3/regions/RegionOne", Map.of("region", Map.of())),
                400,
                "{} does not have enough properties");
    }

    @Test
    void anAccessKeyIsKeptAsItWasSent() {
        String user = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann"));
        String project = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        String blob = "{\"access\":  \"key\", \"secret\": \"s\"}";
        Map<String, String> key = Map.of("type", "ec2", "blob", blob, "user_id", user, "project_id", project);
        Answer made = cloud.post(admin, "/v3/credentials", Map.of("credential", key));
        assertThat(made.json().at("/credential/blob").asString()).isEqualTo(blob);
        isRefused(
                cloud.post(admin, "/v3/credentials", Map.of("credential", key)),
                409,
                "Conflict occurred attempting to store credential - Duplicate entry found with ID "
                        + made.id("credential") + ".");
        Map<String, String> cert = Map.of("type", "cert", "blob", "x", "user_id", user);
        String path = "/v3/credentials/" + cloud.make(admin, "/v3/credentials", "credential", cert);
        isRefused(
                cloud.patch(admin, path, Map.of("credential", Map.of("type", "ec2"))),
                400,
                "Expecting to find project_id in credential." + MALFORMED);
    }

    @Test
    void aTrustOfOthersIsForbiddenAndNobodysIsNot() {
        String adminId =
                cloud.get(admin, "/v3/users?name=admin").each("users", "id").getFirst();
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        cloud.make(admin, "/v3/users", "user", Map.of("name", "bob", "password", "pw"));
        String project = cloud.get(admin, "/v3/projects?name=admin")
                .each("projects", "id")
                .getFirst();
        Map<String, ?> trust = Map.of(
                "trustor_user_id", adminId,
                "trustee_user_id", ann,
                "impersonation", true,
                "project_id", project,
                "roles", List.of(Map.of("name", "admin")));
        String id = cloud.make(admin, "/v3/OS-TRUST/trusts", "trust", trust);
        Map<String, ?> scope = Map.of("OS-TRUST:trust", Map.of("id", id));
        assertThat(cloud.login("ann", "pw", scope).status()).isEqualTo(201);
        isRefused(cloud.login("bob", "pw", scope), 403, "You are not authorized to perform the requested action.");
        isRefused(
                cloud.post(admin, "/v3/OS-TRUST/trusts", Map.of("trust", Map.of("trustee_user_id", ann))),
                403,
                "You are not authorized to perform the requested action: identity:create_trust.");
    }

    private Answer login(Map<String, ?> identity, Object scope) {
        return cloud.post(null, "/v3/auth/tokens", KeystoneServer.auth(identity, scope));
    }

    private static void isRefused(Answer answer, int status, String message) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        assertThat(answer.json().at("/error/message").asString()).isEqualTo(message);
    }
}

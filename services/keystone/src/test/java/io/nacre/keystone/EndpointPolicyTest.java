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

/** Which policy document is for which endpoint. */
@EveryEngine(migrations = "db/keystone")
class EndpointPolicyTest {
    @TempDir
    Path keys;

    private KeystoneServer cloud;
    private String admin;
    private String service;
    private String endpoint;

    /** A service with an endpoint in the region inner, which lies in outer. */
    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        admin = cloud.admin();
        cloud.make(admin, "/v3/regions", "region", Map.of("id", "outer"));
        cloud.make(admin, "/v3/regions", "region", Map.of("id", "inner", "parent_region_id", "outer"));
        service = cloud.make(admin, "/v3/services", "service", Map.of("type", "dns", "name", "designate"));
        endpoint = endpoint("inner");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private String endpoint(String region) {
        return cloud.make(
                admin,
                "/v3/endpoints",
                "endpoint",
                Map.of("interface", "public", "service_id", service, "region_id", region, "url", "http://127.0.0.1:9"));
    }

    private String policy(String text) {
        return cloud.make(admin, "/v3/policies", "policy", Map.of("blob", text, "type", "text/plain"));
    }

    private static String of(String policy, String subject) {
        return "/v3/policies/" + policy + "/OS-ENDPOINT-POLICY/" + subject;
    }

    private void associate(String policy, String subject) {
        assertThat(cloud.head(admin, of(policy, subject)).status()).isEqualTo(404);
        assertThat(cloud.put(admin, of(policy, subject), null).status()).isEqualTo(204);
        assertThat(cloud.get(admin, of(policy, subject)).status()).isEqualTo(204);
    }

    private Answer effective() {
        return cloud.get(admin, "/v3/endpoints/" + endpoint + "/OS-ENDPOINT-POLICY/policy");
    }

    private void assertEffective(String policy) {
        Answer answer = effective();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.id("policy")).isEqualTo(policy);
        assertThat(cloud.get(admin, of(policy, "endpoints")).each("endpoints", "id"))
                .contains(endpoint);
    }

    private static String message(Answer answer) {
        return answer.json().at("/error/message").asString();
    }

    @Test
    void theNarrowestPolicyIsTheOneOfAnEndpoint() {
        assertThat(effective().status()).isEqualTo(404);
        assertThat(message(effective())).isEqualTo("No policy is associated with endpoint " + endpoint + ".");
        List<String> subjects = List.of(
                "services/" + service,
                "services/" + service + "/regions/outer",
                "services/" + service + "/regions/inner",
                "endpoints/" + endpoint);
        for (String subject : subjects) {
            String policy = policy(subject);
            associate(policy, subject);
            assertEffective(policy);
        }
        Answer shown = effective();
        assertThat(shown.json().at("/policy/blob").asString()).isEqualTo("endpoints/" + endpoint);
        String id = shown.id("policy");
        assertThat(shown.json().at("/policy/links/self").asString()).isEqualTo(cloud.url + "/v3/policies/" + id);
        assertThat(cloud.delete(admin, of(id, subjects.getLast())).status()).isEqualTo(204);
        assertThat(effective().json().at("/policy/blob").asString()).isEqualTo(subjects.get(2));
        assertThat(message(cloud.get(admin, of(id, subjects.getLast()))))
                .isEqualTo("Could not find policy association.");
    }

    @Test
    void aPolicyOfARegionIsForTheRegionsBelowItAndForNoOthers() {
        cloud.make(admin, "/v3/regions", "region", Map.of("id", "elsewhere"));
        String outside = endpoint("outer");
        endpoint("elsewhere");
        String policy = policy("p");
        associate(policy, "services/" + service + "/regions/outer");
        Answer listed = cloud.get(admin, of(policy, "endpoints"));
        assertThat(listed.each("endpoints", "id")).containsExactlyInAnyOrder(endpoint, outside);
        assertThat(listed.json().get("endpoints").get(0).at("/links/self").asString())
                .startsWith(cloud.url + "/v3/endpoints/");
    }

    @Test
    void anotherPolicyTakesThePlaceOfTheOneBefore() {
        String first = policy("first");
        String second = policy("second");
        associate(first, "services/" + service);
        associate(second, "services/" + service);
        assertEffective(second);
        assertThat(cloud.get(admin, of(first, "services/" + service)).status()).isEqualTo(404);
        assertThat(cloud.delete(admin, of(first, "services/" + service)).status())
                .isEqualTo(204);
        assertEffective(second);
    }

    @Test
    void whatIsGoneIsNoLongerAssociated() {
        String policy = policy("p");
        associate(policy, "services/" + service);
        assertThat(cloud.delete(admin, "/v3/policies/" + policy).status()).isEqualTo(204);
        assertThat(effective().status()).isEqualTo(404);

        String next = policy("next");
        associate(next, "endpoints/" + endpoint);
        associate(next, "services/" + service);
        associate(next, "services/" + service + "/regions/inner");
        assertThat(cloud.get(admin, of(next, "endpoints")).each("endpoints", "id"))
                .containsExactly(endpoint);
        assertThat(cloud.delete(admin, "/v3/endpoints/" + endpoint).status()).isEqualTo(204);
        assertThat(cloud.get(admin, of(next, "endpoints")).json().get("endpoints"))
                .isEmpty();
        assertThat(cloud.delete(admin, "/v3/regions/inner").status()).isEqualTo(204);
        cloud.make(admin, "/v3/regions", "region", Map.of("id", "inner"));
        assertThat(cloud.get(admin, of(next, "services/" + service + "/regions/inner"))
                        .status())
                .isEqualTo(404);
        assertThat(cloud.delete(admin, "/v3/services/" + service).status()).isEqualTo(204);
        assertThat(cloud.get(admin, of(next, "services/" + service)).status()).isEqualTo(404);
    }

    @Test
    void allThatIsNamedMustExistAndOnlyOperatorsChangeIt() {
        String policy = policy("p");
        for (String path : List.of(
                of("nowhere", "services/" + service),
                of(policy, "services/nowhere"),
                of(policy, "services/" + service + "/regions/nowhere"),
                of(policy, "endpoints/nowhere"))) {
            assertThat(cloud.put(admin, path, null).status()).as(path).isEqualTo(404);
        }
        assertThat(cloud.get(admin, of("nowhere", "endpoints")).status()).isEqualTo(404);
        assertThat(cloud.get(admin, "/v3/endpoints/nowhere/OS-ENDPOINT-POLICY/policy")
                        .status())
                .isEqualTo(404);

        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        String blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        cloud.grant(admin, blue, ann, cloud.role(admin, "member"));
        String token = cloud.token("ann", "pw", KeystoneServer.project("blue"));
        String path = of(policy, "services/" + service);
        assertThat(cloud.put(token, path, null).status()).isEqualTo(403);
        assertThat(cloud.get(token, path).status()).isEqualTo(403);
        assertThat(cloud.delete(token, path).status()).isEqualTo(403);
        assertThat(cloud.get(token, of(policy, "endpoints")).status()).isEqualTo(403);
        assertThat(cloud.put(cloud.systemAdmin(), path, null).status()).isEqualTo(204);
    }
}

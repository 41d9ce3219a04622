package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.keystone.limit.LimitModel;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registered limits, and the limits of projects and domains. */
@EveryEngine(migrations = "db/keystone")
class LimitsTest {
    private static final String REGISTERED = "/v3/registered_limits";
    private static final String LIMITS = "/v3/limits";

    @TempDir
    Path keys;

    private Database database;
    private KeystoneServer cloud;
    private String admin;
    private String system;
    private String nova;
    private String blue;
    private String child;

    /** The project child lies in blue. */
    @BeforeEach
    void start(Database engine) {
        database = engine;
        serve(LimitModel.FLAT);
        nova = cloud.get(admin, "/v3/services?type=compute")
                .json()
                .at("/services/0/id")
                .asString();
        blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        child = cloud.make(admin, "/v3/projects", "project", Map.of("name", "child", "parent_id", blue));
    }

    private void serve(LimitModel model) {
        cloud = new KeystoneServer(
                database,
                keys,
                MutableClock.fixed(),
                "limit_model=" + model.name().toLowerCase(Locale.ROOT));
        admin = cloud.admin();
        system = cloud.systemAdmin();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Map<String, Object> cores(String attribute, Object value) {
        return new HashMap<>(Map.of("service_id", nova, "resource_name", "cores", attribute, value));
    }

    private Map<String, Object> of(String kind, String id, int value) {
        Map<String, Object> limit = cores("resource_limit", value);
        limit.put(kind, id);
        return limit;
    }

    private Answer register(Map<?, ?>... limits) {
        return cloud.post(admin, REGISTERED, Map.of("registered_limits", List.of(limits)));
    }

    private Answer limit(Map<?, ?>... limits) {
        return cloud.post(admin, LIMITS, Map.of("limits", List.of(limits)));
    }

    private static String id(Answer answer, String collection) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.json().get(collection).get(0).get("id").asString();
    }

    private static String message(Answer answer) {
        return answer.json().at("/error/message").asString();
    }

    @Test
    void aRegisteredLimitIsMadeFoundChangedAndRemoved() {
        Map<String, Object> here = cores("default_limit", 7);
        here.put("region_id", "RegionOne");
        Answer made = register(cores("default_limit", 10), here);
        String id = id(made, "registered_limits");
        assertThat(made.json().has("links")).isFalse();
        Answer shown = cloud.get(admin, REGISTERED + "/" + id);
        assertThat(shown.json().get("registered_limit"))
                .isEqualTo(made.json().get("registered_limits").get(0));
        assertThat(shown.json().at("/registered_limit/default_limit").asInt()).isEqualTo(10);
        assertThat(shown.json().at("/registered_limit/region_id").isNull()).isTrue();
        assertThat(shown.json().at("/registered_limit/description").isNull()).isTrue();
        assertThat(shown.json().at("/registered_limit/links/self").asString())
                .isEqualTo(cloud.url + REGISTERED + "/" + id);
        assertThat(cloud.get(admin, REGISTERED + "?service_id=" + nova).each("registered_limits", "id"))
                .hasSize(2);
        assertThat(cloud.get(admin, REGISTERED + "?region_id=RegionOne").each("registered_limits", "id"))
                .hasSize(1)
                .doesNotContain(id);
        assertThat(cloud.get(admin, REGISTERED + "?resource_name=ram").each("registered_limits", "id"))
                .isEmpty();

        Answer changed = cloud.patch(
                admin,
                REGISTERED + "/" + id,
                Map.of("registered_limit", Map.of("default_limit", -1, "resource_name", "vcpus", "description", "d")));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().at("/registered_limit/default_limit").asInt()).isEqualTo(-1);
        assertThat(changed.json().at("/registered_limit/resource_name").asString())
                .isEqualTo("vcpus");
        assertThat(cloud.delete(admin, REGISTERED + "/" + id).status()).isEqualTo(204);
        assertThat(message(cloud.get(admin, REGISTERED + "/" + id)))
                .isEqualTo("Could not find registered limit for " + id + ".");
        assertThat(cloud.delete(admin, REGISTERED + "/" + id).status()).isEqualTo(404);
    }

    @Test
    void aLimitIsMadeFoundChangedAndRemoved() {
        register(cores("default_limit", 10));
        Answer made = limit(of("project_id", blue, 5), of("domain_id", "default", 20));
        String id = id(made, "limits");
        assertThat(made.json().has("links")).isFalse();
        Answer shown = cloud.get(system, LIMITS + "/" + id);
        assertThat(shown.json().get("limit"))
                .isEqualTo(made.json().get("limits").get(0));
        assertThat(shown.json().at("/limit/project_id").asString()).isEqualTo(blue);
        assertThat(shown.json().at("/limit/domain_id").isNull()).isTrue();
        assertThat(shown.json().at("/limit/links/self").asString()).isEqualTo(cloud.url + LIMITS + "/" + id);
        assertThat(cloud.get(system, LIMITS + "?project_id=" + blue).each("limits", "id"))
                .containsExactly(id);
        assertThat(cloud.get(system, LIMITS + "?domain_id=default").each("limits", "id"))
                .hasSize(1)
                .doesNotContain(id);
        assertThat(cloud.get(system, LIMITS + "?resource_name=cores&service_id=" + nova)
                        .each("limits", "id"))
                .hasSize(2);
        assertThat(cloud.get(system, LIMITS + "?region_id=RegionOne").each("limits", "id"))
                .isEmpty();

        Answer changed = cloud.patch(
                admin, LIMITS + "/" + id, Map.of("limit", Map.of("resource_limit", 0, "description", "none")));
        assertThat(changed.json().at("/limit/resource_limit").asInt()).isZero();
        assertThat(changed.json().at("/limit/description").asString()).isEqualTo("none");
        assertThat(cloud.delete(admin, LIMITS + "/" + id).status()).isEqualTo(204);
        assertThat(message(cloud.get(system, LIMITS + "/" + id))).isEqualTo("Could not find limit for " + id + ".");
        assertThat(cloud.delete(admin, LIMITS + "/" + id).status()).isEqualTo(404);
    }

    @Test
    void aLimitNeedsARegisteredOneWhichStaysAsItIsForAsLongAsThereAreLimits() {
        assertThat(limit(of("project_id", blue, 5)).status()).isEqualTo(403);
        assertThat(message(limit(of("project_id", blue, 5))))
                .isEqualTo("Unable to create a limit that has no corresponding registered limit.");
        String registered = id(register(cores("default_limit", 10)), "registered_limits");
        String id = id(limit(of("project_id", blue, 5)), "limits");
        String path = REGISTERED + "/" + registered;
        String refusal = "Unable to update or delete registered limit " + registered
                + " because there are project limits associated with it.";
        Answer changed = cloud.patch(admin, path, Map.of("registered_limit", Map.of("resource_name", "ram")));
        assertThat(changed.status()).isEqualTo(403);
        assertThat(message(changed)).isEqualTo(refusal);
        assertThat(cloud.delete(admin, path).status()).isEqualTo(403);
        assertThat(message(cloud.delete(admin, path))).isEqualTo(refusal);
        cloud.delete(admin, LIMITS + "/" + id);
        assertThat(cloud.delete(admin, path).status()).isEqualTo(204);
    }

    @Test
    void thereIsOneOfEachAndSeveralAreMadeTogetherOrNotAtAll() {
        Map<String, Object> ram = new HashMap<>(cores("default_limit", 1));
        ram.put("resource_name", "ram");
        Answer twice = register(ram, cores("default_limit", 1), cores("default_limit", 2));
        assertThat(twice.status()).isEqualTo(409);
        assertThat(message(twice))
                .isEqualTo("Conflict occurred attempting to store registered_limit - Duplicate entry.");
        assertThat(cloud.get(admin, REGISTERED).json().get("registered_limits")).isEmpty();
        register(ram);
        String id = id(register(cores("default_limit", 1)), "registered_limits");
        assertThat(cloud.patch(admin, REGISTERED + "/" + id, Map.of("registered_limit", Map.of("resource_name", "ram")))
                        .status())
                .isEqualTo(409);
        assertThat(limit(of("project_id", blue, 1), of("project_id", blue, 2)).status())
                .isEqualTo(409);
        assertThat(cloud.get(system, LIMITS).json().get("limits")).isEmpty();
        limit(of("project_id", blue, 1));
        Answer again = limit(of("project_id", blue, 1));
        assertThat(message(again)).isEqualTo("Conflict occurred attempting to store limit - Duplicate entry.");
    }

    @Test
    void whatIsWrongWithARequestIsSaid() {
        register(cores("default_limit", 10));
        Map<String, Object> nowhere = cores("default_limit", 1);
        nowhere.put("region_id", "nowhere");
        assertThat(register(nowhere).status()).isEqualTo(400);
        assertThat(message(register(nowhere))).startsWith("Expecting to find region_id in registered_limit.");
        assertThat(register(Map.of("service_id", "x", "resource_name", "y", "default_limit", 1))
                        .status())
                .isEqualTo(400);
        assertThat(message(limit(of("project_id", "nobody", 1)))).startsWith("Expecting to find project_id in limit.");
        assertThat(message(limit(of("domain_id", blue, 1)))).startsWith("Expecting to find domain_id in limit.");
        Map<String, Object> both = of("project_id", blue, 1);
        both.put("domain_id", "default");
        for (Map<?, ?> bad : List.of(
                both,
                cores("resource_limit", 1),
                of("project_id", blue, -2),
                Map.of("service_id", nova, "project_id", blue, "resource_limit", 1),
                of("color", "blue", 1))) {
            assertThat(limit(bad).status()).as(bad.toString()).isEqualTo(400);
        }
        assertThat(limit().status()).isEqualTo(400);
        assertThat(register().status()).isEqualTo(400);
        for (Object bad : List.of("7", 1.5, -2, 1L << 31)) {
            assertThat(register(cores("default_limit", bad)).status())
                    .as("%s", bad)
                    .isEqualTo(400);
        }
        String id = id(limit(of("project_id", blue, 1)), "limits");
        assertThat(cloud.patch(admin, LIMITS + "/" + id, Map.of("limit", Map.of("project_id", child)))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void everybodySeesWhatConcernsThemAndOnlyOperatorsChangeIt() {
        String registered = id(register(cores("default_limit", 10)), "registered_limits");
        String ofBlue = id(limit(of("project_id", blue, 5)), "limits");
        String ofChild = id(limit(of("project_id", child, 4)), "limits");
        String ofDomain = id(limit(of("domain_id", "default", 9)), "limits");
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        String reader = cloud.role(admin, "reader");
        cloud.grant(admin, blue, ann, reader);
        cloud.put(admin, "/v3/domains/default/users/" + ann + "/roles/" + reader, null);
        String inProject = cloud.token("ann", "pw", KeystoneServer.project("blue"));
        String inDomain = cloud.token("ann", "pw", Map.of("domain", Map.of("id", "default")));

        assertThat(cloud.get(inProject, LIMITS).each("limits", "id")).containsExactly(ofBlue);
        assertThat(cloud.get(inDomain, LIMITS).each("limits", "id"))
                .containsExactlyInAnyOrder(ofBlue, ofChild, ofDomain);
        assertThat(cloud.get(system, LIMITS).each("limits", "id")).containsExactlyInAnyOrder(ofBlue, ofChild, ofDomain);
        assertThat(cloud.get(admin, LIMITS).json().get("limits")).isEmpty();
        assertThat(cloud.get(inProject, LIMITS + "/" + ofBlue).status()).isEqualTo(200);
        assertThat(cloud.get(inProject, LIMITS + "/" + ofChild).status()).isEqualTo(403);
        assertThat(cloud.get(inProject, LIMITS + "/" + ofDomain).status()).isEqualTo(403);
        assertThat(cloud.get(inDomain, LIMITS + "/" + ofChild).status()).isEqualTo(200);
        assertThat(cloud.get(inDomain, LIMITS + "/" + ofDomain).status()).isEqualTo(200);
        for (String token : List.of(inProject, inDomain)) {
            assertThat(cloud.get(token, REGISTERED + "/" + registered).status()).isEqualTo(200);
            assertThat(cloud.get(token, REGISTERED).each("registered_limits", "id"))
                    .containsExactly(registered);
            assertThat(cloud.get(token, LIMITS + "/model")
                            .json()
                            .at("/model/name")
                            .asString())
                    .isEqualTo("flat");
            assertThat(cloud.delete(token, LIMITS + "/" + ofBlue).status()).isEqualTo(403);
            assertThat(cloud.delete(token, REGISTERED + "/" + registered).status())
                    .isEqualTo(403);
            assertThat(cloud.post(token, LIMITS, Map.of("limits", List.of(of("project_id", blue, 1))))
                            .status())
                    .isEqualTo(403);
        }
        assertThat(cloud.get(null, REGISTERED).status()).isEqualTo(401);
    }

    @Test
    void limitsGoWithTheirProjectAndHoldOnToTheirService() {
        register(cores("default_limit", 10));
        limit(of("project_id", child, 5));
        assertThat(cloud.delete(admin, "/v3/services/" + nova).status()).isEqualTo(409);
        assertThat(cloud.delete(admin, "/v3/projects/" + child).status()).isEqualTo(204);
        assertThat(cloud.get(system, LIMITS).json().get("limits")).isEmpty();
    }

    @Test
    void inTwoLevelsNoProjectHasMoreThanItsDomain() {
        cloud.close();
        serve(LimitModel.STRICT_TWO_LEVEL);
        assertThat(cloud.get(admin, LIMITS + "/model").json().at("/model/name").asString())
                .isEqualTo("strict_two_level");
        register(cores("default_limit", 10));
        Answer more = limit(of("project_id", blue, 11));
        assertThat(more.status()).isEqualTo(403);
        assertThat(message(more))
                .isEqualTo("Invalid resource limit: The resource limit (project_id: " + blue
                        + ", resource_name: cores, resource_limit: 11, service_id: " + nova
                        + ", region_id: None) doesn't satisfy current hierarchy model..");
        assertThat(limit(of("project_id", blue, 21), of("domain_id", "default", 20))
                        .status())
                .isEqualTo(403);
        Answer made = limit(of("domain_id", "default", 20), of("project_id", blue, 15));
        String ofDomain = id(made, "limits");
        String ofBlue = made.json().get("limits").get(1).get("id").asString();
        assertThat(cloud.patch(admin, LIMITS + "/" + ofBlue, Map.of("limit", Map.of("resource_limit", 21)))
                        .status())
                .isEqualTo(403);
        assertThat(cloud.patch(admin, LIMITS + "/" + ofDomain, Map.of("limit", Map.of("resource_limit", 14)))
                        .status())
                .isEqualTo(403);
        assertThat(cloud.patch(admin, LIMITS + "/" + ofDomain, Map.of("limit", Map.of("resource_limit", 15)))
                        .status())
                .isEqualTo(200);
        Answer deep = cloud.post(admin, "/v3/projects", Map.of("project", Map.of("name", "deep", "parent_id", child)));
        assertThat(deep.status()).isEqualTo(403);
    }

    @Test
    void otherServicesAreToldWhatHoldsForAProject() {
        Map<String, Object> here = cores("default_limit", 7);
        here.put("region_id", "RegionOne");
        Map<String, Object> ram = cores("default_limit", 3);
        ram.put("resource_name", "ram");
        register(cores("default_limit", 10), here, ram);
        assertThat(told("RegionOne", child)).isEqualTo(Map.of("cores", 7L, "ram", 3L));
        assertThat(told("elsewhere", child)).isEqualTo(Map.of("cores", 10L, "ram", 3L));
        limit(of("project_id", child, 5));
        assertThat(told("RegionOne", child)).containsEntry("cores", 5L);
        assertThat(told("RegionOne", blue)).containsEntry("cores", 7L);
    }

    private Map<String, Long> told(String region, String project) {
        return database.read(tx -> cloud.keystone.peer().limits(tx, "compute", region, project));
    }
}

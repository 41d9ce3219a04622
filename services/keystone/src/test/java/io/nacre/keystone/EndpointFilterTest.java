package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Which endpoints a project's catalog shows. */
@EveryEngine(migrations = "db/keystone")
class EndpointFilterTest {
    private static final String GROUPS = "/v3/OS-EP-FILTER/endpoint_groups";
    private static final List<String> ALL = List.of("compute", "identity", "volumev3");

    @TempDir
    Path keys;

    private Database database;
    private KeystoneServer cloud;
    private String admin;
    private String blue;
    private String token;

    @BeforeEach
    void start(Database database) {
        this.database = database;
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        admin = cloud.admin();
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        cloud.grant(admin, blue, ann, cloud.role(admin, "member"));
        token = cloud.token("ann", "pw", KeystoneServer.project("blue"));
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private String endpoint(String type, String access) {
        String service = cloud.get(admin, "/v3/services?type=" + type)
                .each("services", "id")
                .getFirst();
        return cloud.get(admin, "/v3/endpoints?service_id=" + service + "&interface=" + access)
                .each("endpoints", "id")
                .getFirst();
    }

    private static String of(String project, String endpoint) {
        return "/v3/OS-EP-FILTER/projects/" + project + "/endpoints/" + endpoint;
    }

    private String group(String name, Map<String, ?> filters) {
        return cloud.make(admin, GROUPS, "endpoint_group", Map.of("name", name, "filters", filters));
    }

    private String inBlue(String group) {
        return GROUPS + "/" + group + "/projects/" + blue;
    }

    /** The types of the services in the catalog of a project's token, each with the interfaces that it shows. */
    private List<String> catalog() {
        List<String> shown = new ArrayList<>();
        JsonNode validated = cloud.validate(admin, token).json().at("/token/catalog");
        assertThat(cloud.get(token, "/v3/auth/catalog").json().get("catalog")).isEqualTo(validated);
        validated.forEach(service -> {
            List<String> interfaces = service.get("endpoints")
                    .valueStream()
                    .map(one -> one.get("interface").asString())
                    .sorted()
                    .toList();
            shown.add(service.get("type").asString() + (interfaces.size() == 3 ? "" : interfaces));
        });
        return shown.stream().sorted().toList();
    }

    private List<String> endpointsOfBlue() {
        Answer answer = cloud.get(admin, "/v3/OS-EP-FILTER/projects/" + blue + "/endpoints");
        assertThat(answer.status()).isEqualTo(200);
        return answer.each("endpoints", "id");
    }

    private void end(String path) {
        assertThat(cloud.delete(admin, path).status()).isEqualTo(204);
    }

    @Test
    void aCatalogShowsTheEndpointsOfItsProjectAlone() {
        assertThat(catalog()).isEqualTo(ALL);
        String compute = endpoint("compute", "public");
        assertThat(cloud.get(admin, of(blue, compute)).status()).isEqualTo(404);
        assertThat(cloud.put(admin, of(blue, compute), null).status()).isEqualTo(204);
        assertThat(catalog()).containsExactly("compute[public]");
        assertThat(cloud.get(admin, of(blue, compute)).status()).isEqualTo(204);
        assertThat(cloud.head(admin, of(blue, compute)).status()).isEqualTo(204);
        assertThat(endpointsOfBlue()).containsExactly(compute);
        assertThat(cloud.get(admin, "/v3/OS-EP-FILTER/endpoints/" + compute + "/projects")
                        .each("projects", "name"))
                .containsExactly("blue");
        assertThat(cloud.put(admin, of(blue, compute), null).status()).isEqualTo(409);

        assertThat(cloud.put(admin, of(blue, endpoint("identity", "admin")), null)
                        .status())
                .isEqualTo(204);
        assertThat(catalog()).containsExactly("compute[public]", "identity[admin]");
        // What is disabled is not shown, but is still a choice.
        cloud.patch(admin, "/v3/endpoints/" + compute, Map.of("endpoint", Map.of("enabled", false)));
        assertThat(catalog()).containsExactly("identity[admin]");
        assertThat(cloud.get(cloud.admin(), "/v3/auth/catalog").json().at("/catalog"))
                .hasSize(3);

        end(of(blue, endpoint("identity", "admin")));
        assertThat(catalog()).isEmpty();
        end(of(blue, compute));
        assertThat(cloud.delete(admin, of(blue, compute)).status()).isEqualTo(404);
        assertThat(catalog()).containsExactly("compute[admin, internal]", "identity", "volumev3");
    }

    @Test
    void aGroupStandsForTheEndpointsThatItDescribes() {
        String inner = group("inside", Map.of("interface", "internal", "region_id", "RegionOne"));
        assertThat(cloud.get(admin, inBlue(inner)).status()).isEqualTo(404);
        assertThat(cloud.put(admin, inBlue(inner), null).status()).isEqualTo(204);
        assertThat(cloud.put(admin, inBlue(inner), null).status()).isEqualTo(409);
        assertThat(catalog()).containsExactly("compute[internal]", "identity[internal]", "volumev3[internal]");

        JsonNode association = cloud.get(admin, inBlue(inner)).json().get("project_endpoint_group");
        assertThat(association.get("endpoint_group_id").asString()).isEqualTo(inner);
        assertThat(association.get("project_id").asString()).isEqualTo(blue);
        assertThat(association.at("/links/self").asString()).isEqualTo(cloud.url + inBlue(inner));
        assertThat(cloud.get(admin, "/v3/OS-EP-FILTER/projects/" + blue + "/endpoint_groups")
                        .each("endpoint_groups", "name"))
                .containsExactly("inside");
        assertThat(cloud.get(admin, GROUPS + "/" + inner + "/projects").each("projects", "id"))
                .containsExactly(blue);
        assertThat(cloud.get(admin, GROUPS + "/" + inner + "/endpoints").each("endpoints", "interface"))
                .containsExactly("internal", "internal", "internal");
        assertThat(endpointsOfBlue()).hasSize(3);

        // Beside an endpoint of the project's own; another endpoint that comes to be is in it at once.
        cloud.put(admin, of(blue, endpoint("compute", "public")), null);
        String dns = cloud.make(admin, "/v3/services", "service", Map.of("type", "dns", "name", "designate"));
        cloud.make(
                admin,
                "/v3/endpoints",
                "endpoint",
                Map.of("interface", "internal", "service_id", dns, "region_id", "RegionOne", "url", "http://x/"));
        assertThat(catalog())
                .containsExactly(
                        "compute[internal, public]", "dns[internal]", "identity[internal]", "volumev3[internal]");

        Answer changed = cloud.patch(
                admin, GROUPS + "/" + inner, Map.of("endpoint_group", Map.of("filters", Map.of("service_id", dns))));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(catalog()).containsExactly("compute[public]", "dns[internal]");
        // A group of nothing filters nothing.
        end(of(blue, endpoint("compute", "public")));
        cloud.patch(
                admin, GROUPS + "/" + inner, Map.of("endpoint_group", Map.of("filters", Map.of("service_id", "none"))));
        assertThat(catalog()).containsExactly("compute", "dns[internal]", "identity", "volumev3");
        end(inBlue(inner));
        assertThat(cloud.delete(admin, inBlue(inner)).status()).isEqualTo(404);
    }

    @Test
    void groupsAreMadeShownChangedAndRemoved() {
        Answer made = cloud.post(
                admin,
                GROUPS,
                Map.of(
                        "endpoint_group",
                        Map.of("name", "eu", "description", "near", "filters", Map.of("region_id", "RegionOne"))));
        assertThat(made.status()).isEqualTo(201);
        String id = made.id("endpoint_group");
        JsonNode group = made.json().get("endpoint_group");
        assertThat(group.at("/links/self").asString()).isEqualTo(cloud.url + GROUPS + "/" + id);
        assertThat(cloud.get(admin, GROUPS + "/" + id).json().get("endpoint_group"))
                .isEqualTo(group);
        group("us", Map.of("region_id", "other"));
        assertThat(cloud.get(admin, GROUPS).each("endpoint_groups", "name")).containsExactly("eu", "us");
        assertThat(cloud.get(admin, GROUPS + "?name=us").each("endpoint_groups", "name"))
                .containsExactly("us");

        Answer renamed = cloud.patch(admin, GROUPS + "/" + id, Map.of("endpoint_group", Map.of("name", "europe")));
        assertThat(renamed.json().at("/endpoint_group/name").asString()).isEqualTo("europe");
        assertThat(renamed.json().at("/endpoint_group/description").asString()).isEqualTo("near");
        assertThat(renamed.json().at("/endpoint_group/filters/region_id").asString())
                .isEqualTo("RegionOne");
        end(GROUPS + "/" + id);
        assertThat(cloud.get(admin, GROUPS + "/" + id).status()).isEqualTo(404);
        assertThat(cloud.delete(admin, GROUPS + "/" + id).status()).isEqualTo(404);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        List<Map<String, ?>> wrong = List.of(
                Map.of("name", "x"),
                Map.of("filters", Map.of("interface", "public")),
                Map.of("name", "", "filters", Map.of("interface", "public")),
                Map.of("name", "x", "filters", Map.of()),
                Map.of("name", "x", "filters", Map.of("url", "http://x")),
                Map.of("name", "x", "filters", Map.of("interface", "private")),
                Map.of("name", "x", "filters", Map.of("service_id", 7)),
                Map.of("name", "x", "filters", Map.of("interface", "public"), "colour", "red"));
        for (Map<String, ?> body : wrong) {
            assertThat(cloud.post(admin, GROUPS, Map.of("endpoint_group", body)).status())
                    .as("%s", body)
                    .isEqualTo(400);
        }
        assertThat(cloud.get(admin, GROUPS).each("endpoint_groups", "id")).isEmpty();
        String group = group("x", Map.of("interface", "public"));
        String one = GROUPS + "/" + group;
        assertThat(cloud.patch(admin, one, Map.of("endpoint_group", Map.of("filters", Map.of("url", "x"))))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.patch(admin, one, Map.of("endpoint_group", Map.of("id", "other")))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.put(admin, of("nowhere", endpoint("compute", "public")), null)
                        .status())
                .isEqualTo(404);
        assertThat(cloud.put(admin, of(blue, "nothing"), null).status()).isEqualTo(404);
        assertThat(cloud.put(admin, GROUPS + "/nothing/projects/" + blue, null).status())
                .isEqualTo(404);
        assertThat(cloud.put(admin, one + "/projects/nowhere", null).status()).isEqualTo(404);
        assertThat(cloud.get(admin, "/v3/OS-EP-FILTER/projects/nowhere/endpoints")
                        .status())
                .isEqualTo(404);
        assertThat(cloud.get(admin, "/v3/OS-EP-FILTER/endpoints/nothing/projects")
                        .status())
                .isEqualTo(404);

        assertThat(cloud.get(token, GROUPS).status()).isEqualTo(403);
        assertThat(cloud.put(token, of(blue, endpoint("compute", "public")), null)
                        .status())
                .isEqualTo(403);
        assertThat(cloud.put(token, inBlue(group), null).status()).isEqualTo(403);
        assertThat(catalog()).isEqualTo(ALL);
        assertThat(cloud.put(cloud.systemAdmin(), inBlue(group), null).status()).isEqualTo(204);
    }

    @Test
    void associationsGoWithWhatTheyJoin() {
        String compute = endpoint("compute", "public");
        String group = group("public", Map.of("interface", "public"));
        cloud.put(admin, of(blue, compute), null);
        cloud.put(admin, inBlue(group), null);
        end(GROUPS + "/" + group);
        assertThat(catalog()).containsExactly("compute[public]");
        end("/v3/endpoints/" + compute);
        assertThat(catalog()).containsExactly("compute[admin, internal]", "identity", "volumev3");

        String identity = endpoint("identity", "public");
        String again = group("again", Map.of("interface", "public"));
        cloud.put(admin, of(blue, identity), null);
        cloud.put(admin, inBlue(again), null);
        end("/v3/projects/" + blue);
        assertThat(cloud.get(admin, "/v3/OS-EP-FILTER/endpoints/" + identity + "/projects")
                        .each("projects", "id"))
                .isEmpty();
        assertThat(cloud.get(admin, GROUPS + "/" + again + "/projects").each("projects", "id"))
                .isEmpty();
    }

    @Test
    void anOperatorMayWantNothingToBeSeenUnlessItIsNamed() {
        cloud.close();
        cloud = new KeystoneServer(
                database, keys, MutableClock.fixed(), "endpoint_filter.return_all_endpoints_if_no_filter=false");
        admin = cloud.admin();
        token = cloud.token("ann", "pw", KeystoneServer.project("blue"));
        assertThat(catalog()).isEmpty();
        cloud.put(admin, of(blue, endpoint("compute", "public")), null);
        assertThat(catalog()).containsExactly("compute[public]");
    }
}

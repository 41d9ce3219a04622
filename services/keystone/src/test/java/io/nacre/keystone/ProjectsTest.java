package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What projects have beside their attributes: tags, relatives, and tokens that end with them. */
@EveryEngine(migrations = "db/keystone")
class ProjectsTest {
    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private KeystoneServer cloud;
    private String admin;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, clock);
        admin = cloud.admin();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void allTagsAreReplacedAndClearedTogether() {
        String project = cloud.make(admin, "/v3/projects", "project", Map.of("name", "one"));
        String tags = "/v3/projects/" + project + "/tags";
        Answer set = cloud.put(admin, tags, Map.of("tags", List.of("red", "Red", "old one")));
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.json().get("tags").toString()).isEqualTo("[\"Red\",\"old one\",\"red\"]");
        assertThat(set.json().at("/links/self").asString()).isEqualTo(cloud.url + tags);
        assertThat(cloud.get(admin, "/v3/projects/" + project)
                        .json()
                        .at("/project/tags")
                        .toString())
                .isEqualTo(set.json().get("tags").toString());
        assertThat(cloud.head(admin, tags + "/old%20one").status()).isEqualTo(204);
        assertThat(cloud.head(admin, tags + "/RED").status()).isEqualTo(404);
        Answer added = cloud.put(admin, tags + "/blue", null);
        assertThat(added.header("Location")).isEqualTo(cloud.url + tags + "/blue");
        List<String> many =
                IntStream.range(0, 81).mapToObj(number -> "t" + number).toList();
        for (List<?> bad : List.of(List.of("a", "a"), List.of("a/b"), List.of("a,b"), List.of(""), List.of(7), many)) {
            assertThat(cloud.put(admin, tags, Map.of("tags", bad)).status())
                    .as(bad.toString())
                    .isEqualTo(400);
        }
        assertThat(cloud.put(admin, tags, Map.of("tags", many.subList(0, 80))).status())
                .isEqualTo(200);
        assertThat(cloud.put(admin, tags + "/more", null).status()).isEqualTo(400);
        assertThat(cloud.delete(admin, tags).status()).isEqualTo(204);
        assertThat(cloud.get(admin, tags).json().get("tags")).isEmpty();
        assertThat(cloud.get(admin, "/v3/projects/none/tags").status()).isEqualTo(404);
    }

    @Test
    void relativesAreListedWithTheirAttributes() {
        String top = cloud.make(admin, "/v3/projects", "project", Map.of("name", "top"));
        String mid = cloud.make(admin, "/v3/projects", "project", Map.of("name", "mid", "parent_id", top));
        String low = cloud.make(admin, "/v3/projects", "project", Map.of("name", "low", "parent_id", mid));
        String user = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        String member = cloud.role(admin, "member");
        cloud.grant(admin, top, user, member);
        cloud.grant(admin, mid, user, member);
        cloud.grant(admin, low, user, member);
        String ann = cloud.token("ann", "pw", KeystoneServer.project("mid"));
        Answer both = cloud.get(ann, "/v3/projects/" + mid + "?parents_as_list&subtree_as_list");
        assertThat(both.json().at("/project/parents").toString()).contains(top).doesNotContain(low);
        assertThat(both.json().at("/project/subtree").toString()).contains(low).doesNotContain(top);
        // Those in which the caller has no role are left out.
        cloud.delete(admin, "/v3/projects/" + top + "/users/" + user + "/roles/" + member);
        ann = cloud.token("ann", "pw", KeystoneServer.project("mid"));
        assertThat(cloud.get(ann, "/v3/projects/" + mid + "?parents_as_list")
                        .json()
                        .at("/project/parents"))
                .isEmpty();
        assertThat(cloud.get(ann, "/v3/projects/" + mid + "?parents_as_list&parents_as_ids")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whatEndsTokensIsListed() {
        assertThat(cloud.get(admin, "/v3/OS-REVOKE/events").json().get("events"))
                .isEmpty();
        String user = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        String project = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        cloud.grant(admin, project, user, cloud.role(admin, "member"));
        String token = cloud.token("ann", "pw", KeystoneServer.project("blue"));
        String audit =
                cloud.validate(admin, token).json().at("/token/audit_ids/0").asString();
        cloud.send("DELETE", "/v3/auth/tokens", token, null, Map.of("X-Subject-Token", token));
        Answer events = cloud.get(admin, "/v3/OS-REVOKE/events");
        assertThat(events.each("events", "audit_id")).containsExactly(audit);
        assertThat(events.each("events", "revoked_at"))
                .containsExactlyElementsOf(events.each("events", "issued_before"));
        assertThat(events.json().at("/links/self").asString()).isEqualTo(cloud.url + "/v3/OS-REVOKE/events");
        String then = events.each("events", "revoked_at").getFirst();

        clock.advance(Duration.ofMinutes(1));
        cloud.patch(admin, "/v3/users/" + user, Map.of("user", Map.of("password", "new")));
        assertThat(cloud.get(admin, "/v3/OS-REVOKE/events").json().get("events"))
                .hasSize(2);
        String later = "2999-01-01T00:00:00Z";
        assertThat(cloud.get(admin, "/v3/OS-REVOKE/events?since=" + later)
                        .json()
                        .get("events"))
                .isEmpty();
        assertThat(cloud.get(admin, "/v3/OS-REVOKE/events?since=" + then).json().get("events"))
                .hasSize(2);
        assertThat(cloud.get(admin, "/v3/OS-REVOKE/events?since=" + clock.instant())
                        .each("events", "user_id"))
                .containsExactly(user);
        assertThat(cloud.get(admin, "/v3/OS-REVOKE/events?since=yesterday").status())
                .isEqualTo(400);
        clock.advance(Duration.ofMillis(1));
        String ann = cloud.token("ann", "new", KeystoneServer.project("blue"));
        assertThat(cloud.get(ann, "/v3/OS-REVOKE/events").status()).isEqualTo(403);
    }
}

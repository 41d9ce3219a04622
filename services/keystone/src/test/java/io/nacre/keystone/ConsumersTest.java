package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is shown of consumers of OAuth 1.0 and of what they were given. */
@EveryEngine(migrations = "db/keystone")
class ConsumersTest extends OAuthCloud {
    @Test
    void theAccessTokensOfAUserAreShownWithTheirRoles() {
        Key access = access();
        String all = "/v3/users/" + adminId + "/OS-OAUTH1/access_tokens";
        String one = all + "/" + access.id();
        Answer listed = cloud.get(admin, all);
        assertThat(listed.each("access_tokens", "id")).containsExactly(access.id());
        Answer shown = cloud.get(admin, one);
        assertThat(shown.json().at("/access_token")).isEqualTo(listed.json().at("/access_tokens/0"));
        assertThat(shown.json().at("/access_token"))
                .isEqualTo(Json.tree(new HashMap<>(Map.of(
                        "id",
                        access.id(),
                        "consumer_id",
                        consumer.id(),
                        "authorizing_user_id",
                        adminId,
                        "project_id",
                        blue,
                        "expires_at",
                        "2026-01-03T03:04:05.000000Z",
                        "links",
                        Map.of("self", cloud.url + one, "roles", cloud.url + one + "/roles")))));
        assertThat(cloud.get(admin, one + "/roles").each("roles", "id")).containsExactly(member);
        assertThat(cloud.get(admin, one + "/roles/" + member).id("role")).isEqualTo(member);
        assertThat(cloud.get(admin, one + "/roles/" + cloud.role(admin, "admin"))
                        .status())
                .isEqualTo(404);
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        assertThat(cloud.get(admin, one.replace(adminId, ann)).status()).isEqualTo(404);
        assertThat(cloud.delete(admin, one.replace(adminId, ann)).status()).isEqualTo(404);
        assertThat(cloud.get(cloud.token("ann", "pw", null), all).status()).isEqualTo(403);
    }

    @Test
    void aConsumersSecretIsToldOnce() {
        String one = CONSUMERS + "/" + consumer.id();
        Answer shown = cloud.get(admin, one);
        assertThat(shown.json().at("/consumer"))
                .isEqualTo(Json.tree(
                        Map.of("id", consumer.id(), "description", "ci", "links", Map.of("self", cloud.url + one))));
        assertThat(cloud.get(admin, CONSUMERS).response().body())
                .contains(consumer.id())
                .doesNotContain(consumer.secret());
        Answer changed = cloud.patch(admin, one, Map.of("consumer", Map.of("description", "cd", "owner", "ann")));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(cloud.get(admin, one).json()).isEqualTo(changed.json());
        assertThat(changed.json().at("/consumer/owner").asString()).isEqualTo("ann");
        for (Map<String, ?> wrong :
                List.of(Map.<String, Object>of(), Map.of("secret", "x"), Map.of("id", "x"), Map.of("description", 7))) {
            assertThat(cloud.patch(admin, one, Map.of("consumer", wrong)).status())
                    .as(wrong.toString())
                    .isEqualTo(400);
        }
        told(ask(consumer, blue));
        assertThat(cloud.get(admin, CONSUMERS + "/gone").status()).isEqualTo(404);
        assertThat(cloud.notified.toString()).contains("created.OS-OAUTH1:consumer");
    }
}

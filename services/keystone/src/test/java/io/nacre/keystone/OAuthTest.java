package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A program that a user lets act for them, and what it can do with that. */
@EveryEngine(migrations = "db/keystone")
class OAuthTest extends OAuthCloud {
    @Test
    void theConsumerActsForTheUserWithTheRolesItWasGiven() {
        Key request = told(ask(consumer, blue));
        Answer allowed = allow(admin, request, member);
        assertThat(allowed.status()).isEqualTo(200);
        String verifier = allowed.json().at("/token/oauth_verifier").asString();
        assertThat(verifier).hasSize(8);
        Key access = told(take(consumer, request, verifier));
        assertThat(take(consumer, request, verifier).status()).isEqualTo(404);

        Answer issued = login(consumer, access, null);
        assertThat(issued.status()).as(issued.response().body()).isEqualTo(201);
        assertThat(issued.json().at("/token/methods")).isEqualTo(Json.MAPPER.readTree("[\"oauth1\"]"));
        assertThat(issued.json().at("/token/OS-OAUTH1"))
                .isEqualTo(Json.tree(Map.of("access_token_id", access.id(), "consumer_id", consumer.id())));
        assertThat(issued.json().at("/token/user/id").asString()).isEqualTo(adminId);
        assertThat(issued.json().at("/token/project/id").asString()).isEqualTo(blue);
        assertThat(issued.json().at("/token/roles").findValuesAsString("name")).containsExactly("member", "reader");
        String token = issued.header("X-Subject-Token");
        assertThat(cloud.validate(admin, token).json()).isEqualTo(issued.json());
        assertThat(login(consumer, access, KeystoneServer.project("admin"))
                        .json()
                        .at("/token/project/id")
                        .asString())
                .isEqualTo(blue);
    }

    @Test
    void whatItWasGivenDoesNotGrow() {
        String token = token(access());
        assertThat(cloud.post(
                                null,
                                "/v3/auth/tokens",
                                KeystoneServer.auth(
                                        Map.of("methods", List.of("token"), "token", Map.of("id", token)),
                                        KeystoneServer.project("admin")))
                        .status())
                .isEqualTo(403);
        assertThat(cloud.post(
                                token,
                                "/v3/users/" + adminId + "/application_credentials",
                                Map.of("application_credential", Map.of("name", "x")))
                        .status())
                .isEqualTo(403);
        Map<String, ?> trust = Map.of(
                "trustor_user_id",
                adminId,
                "trustee_user_id",
                adminId,
                "impersonation",
                true,
                "project_id",
                blue,
                "roles",
                List.of(Map.of("id", member)));
        assertThat(cloud.post(token, "/v3/OS-TRUST/trusts", Map.of("trust", trust))
                        .status())
                .isEqualTo(403);
        cloud.grant(admin, blue, adminId, cloud.role(admin, "admin"));
        Key request = told(ask(consumer, blue));
        String verifier = allow(admin, request, cloud.role(admin, "admin"))
                .json()
                .at("/token/oauth_verifier")
                .asString();
        String powerful = token(told(take(consumer, request, verifier)));
        Key next = told(ask(consumer, blue));
        assertThat(allow(powerful, next, member).status()).isEqualTo(403);
        assertThat(cloud.get(powerful, "/v3/users/" + adminId + "/OS-OAUTH1/access_tokens")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aKeyMadeWithItIsBoundToIt() {
        Key access = access();
        String token = token(access);
        String path = "/v3/users/" + adminId + "/credentials/OS-EC2";
        assertThat(cloud.post(token, path, Map.of("tenant_id", adminsProject())).status())
                .isEqualTo(403);
        Answer made = cloud.post(token, path, Map.of("tenant_id", blue));
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        assertThat(cloud.get(admin, "/v3/credentials?type=ec2")
                        .json()
                        .at("/credentials/0/blob")
                        .asString())
                .contains("\"access_token_id\":\"" + access.id() + "\"");
    }

    private String adminsProject() {
        return cloud.get(admin, "/v3/projects?name=admin")
                .each("projects", "id")
                .getFirst();
    }

    @Test
    void whoIsNotItsConsumerOrDoesNotKnowTheSecretsIsRefused() {
        Key other = consumer();
        assertThat(ask(new Key(consumer.id(), "guessed"), blue).status()).isEqualTo(401);
        assertThat(ask(new Key("nobody", "x"), blue).status()).isEqualTo(404);
        assertThat(ask(consumer, "nowhere").status()).isEqualTo(404);
        Key request = told(ask(consumer, blue));
        assertThat(take(consumer, request, "guessed1").status()).isEqualTo(401);
        String verifier =
                allow(admin, request, member).json().at("/token/oauth_verifier").asString();
        assertThat(take(consumer, request, "guessed1").status()).isEqualTo(401);
        assertThat(take(other, request, verifier).status()).isEqualTo(401);
        assertThat(take(consumer, new Key(request.id(), "guessed"), verifier).status())
                .isEqualTo(401);
        Key access = told(take(consumer, request, verifier));
        assertThat(login(other, access, null).status()).isEqualTo(401);
        assertThat(login(consumer, new Key(access.id(), "guessed"), null).status())
                .isEqualTo(401);
        assertThat(login(consumer, new Key("nothing", ""), null).status()).isEqualTo(404);
        assertThat(login(consumer, Key.NONE, null).status()).isEqualTo(400);
        Map<String, ?> body = KeystoneServer.auth(Map.of("methods", List.of("oauth1"), "oauth1", Map.of()), null);
        assertThat(cloud.post(null, "/v3/auth/tokens", body).status()).isEqualTo(400);
        for (String path : List.of("request_token", "access_token")) {
            assertThat(cloud.send("POST", "/v3/OS-OAUTH1/" + path, null, null, Map.of())
                            .status())
                    .isEqualTo(400);
        }
        String late = signed("/v3/auth/tokens", consumer, access, Map.of());
        clock.advance(Duration.ofMinutes(11));
        assertThat(cloud.send("POST", "/v3/auth/tokens", null, body, Map.of("Authorization", late))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void onlyAnAdministratorWithTheRolesAllowsIt() {
        Key request = told(ask(consumer, blue));
        cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        assertThat(allow(cloud.token("ann", "pw", null), request, member).status())
                .isEqualTo(403);
        assertThat(allow(admin, request, cloud.role(admin, "admin")).status()).isEqualTo(401);
        assertThat(cloud.put(
                                admin,
                                "/v3/OS-OAUTH1/authorize/" + request.id(),
                                Map.of("roles", List.of(Map.of("name", "nobody"))))
                        .status())
                .isEqualTo(404);
        assertThat(allow(admin, new Key("gone", ""), member).status()).isEqualTo(404);
        clock.advance(Duration.ofHours(8));
        admin = cloud.admin();
        assertThat(allow(admin, request, member).status()).isEqualTo(401);
        assertThat(told(ask(consumer, blue))).isNotEqualTo(request);
        assertThat(allow(admin, request, member).status()).isEqualTo(404);
    }

    @Test
    void whatIsTakenAwayEndsItsTokens() {
        Key access = access();
        String token = token(access);
        cloud.delete(admin, "/v3/projects/" + blue + "/users/" + adminId + "/roles/" + member);
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(login(consumer, access, null).status()).isEqualTo(401);
        cloud.grant(admin, blue, adminId, member);
        token = token(access);
        String path = "/v3/users/" + adminId + "/OS-OAUTH1/access_tokens/" + access.id();
        assertThat(cloud.delete(admin, path).status()).isEqualTo(204);
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(login(consumer, access, null).status()).isEqualTo(404);
        assertThat(cloud.delete(admin, path).status()).isEqualTo(404);
        Key another = access();
        token = token(another);
        assertThat(cloud.delete(admin, CONSUMERS + "/" + consumer.id()).status())
                .isEqualTo(204);
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(login(consumer, another, null).status()).isEqualTo(404);
    }

    @Test
    void aTokenEndsWithTheAccessTokenAtTheLatest() {
        Key access = access();
        clock.advance(Duration.ofHours(23).plusMinutes(30));
        Answer issued = login(consumer, access, null);
        assertThat(issued.json().at("/token/expires_at").asString()).isEqualTo("2026-01-03T03:04:05.000000Z");
        clock.advance(Duration.ofMinutes(30));
        assertThat(login(consumer, access, null).status()).isEqualTo(401);
    }
}

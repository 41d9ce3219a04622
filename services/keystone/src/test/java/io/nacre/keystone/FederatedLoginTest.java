package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import no.nav.security.mock.oauth2.http.Route;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logging in with access tokens of an OpenID Connect provider, which runs beside. */
@EveryEngine(migrations = "db/keystone")
class FederatedLoginTest {
    private static final String ACME = Acme.PATH;

    /** What the provider says of opaque tokens. */
    private static final class Introspection implements Route {
        private volatile int status = 200;
        private volatile Map<String, ?> answer = Map.of("active", false);
        private volatile String asked = "";

        @Override
        public boolean match(OAuth2HttpRequest request) {
            return request.getUrl().encodedPath().endsWith("/introspect");
        }

        @Override
        public OAuth2HttpResponse invoke(OAuth2HttpRequest request) {
            asked = request.getBody() + " " + request.getHeaders().get("Authorization");
            return new OAuth2HttpResponse(
                    Headers.of("Content-Type", "application/json"), status, Json.write(answer), null);
        }
    }

    @TempDir
    Path keys;

    private final Introspection introspection = new Introspection();
    private Acme acme;
    private KeystoneServer cloud;
    private String admin;

    @BeforeEach
    void start(Database database) {
        acme = new Acme(database, keys, InstantSource.system(), List.of(), introspection);
        cloud = acme.cloud;
        admin = acme.admin;
    }

    @AfterEach
    void stop() {
        acme.close();
    }

    @Test
    void theProvidersWordIsAnUnscopedTokenAndThenOneForAProject() {
        Answer issued = acme.login(Acme.claims("s-1", "ann"));
        assertThat(issued.status()).as(issued.response().body()).isEqualTo(201);
        String domain =
                cloud.get(admin, ACME).json().at("/identity_provider/domain_id").asString();
        assertThat(issued.json().at("/token/methods/0").asString()).isEqualTo("openid");
        assertThat(issued.json().at("/token/user/name").asString()).isEqualTo("ann");
        assertThat(issued.json().at("/token/user/domain/id").asString()).isEqualTo(domain);
        assertThat(issued.json().at("/token/user").has("password_expires_at")).isFalse();
        assertThat(issued.json().at("/token/user/OS-FEDERATION"))
                .isEqualTo(Json.tree(Map.of(
                        "groups",
                        List.of(Map.of("id", acme.group)),
                        "identity_provider",
                        Map.of("id", "acme"),
                        "protocol",
                        Map.of("id", "openid"))));
        String token = issued.header("X-Subject-Token");
        assertThat(cloud.validate(admin, token).json()).isEqualTo(issued.json());
        assertThat(cloud.get(token, "/v3/OS-FEDERATION/projects").each("projects", "name"))
                .containsExactly("blue");
        assertThat(cloud.get(token, "/v3/OS-FEDERATION/domains").json().get("domains"))
                .isEmpty();

        Answer scoped = acme.scoped(token, Map.of("project", Map.of("id", acme.blue)));
        assertThat(scoped.status()).isEqualTo(201);
        assertThat(scoped.json().at("/token/roles").toString()).contains("member");
        assertThat(scoped.json().at("/token/user/OS-FEDERATION"))
                .isEqualTo(issued.json().at("/token/user/OS-FEDERATION"));
        assertThat(scoped.json().at("/token/methods").toString()).contains("openid", "token");
        assertThat(cloud.validate(admin, scoped.header("X-Subject-Token")).json())
                .isEqualTo(scoped.json());
        assertThat(acme.scoped(token, Map.of("domain", Map.of("id", "default"))).status())
                .isEqualTo(401);
        assertThat(acme.scoped(token, Map.of("system", Map.of("all", true))).status())
                .isEqualTo(401);
    }

    @Test
    void rolesOfTheGroupOnADomainAreInATokenForIt() {
        cloud.put(admin, "/v3/domains/default/groups/" + acme.group + "/roles/" + cloud.role(admin, "reader"), null);
        String token = acme.token(Acme.claims("s-1", "ann"));
        Answer scoped = acme.scoped(token, Map.of("domain", Map.of("id", "default")));
        assertThat(scoped.status()).isEqualTo(201);
        assertThat(cloud.validate(admin, scoped.header("X-Subject-Token"))
                        .json()
                        .at("/token/roles")
                        .toString())
                .contains("reader");
        cloud.delete(admin, "/v3/domains/default/groups/" + acme.group + "/roles/" + cloud.role(admin, "reader"));
        assertThat(cloud.validate(admin, scoped.header("X-Subject-Token")).status())
                .isEqualTo(404);
    }

    @Test
    void whoComesAgainIsTheSameUserAndMayHaveAnotherName() {
        Answer first = acme.login(Acme.claims("s-1", "ann"));
        String id = first.json().at("/token/user/id").asString();
        Answer again = acme.login(Acme.claims("s-1", "anna"));
        assertThat(again.json().at("/token/user/id").asString()).isEqualTo(id);
        assertThat(again.json().at("/token/user/name").asString()).isEqualTo("anna");
        assertThat(cloud.get(admin, "/v3/users/" + id).json().at("/user/email").asString())
                .isEqualTo("anna@example.org");
        Answer other = acme.login(Acme.claims("s-2", "anna"));
        assertThat(other.json().at("/token/user/id").asString()).isNotEqualTo(id);
        assertThat(other.json().at("/token/user/name").asString()).isEqualTo("anna (acme openid s-2)");
        cloud.delete(admin, "/v3/users/" + id);
        assertThat(cloud.validate(admin, again.header("X-Subject-Token")).status())
                .isEqualTo(404);
        assertThat(acme.login(Acme.claims("s-1", "ann"))
                        .json()
                        .at("/token/user/id")
                        .asString())
                .isNotEqualTo(id);
    }

    @Test
    void whatTheProviderHasNotSaidOrNotToUsIsNothing() {
        assertThat(cloud.get(null, ACME + "/protocols/openid/auth").status()).isEqualTo(401);
        for (String text : List.of("", "x", "a.b.c", "x".repeat(20_000))) {
            assertThat(acme.login(text).status()).as(text).isEqualTo(401);
        }
        assertThat(acme.login(acme.signed(Acme.claims("s-1", "ann"), Duration.ofMinutes(-5)))
                        .status())
                .isEqualTo(401);
        Map<String, Object> elsewhere = Acme.claims("s-1", "ann");
        elsewhere.put("aud", List.of("another"));
        assertThat(acme.login(elsewhere).status()).isEqualTo(401);
        elsewhere.put("azp", Acme.CLIENT);
        assertThat(acme.login(elsewhere).status()).isEqualTo(201);
        String good = acme.signed(Acme.claims("s-1", "ann"), Duration.ofMinutes(5));
        String[] parts = good.split("\\.", 3);
        String other =
                acme.signed(Acme.claims("s-2", "eve"), Duration.ofMinutes(5)).split("\\.", 3)[1];
        assertThat(acme.login(parts[0] + "." + other + "." + parts[2]).status()).isEqualTo(401);
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(acme.login(none + "." + parts[1] + ".").status()).isEqualTo(401);
        assertThat(acme.login(acme.provider
                                .anyToken(
                                        acme.provider.issuerUrl("other"),
                                        Acme.claims("s-1", "ann"),
                                        Duration.ofMinutes(5))
                                .serialize())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aboutAnOpaqueTokenTheProviderIsAsked() {
        acme.token(Acme.claims("s-1", "ann"));
        Map<String, Object> answer = Acme.claims("s-9", "opal");
        answer.put("active", true);
        introspection.answer = answer;
        Answer issued = acme.login("opaque");
        assertThat(issued.status()).as(issued.response().body()).isEqualTo(201);
        assertThat(issued.json().at("/token/user/name").asString()).isEqualTo("opal");
        assertThat(introspection.asked).contains("token=opaque").contains("Basic bmFjcmU6aHVzaA==");
        answer.put("active", false);
        assertThat(acme.login("opaque").status()).isEqualTo(401);
        answer.put("active", true);
        answer.put("exp", 1);
        assertThat(acme.login("opaque").status()).isEqualTo(401);
        answer.remove("exp");
        answer.put("aud", "another");
        assertThat(acme.login("opaque").status()).isEqualTo(401);
        introspection.status = 503;
        assertThat(acme.login("opaque").status()).isEqualTo(502);
    }

    @Test
    void aProviderThatIsNoLongerTrustedEndsItsTokens() {
        String token = acme.token(Acme.claims("s-1", "ann"));
        String scoped =
                acme.scoped(token, Map.of("project", Map.of("id", acme.blue))).header("X-Subject-Token");
        cloud.patch(admin, ACME, Map.of("identity_provider", Map.of("enabled", false)));
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(cloud.validate(admin, scoped).status()).isEqualTo(404);
        Answer refused = acme.login(Acme.claims("s-1", "ann"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().at("/error/message").asString()).isEqualTo("Identity Provider acme is disabled");
        cloud.patch(admin, ACME, Map.of("identity_provider", Map.of("enabled", true)));
        String next = acme.token(Acme.claims("s-1", "ann"));
        cloud.delete(admin, ACME + "/protocols/openid");
        assertThat(cloud.validate(admin, next).status()).isEqualTo(404);
        assertThat(acme.login(Acme.claims("s-1", "ann")).status()).isEqualTo(404);
        cloud.delete(admin, ACME);
        assertThat(acme.login(Acme.claims("s-1", "ann")).status()).isEqualTo(404);
    }

    @Test
    void aProviderThatCallsItselfOtherwiseIsRefused() {
        cloud.patch(admin, ACME, Map.of("identity_provider", Map.of("remote_ids", List.of("https://else.example"))));
        assertThat(acme.login(Acme.claims("s-1", "ann")).status()).isEqualTo(403);
        cloud.patch(
                admin, ACME + "/protocols/openid", Map.of("protocol", Map.of("remote_id_attribute", "OIDC-missing")));
        assertThat(acme.login(Acme.claims("s-1", "ann")).status()).isEqualTo(401);
        cloud.patch(admin, ACME, Map.of("identity_provider", Map.of("remote_ids", List.of())));
        assertThat(acme.login(Acme.claims("s-1", "ann")).status()).isEqualTo(201);
    }

    @Test
    void projectsAreMadeWithTheirRoles() {
        acme.map("""
                [{"local": [{"user": {"name": "{0}"}, "projects": [
                    {"name": "Project for {0}", "roles": [{"name": "member"}]}]}],
                  "remote": [{"type": "OIDC-preferred_username"}]}]
                """);
        String token = acme.token(Acme.claims("s-1", "ann"));
        Answer listed = cloud.get(token, "/v3/auth/projects");
        assertThat(listed.each("projects", "name")).containsExactly("Project for ann");
        String project = listed.each("projects", "id").getFirst();
        acme.token(Acme.claims("s-1", "ann"));
        assertThat(cloud.get(token, "/v3/auth/projects").each("projects", "id")).containsExactly(project);
        assertThat(acme.scoped(token, Map.of("project", Map.of("id", project))).status())
                .isEqualTo(201);
        acme.map("""
                [{"local": [{"user": {"name": "{0}"}, "projects": [{"name": "p", "roles": [{"name": "nowhere"}]}]}],
                  "remote": [{"type": "OIDC-preferred_username"}]}]
                """);
        assertThat(acme.login(Acme.claims("s-1", "bob")).status()).isEqualTo(404);
        assertThat(cloud.get(admin, "/v3/users?name=bob").json().get("users")).isEmpty();
    }

    @Test
    void whoIsKeptHereNeedsNoShadow() {
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann"));
        acme.map("""
                [{"local": [{"user": {"name": "{0}", "type": "local", "domain": {"name": "Default"}}}],
                  "remote": [{"type": "OIDC-preferred_username"}]}]
                """);
        Answer issued = acme.login(Acme.claims("s-1", "ann"));
        assertThat(issued.json().at("/token/user/id").asString()).isEqualTo(ann);
        assertThat(issued.json().at("/token/user").has("OS-FEDERATION")).isFalse();
        assertThat(acme.login(Acme.claims("s-1", "nobody")).status()).isEqualTo(401);
        cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("enabled", false)));
        assertThat(acme.login(Acme.claims("s-1", "ann")).status()).isEqualTo(401);
    }

    @Test
    void whoCannotBeMappedIsNobody() {
        acme.map("[{\"local\": [{\"user\": {\"name\": \"x\"}}], \"remote\": [{\"type\": \"OIDC-missing\"}]}]");
        assertThat(acme.login(Acme.claims("s-1", "ann")).status()).isEqualTo(401);
        acme.map("[{\"local\": [{\"group\": {\"id\": \"gone\"}}], \"remote\": [{\"type\": \"OIDC-sub\"}]}]");
        assertThat(acme.login(Acme.claims("s-1", "ann")).status()).isEqualTo(401);
        acme.map("[{\"local\": [{\"group\": {\"id\": \"" + acme.group
                + "\"}}], \"remote\": [{\"type\": \"OIDC-sub\"}]}]");
        assertThat(acme.login(Acme.claims("s-1", "ann"))
                        .json()
                        .at("/token/user/name")
                        .asString())
                .isEqualTo("s-1@" + acme.issuer);
    }
}

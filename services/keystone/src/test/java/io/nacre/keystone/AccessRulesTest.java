package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.contracts.peer.Identity;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that a token of an application credential with access rules is good for, in every service. */
@EveryEngine(migrations = "db/keystone")
class AccessRulesTest {
    private static final Map<String, ?> SERVERS =
            Map.of("service", "compute", "method", "GET", "path", "/v2.1/servers/{server_id}");
    private static final Map<String, ?> PROJECTS =
            Map.of("service", "identity", "method", "GET", "path", "/v3/auth/projects");

    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private KeystoneServer cloud;
    private Identity identity;
    private String admin;
    private String ann;
    private String credentials;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, clock, "allow_expired_window=10m");
        identity = cloud.keystone.peer();
        admin = cloud.admin();
        String blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        cloud.grant(admin, blue, ann, cloud.role(admin, "member"));
        credentials = "/v3/users/" + ann + "/application_credentials";
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private String own() {
        return cloud.token("ann", "pw", KeystoneServer.project("blue"));
    }

    private Answer create(String token, Map<String, ?> attributes) {
        Map<String, Object> credential = new HashMap<>(attributes);
        credential.putIfAbsent("name", "robot");
        return cloud.post(token, credentials, Map.of("application_credential", credential));
    }

    private String token(Map<String, ?> attributes) {
        Answer made = create(own(), attributes);
        assertThat(made.status()).isEqualTo(201);
        return login(made);
    }

    private String login(Answer made) {
        Map<String, ?> proof = Map.of(
                "id", made.id("application_credential"),
                "secret", made.json().at("/application_credential/secret").asString());
        Map<String, ?> method = Map.of("methods", List.of("application_credential"), "application_credential", proof);
        return cloud.post(null, "/v3/auth/tokens", KeystoneServer.auth(method, null))
                .header("X-Subject-Token");
    }

    private static Function<String, @Nullable String> serviceToken(@Nullable String token) {
        return name -> name.equals("X-Service-Token") ? token : null;
    }

    private Caller asks(String service, String method, String path, String token, @Nullable String serviceToken) {
        return identity.authenticate(
                service, new Caller.Claim(token, serviceToken(serviceToken), method, path, "req-1", null));
    }

    private boolean allowed(String service, String method, String path, String token, @Nullable String serviceToken) {
        try {
            asks(service, method, path, token, serviceToken);
            return true;
        } catch (FaultException e) {
            assertThat(e.is(Fault.Kind.UNAUTHENTICATED)).isTrue();
            return false;
        }
    }

    @Test
    void aTokenIsGoodForWhatARuleAllowsAndNothingElse() {
        String token = token(Map.of("access_rules", List.of(SERVERS, PROJECTS)));
        assertThat(allowed("compute", "GET", "/v2.1/servers/s1", token, null)).isTrue();
        assertThat(allowed("compute", "HEAD", "/v2.1/servers/s1", token, null)).isFalse();
        assertThat(allowed("compute", "DELETE", "/v2.1/servers/s1", token, null))
                .isFalse();
        assertThat(allowed("compute", "GET", "/v2.1/servers", token, null)).isFalse();
        assertThat(allowed("compute", "GET", "/v2.1/servers/s1/ips", token, null))
                .isFalse();
        assertThat(allowed("image", "GET", "/v2.1/servers/s1", token, null)).isFalse();

        Answer refused = cloud.get(token, "/v3/auth/domains");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).startsWith("Keystone uri=");
        assertThat(cloud.head(token, "/v3/auth/projects").status()).isEqualTo(401);
        assertThat(cloud.get(token, "/v3/auth/projects").each("projects", "name"))
                .containsExactly("blue");
    }

    @Test
    void aCredentialWithoutRulesIsGoodForEverything() {
        for (String token : List.of(token(Map.of()), token(Map.of("name", "none", "access_rules", List.of())))) {
            assertThat(allowed("compute", "DELETE", "/v2.1/servers/s1", token, null))
                    .isTrue();
            assertThat(cloud.get(token, "/v3/auth/domains").status()).isEqualTo(200);
            assertThat(cloud.validate(admin, token).status()).isEqualTo(200);
        }
    }

    @Test
    void onlyThoseWhoKnowRulesAreToldOfTheToken() {
        String token = token(Map.of("access_rules", List.of(SERVERS)));
        for (String method : List.of("GET", "HEAD", "DELETE")) {
            Map<String, String> subject = Map.of("X-Subject-Token", token);
            assertThat(cloud.send(method, "/v3/auth/tokens", admin, null, subject)
                            .status())
                    .as(method)
                    .isEqualTo(404);
        }
        Map<String, String> knowing = Map.of("X-Subject-Token", token, "OpenStack-Identity-Access-Rules", "1.0");
        Answer known = cloud.send("GET", "/v3/auth/tokens", admin, null, knowing);
        assertThat(known.json()
                        .at("/token/application_credential/access_rules/0/path")
                        .asString())
                .isEqualTo("/v2.1/servers/{server_id}");
        // Whatever the rules are, a token may be asked about, as long as it is with GET.
        assertThat(cloud.send("GET", "/v3/auth/tokens", token, null, knowing).status())
                .isEqualTo(200);
        assertThat(cloud.send("DELETE", "/v3/auth/tokens", token, null, knowing).status())
                .isEqualTo(401);
        assertThat(cloud.send("DELETE", "/v3/auth/tokens", admin, null, knowing).status())
                .isEqualTo(204);
        assertThat(allowed("compute", "GET", "/v2.1/servers/s1", token, null)).isFalse();
    }

    @Test
    void aServiceMayPassOnMoreThanTheRulesSayAndLater() {
        String token = token(Map.of("access_rules", List.of(SERVERS)));
        assertThat(allowed("network", "GET", "/v2.0/ports", token, null)).isFalse();
        assertThat(allowed("network", "GET", "/v2.0/ports", token, identity.serviceToken()))
                .isTrue();
        assertThat(allowed("network", "GET", "/v2.0/ports", token, "")).isFalse();
        assertThat(allowed("network", "GET", "/v2.0/ports", token, "nonsense")).isFalse();
        assertThat(allowed("network", "GET", "/v2.0/ports", token, token)).isFalse();
        assertThat(allowed("network", "GET", "/v2.0/ports", token, own())).isFalse();
        assertThat(cloud.send(
                                "GET",
                                "/v3/auth/domains",
                                token,
                                null,
                                Map.of("X-Service-Token", identity.serviceToken()))
                        .status())
                .isEqualTo(200);

        String plain = own();
        assertThat(asks("network", "GET", "/v2.0/ports", plain, null).serviceRoles())
                .isEmpty();
        assertThat(asks("network", "GET", "/v2.0/ports", plain, identity.serviceToken())
                        .serviceRoles())
                .contains("service");
        clock.advance(Duration.ofMinutes(65));
        assertThat(allowed("network", "GET", "/v2.0/ports", plain, null)).isFalse();
        assertThat(allowed("network", "GET", "/v2.0/ports", plain, identity.serviceToken()))
                .isTrue();
        assertThat(allowed("identity", "GET", "/v3/users", plain, identity.serviceToken()))
                .isFalse();
        clock.advance(Duration.ofMinutes(10));
        assertThat(allowed("network", "GET", "/v2.0/ports", plain, identity.serviceToken()))
                .isFalse();
    }

    @Test
    void aServicesTokenThatIsBoundToRulesPassesNothingOn() {
        String service = cloud.role(admin, "service");
        String blue = cloud.get(admin, "/v3/projects?name=blue")
                .each("projects", "id")
                .getFirst();
        cloud.grant(admin, blue, ann, service);
        String bound = token(Map.of("access_rules", List.of(SERVERS)));
        assertThat(allowed("network", "GET", "/v2.0/ports", bound, bound)).isFalse();
        assertThat(allowed("network", "GET", "/v2.0/ports", bound, own())).isTrue();
    }

    @Test
    void nothingMadeWithTheTokenKnowsFewerRules() {
        List<?> makes = List.of(
                Map.of("service", "identity", "method", "POST", "path", "/v3/users/*/application_credentials"),
                Map.of("service", "identity", "method", "POST", "path", "/v3/OS-TRUST/trusts"));
        String token = token(Map.of("access_rules", makes, "unrestricted", true));
        assertThat(create(token, Map.of("name", "wider")).status()).isEqualTo(403);
        assertThat(create(token, Map.of("name", "wider", "access_rules", List.of()))
                        .status())
                .isEqualTo(403);
        assertThat(create(token, Map.of("name", "other", "access_rules", List.of(SERVERS)))
                        .status())
                .isEqualTo(403);
        assertThat(create(token, Map.of("name", "same", "access_rules", makes)).status())
                .isEqualTo(201);
        Map<String, ?> trust =
                Map.of("trustor_user_id", ann, "trustee_user_id", ann, "impersonation", true, "roles", List.of());
        assertThat(cloud.post(token, "/v3/OS-TRUST/trusts", Map.of("trust", trust))
                        .status())
                .isEqualTo(403);
        assertThat(cloud.post(own(), "/v3/OS-TRUST/trusts", Map.of("trust", trust))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aRuleNamesServiceMethodAndPathOrOneThatIsThere() {
        for (Map<String, ?> rule : List.<Map<String, ?>>of(
                Map.of(),
                Map.of("service", "compute", "method", "GET"),
                Map.of("service", "compute", "path", "/"),
                Map.of("method", "GET", "path", "/"),
                Map.of("service", "compute", "method", "FETCH", "path", "/"),
                Map.of("service", "compute", "method", "GET", "path", "v2.1"))) {
            assertThat(create(own(), Map.of("access_rules", List.of(rule))).status())
                    .as(String.valueOf(rule))
                    .isEqualTo(400);
        }
        assertThat(create(own(), Map.of("access_rules", List.of(Map.of("id", "none"))))
                        .status())
                .isEqualTo(404);
        String rules = "/v3/users/" + ann + "/access_rules";
        assertThat(cloud.get(own(), rules).json().get("access_rules")).isEmpty();

        Answer made = create(own(), Map.of("access_rules", List.of(SERVERS)));
        String ruleId = cloud.get(own(), rules).each("access_rules", "id").getFirst();
        String again = token(Map.of("name", "again", "access_rules", List.of(Map.of("id", ruleId))));
        assertThat(allowed("compute", "GET", "/v2.1/servers/s1", again, null)).isTrue();
        assertThat(cloud.delete(own(), rules + "/" + ruleId).status()).isEqualTo(403);
        String second = cloud.get(own(), credentials + "?name=again")
                .each("application_credentials", "id")
                .getFirst();
        cloud.delete(own(), credentials + "/" + made.id("application_credential"));
        cloud.delete(own(), credentials + "/" + second);
        assertThat(cloud.delete(own(), rules + "/" + ruleId).status()).isEqualTo(204);
        assertThat(cloud.get(own(), rules).json().get("access_rules")).isEmpty();
    }

    @Test
    void aClaimTellsNoSecrets() {
        Caller.Claim claim = new Caller.Claim("gAAAA-secret", name -> null, "GET", "/", "req-1", null);
        assertThat(claim.toString()).isEqualTo("Claim[req-1]");
        assertThatThrownBy(() -> identity.authenticate("compute", claim)).hasMessageNotContaining("secret");
    }
}

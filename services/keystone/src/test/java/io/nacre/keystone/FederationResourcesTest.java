package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identity providers, their protocols, mappings and service providers: made, listed, changed, removed, refused. */
@EveryEngine(migrations = "db/keystone")
class FederationResourcesTest {
    private static final String PROVIDERS = "/v3/OS-FEDERATION/identity_providers";
    private static final String ACME = PROVIDERS + "/acme";
    private static final String MAPPINGS = "/v3/OS-FEDERATION/mappings";
    private static final String OTHERS = "/v3/OS-FEDERATION/service_providers";
    private static final List<?> RULES = List.of(Map.of(
            "local", List.of(Map.of("user", Map.of("name", "{0}"))), "remote", List.of(Map.of("type", "UserName"))));

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

    private Answer provider(String id, Map<String, ?> attributes) {
        return cloud.put(admin, PROVIDERS + "/" + id, Map.of("identity_provider", attributes));
    }

    private Answer mapping(String id, @Nullable Object rules) {
        return cloud.put(admin, MAPPINGS + "/" + id, Map.of("mapping", Collections.singletonMap("rules", rules)));
    }

    private Answer protocol(String path, String mappingId) {
        return cloud.put(admin, path, Map.of("protocol", Map.of("mapping_id", mappingId)));
    }

    private static String message(Answer answer) {
        return answer.json().at("/error/message").asString();
    }

    @Test
    void anIdentityProviderThatNamesNoDomainGetsOne() {
        Answer made = provider("acme", Map.of("remote_ids", List.of("b", "a"), "description", "ours"));
        assertThat(made.status()).isEqualTo(201);
        Answer shown = cloud.get(admin, ACME);
        assertThat(shown.json()).isEqualTo(made.json());
        assertThat(shown.json().at("/identity_provider/enabled").asBoolean()).isFalse();
        assertThat(shown.json().at("/identity_provider/remote_ids").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(shown.json().at("/identity_provider/authorization_ttl").isNull())
                .isTrue();
        assertThat(shown.json().at("/identity_provider/links/self").asString()).isEqualTo(cloud.url + ACME);
        assertThat(shown.json().at("/identity_provider/links/protocols").asString())
                .isEqualTo(cloud.url + ACME + "/protocols");
        String domain = shown.json().at("/identity_provider/domain_id").asString();
        Answer domainShown = cloud.get(admin, "/v3/domains/" + domain);
        assertThat(domainShown.json().at("/domain/name").asString()).isEqualTo(domain);
        assertThat(domainShown.json().at("/domain/description").asString())
                .isEqualTo("Auto generated federated domain for Identity Provider: acme");
        assertThat(cloud.head(admin, ACME).status()).isEqualTo(200);
        assertThat(cloud.head(admin, PROVIDERS).status()).isEqualTo(200);
    }

    @Test
    void anIdentityProviderIsChangedInPartAndItsDomainNever() {
        assertThat(provider("acme", Map.of("domain_id", "default", "enabled", true, "remote_ids", List.of("a")))
                        .status())
                .isEqualTo(201);
        Answer changed = cloud.patch(admin, ACME, Map.of("identity_provider", Map.of("authorization_ttl", 30)));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().at("/identity_provider/authorization_ttl").asInt())
                .isEqualTo(30);
        assertThat(changed.json().at("/identity_provider/enabled").asBoolean()).isTrue();
        assertThat(changed.json().at("/identity_provider/remote_ids/0").asString())
                .isEqualTo("a");
        Answer emptied =
                cloud.patch(admin, ACME, Map.of("identity_provider", Collections.singletonMap("remote_ids", null)));
        assertThat(emptied.json().at("/identity_provider/remote_ids")).isEmpty();
        assertThat(cloud.patch(admin, ACME, Map.of("identity_provider", Map.of("domain_id", "default")))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.patch(admin, ACME, Map.of("identity_provider", Map.of()))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void noTwoIdentityProvidersCallThemselvesTheSame() {
        provider("acme", Map.of("remote_ids", List.of("a")));
        Answer again = provider("acme", Map.of());
        assertThat(again.status()).isEqualTo(409);
        assertThat(message(again))
                .isEqualTo("Conflict occurred attempting to store identity_provider - Duplicate entry: acme.");
        int domains = cloud.get(admin, "/v3/domains").json().get("domains").size();
        Answer same = provider("other", Map.of("remote_ids", List.of("a")));
        assertThat(same.status()).isEqualTo(409);
        assertThat(message(same)).endsWith("Duplicate remote ID: a.");
        assertThat(cloud.get(admin, "/v3/domains").json().get("domains")).hasSize(domains);
        provider("other", Map.of("remote_ids", List.of("b")));
        assertThat(cloud.patch(
                                admin,
                                PROVIDERS + "/other",
                                Map.of("identity_provider", Map.of("remote_ids", List.of("a"))))
                        .status())
                .isEqualTo(409);
        assertThat(cloud.get(admin, PROVIDERS + "/other")
                        .json()
                        .at("/identity_provider/remote_ids/0")
                        .asString())
                .isEqualTo("b");
    }

    @Test
    void identityProvidersAreFoundByIdentifierAndState() {
        provider("acme", Map.of("enabled", true));
        provider("other", Map.of());
        assertThat(cloud.get(admin, PROVIDERS).each("identity_providers", "id")).containsExactly("acme", "other");
        assertThat(cloud.get(admin, PROVIDERS + "?enabled=true").each("identity_providers", "id"))
                .containsExactly("acme");
        assertThat(cloud.get(admin, PROVIDERS + "?id=other").each("identity_providers", "id"))
                .containsExactly("other");
    }

    @Test
    void aProtocolNeedsItsProviderAndItsMapping() {
        provider("acme", Map.of());
        mapping("map", RULES);
        mapping("map2", RULES);
        String path = ACME + "/protocols/openid";
        Answer lost = protocol(path, "nowhere");
        assertThat(lost.status()).isEqualTo(400);
        assertThat(message(lost)).isEqualTo("Invalid mapping id: nowhere");
        assertThat(protocol(PROVIDERS + "/nobody/protocols/openid", "map").status())
                .isEqualTo(404);
        Answer made = protocol(path, "map");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().at("/protocol/links/self").asString()).isEqualTo(cloud.url + path);
        assertThat(made.json().at("/protocol/links/identity_provider").asString())
                .isEqualTo(cloud.url + ACME);
        assertThat(protocol(path, "map").status()).isEqualTo(409);
        assertThat(cloud.patch(admin, path, Map.of("protocol", Map.of("mapping_id", "nowhere")))
                        .status())
                .isEqualTo(400);
        Answer changed = cloud.patch(
                admin, path, Map.of("protocol", Map.of("mapping_id", "map2", "remote_id_attribute", "HTTP_OIDC_ISS")));
        assertThat(changed.json().at("/protocol/mapping_id").asString()).isEqualTo("map2");
        assertThat(cloud.get(admin, path).json()).isEqualTo(changed.json());
        assertThat(cloud.head(admin, path).status()).isEqualTo(200);
        Answer listed = cloud.get(admin, ACME + "/protocols");
        assertThat(listed.each("protocols", "remote_id_attribute")).containsExactly("HTTP_OIDC_ISS");
        assertThat(cloud.delete(admin, path).status()).isEqualTo(204);
        Answer gone = cloud.delete(admin, path);
        assertThat(gone.status()).isEqualTo(404);
        assertThat(message(gone)).isEqualTo("Could not find federated protocol openid for Identity Provider: acme.");
    }

    @Test
    void protocolsGoWithTheirProviderAndProvidersWithTheirDomain() {
        String domain = cloud.make(admin, "/v3/domains", "domain", Map.of("name", "acme"));
        provider("acme", Map.of("domain_id", domain, "remote_ids", List.of("a")));
        mapping("map", RULES);
        protocol(ACME + "/protocols/openid", "map");
        assertThat(cloud.delete(admin, ACME).status()).isEqualTo(204);
        assertThat(cloud.delete(admin, ACME).status()).isEqualTo(404);
        provider("acme", Map.of("domain_id", domain, "remote_ids", List.of("a")));
        assertThat(cloud.get(admin, ACME + "/protocols/openid").status()).isEqualTo(404);
        cloud.patch(admin, "/v3/domains/" + domain, Map.of("domain", Map.of("enabled", false)));
        assertThat(cloud.delete(admin, "/v3/domains/" + domain).status()).isEqualTo(204);
        assertThat(message(cloud.get(admin, ACME))).isEqualTo("Could not find Identity Provider: acme.");
        assertThat(provider("acme", Map.of("remote_ids", List.of("a"))).status())
                .isEqualTo(201);
    }

    @Test
    void aMappingIsKeptAsItWasSent() {
        Answer made = mapping("map", RULES);
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().at("/mapping/schema_version").asString()).isEqualTo("1.0");
        assertThat(cloud.get(admin, MAPPINGS + "/map").json()).isEqualTo(made.json());
        assertThat(cloud.head(admin, MAPPINGS + "/map").status()).isEqualTo(200);
        assertThat(made.json().at("/mapping/links/self").asString()).isEqualTo(cloud.url + MAPPINGS + "/map");
        assertThat(mapping("map", RULES).status()).isEqualTo(409);
        List<?> other = List.of(Map.of(
                "local",
                List.of(Map.of(
                        "projects",
                        List.of(Map.of(
                                "name",
                                "p",
                                "domain",
                                Map.of("name", "d"),
                                "roles",
                                List.of(Map.of("name", "reader")))))),
                "remote",
                List.of(Map.of("type", "UserName", "any_one_of", List.of("a.*"), "regex", true))));
        Map<String, ?> second = Map.of("mapping", Map.of("schema_version", "2.0", "rules", other));
        Answer changed = cloud.patch(admin, MAPPINGS + "/map", second);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().at("/mapping/rules/0/remote/0/regex").asBoolean())
                .isTrue();
        assertThat(cloud.patch(admin, MAPPINGS + "/map", Map.of("mapping", Map.of("rules", other)))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.get(admin, MAPPINGS).each("mappings", "schema_version"))
                .containsExactly("2.0");
        assertThat(cloud.patch(admin, MAPPINGS + "/nowhere", second).status()).isEqualTo(404);
        assertThat(cloud.delete(admin, MAPPINGS + "/map").status()).isEqualTo(204);
        assertThat(message(cloud.get(admin, MAPPINGS + "/map"))).isEqualTo("Could not find mapping: map.");
    }

    @Test
    void whatIsNotInTheLanguageIsNoMapping() {
        Map<String, ?> remote = Map.of("type", "UserName");
        Map<String, ?> local = Map.of("user", Map.of("name", "{0}"));
        List<?> bad = Arrays.asList(
                null,
                "text",
                List.of(),
                List.of("text"),
                List.of(Map.of("local", List.of(local))),
                List.of(Map.of("remote", List.of(remote))),
                List.of(Map.of("local", List.of(local), "remote", List.of())),
                List.of(Map.of("local", List.of(local), "remote", List.of(remote), "more", 1)),
                List.of(Map.of("local", List.of(Map.of("user", Map.of("shoe", "42"))), "remote", List.of(remote))),
                List.of(Map.of("local", List.of(Map.of("user", Map.of("type", "odd"))), "remote", List.of(remote))),
                List.of(Map.of("local", List.of(Map.of("group", Map.of("name", "g"))), "remote", List.of(remote))),
                List.of(Map.of("local", List.of(Map.of("groups", List.of("g"))), "remote", List.of(remote))),
                List.of(Map.of("local", List.of(local), "remote", List.of(Map.of("any_one_of", List.of("a"))))),
                List.of(Map.of(
                        "local",
                        List.of(local),
                        "remote",
                        List.of(Map.of("type", "a", "any_one_of", List.of("a"), "not_any_of", List.of("b"))))),
                List.of(Map.of(
                        "local",
                        List.of(local),
                        "remote",
                        List.of(Map.of("type", "a", "any_one_of", List.of("a"), "regex", "yes")))));
        for (Object rules : bad) {
            assertThat(mapping("map", rules).status()).as(String.valueOf(rules)).isEqualTo(400);
        }
        assertThat(cloud.put(admin, MAPPINGS + "/map", Map.of("mapping", Map.of("rules", RULES, "schema_version", "3")))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.get(admin, MAPPINGS).json().get("mappings")).isEmpty();
    }

    @Test
    void tokensNameTheServiceProvidersThatAreEnabled() {
        Map<String, ?> attributes = Map.of(
                "auth_url",
                "https://beta.example.org/v3/auth",
                "sp_url",
                "https://beta.example.org/ECP",
                "enabled",
                true);
        Answer made = cloud.put(admin, OTHERS + "/beta", Map.of("service_provider", attributes));
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().at("/service_provider/relay_state_prefix").asString())
                .isEqualTo("ss:mem:");
        assertThat(made.json().at("/service_provider/links/self").asString()).isEqualTo(cloud.url + OTHERS + "/beta");
        assertThat(cloud.put(admin, OTHERS + "/beta", Map.of("service_provider", attributes))
                        .status())
                .isEqualTo(409);
        Answer valid = cloud.validate(admin, admin);
        assertThat(valid.json().at("/token/service_providers").toString())
                .contains("\"id\":\"beta\"", "\"sp_url\":\"https://beta.example.org/ECP\"", "\"auth_url\"")
                .doesNotContain("enabled");
        Answer changed = cloud.patch(
                admin,
                OTHERS + "/beta",
                Map.of("service_provider", Map.of("enabled", false, "relay_state_prefix", "x:")));
        assertThat(changed.json().at("/service_provider/relay_state_prefix").asString())
                .isEqualTo("x:");
        assertThat(changed.json().at("/service_provider/auth_url").asString())
                .isEqualTo("https://beta.example.org/v3/auth");
        assertThat(cloud.validate(admin, admin).json().get("token").has("service_providers"))
                .isFalse();
        assertThat(cloud.get(admin, OTHERS + "?enabled=true").json().get("service_providers"))
                .isEmpty();
        assertThat(cloud.get(admin, OTHERS).each("service_providers", "id")).containsExactly("beta");
        assertThat(cloud.head(admin, OTHERS + "/beta").status()).isEqualTo(200);
        assertThat(cloud.delete(admin, OTHERS + "/beta").status()).isEqualTo(204);
        assertThat(message(cloud.delete(admin, OTHERS + "/beta"))).isEqualTo("Could not find Service Provider: beta.");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThat(provider("acme", Map.of("shoe", 42)).status()).isEqualTo(400);
        assertThat(provider("acme", Map.of("authorization_ttl", -1)).status()).isEqualTo(400);
        assertThat(provider("acme", Map.of("remote_ids", List.of("a", "a"))).status())
                .isEqualTo(400);
        assertThat(provider("acme", Map.of("enabled", "yes")).status()).isEqualTo(400);
        assertThat(provider("acme", Map.of("domain_id", "nowhere")).status()).isEqualTo(404);
        assertThat(provider("a".repeat(65), Map.of()).status()).isEqualTo(400);
        assertThat(cloud.put(admin, OTHERS + "/beta", Map.of("service_provider", Map.of("auth_url", "http://a")))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.put(
                                admin,
                                OTHERS + "/beta",
                                Map.of("service_provider", Map.of("auth_url", "no url", "sp_url", "http://a")))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.get(admin, PROVIDERS).json().get("identity_providers")).isEmpty();
        assertThat(cloud.get(admin, PROVIDERS + "/nobody/protocols").status()).isEqualTo(200);
    }

    @Test
    void operatorsChangeAndReadersOfTheSystemSee() {
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        String blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        cloud.grant(admin, blue, ann, cloud.role(admin, "member"));
        assertThat(cloud.put(admin, "/v3/system/users/" + ann + "/roles/" + cloud.role(admin, "reader"), null)
                        .status())
                .isEqualTo(204);
        String member = cloud.token("ann", "pw", KeystoneServer.project("blue"));
        String reader = cloud.token("ann", "pw", Map.of("system", Map.of("all", true)));
        provider("acme", Map.of());
        mapping("map", RULES);
        protocol(ACME + "/protocols/openid", "map");
        for (String path : List.of(
                PROVIDERS,
                ACME,
                ACME + "/protocols",
                ACME + "/protocols/openid",
                MAPPINGS,
                MAPPINGS + "/map",
                OTHERS)) {
            assertThat(cloud.get(reader, path).status()).as(path).isEqualTo(200);
            assertThat(cloud.get(member, path).status()).as(path).isEqualTo(403);
            assertThat(cloud.get(null, path).status()).as(path).isEqualTo(401);
        }
        for (String path : List.of(ACME, ACME + "/protocols/openid", MAPPINGS + "/map", OTHERS + "/beta")) {
            assertThat(cloud.put(reader, path, null).status()).as(path).isEqualTo(403);
            assertThat(cloud.patch(reader, path, null).status()).as(path).isEqualTo(403);
            assertThat(cloud.delete(reader, path).status()).as(path).isEqualTo(403);
        }
        assertThat(cloud.delete(cloud.systemAdmin(), ACME).status()).isEqualTo(204);
    }
}

package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Transactions;
import io.nacre.keystone.KeystoneServer.Answer;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.http.Route;

/**
 * A keystone and, beside it, the OpenID Connect provider acme, which it trusts. The provider's group staff is a member of
 * the project blue.
 */
final class Acme implements AutoCloseable {
    static final String PATH = "/v3/OS-FEDERATION/identity_providers/acme";
    static final String CLIENT = "nacre";

    final MockOAuth2Server provider;
    final KeystoneServer cloud;
    final String admin;
    final String issuer;
    final String group;
    final String blue;

    /** @param options of [keystone] beside those about the provider */
    Acme(Transactions transactions, Path keys, InstantSource clock, List<String> options, Route... more) {
        provider = new MockOAuth2Server(more);
        provider.start(InetAddress.getLoopbackAddress(), 0);
        issuer = provider.issuerUrl("acme").toString();
        List<String> all = new ArrayList<>(List.of(
                "federation.remote_id_attribute=HTTP_OIDC_ISS",
                "federation.openid.acme.issuer=" + issuer,
                "federation.openid.acme.client_id=" + CLIENT,
                "federation.openid.acme.client_secret=hush"));
        all.addAll(options);
        cloud = new KeystoneServer(transactions, keys, clock, all.toArray(String[]::new));
        admin = cloud.admin();
        group = cloud.make(admin, "/v3/groups", "group", Map.of("name", "staff"));
        blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        cloud.put(admin, "/v3/projects/" + blue + "/groups/" + group + "/roles/" + cloud.role(admin, "member"), null);
        assertThat(cloud.put(
                                admin,
                                PATH,
                                Map.of("identity_provider", Map.of("enabled", true, "remote_ids", List.of(issuer))))
                        .status())
                .isEqualTo(201);
        map("""
                [{"local": [{"user": {"name": "{0}", "id": "{1}", "email": "{2}"}}],
                  "remote": [{"type": "OIDC-preferred_username"}, {"type": "OIDC-sub"}, {"type": "HTTP_OIDC_EMAIL"}]},
                 {"local": [{"groups": "{0}", "domain": {"id": "default"}}], "remote": [{"type": "OIDC-groups"}]}]
                """);
        cloud.put(admin, PATH + "/protocols/openid", Map.of("protocol", Map.of("mapping_id", "map")));
    }

    void map(String rules) {
        String path = "/v3/OS-FEDERATION/mappings/map";
        String body = "{\"mapping\": {\"rules\": " + rules + "}}";
        Answer answer =
                cloud.get(admin, path).status() == 404 ? cloud.put(admin, path, body) : cloud.patch(admin, path, body);
        assertThat(answer.status()).as(answer.response().body()).isIn(200, 201);
    }

    /** Of somebody in the groups staff and elsewhere. */
    static Map<String, Object> claims(String subject, String name) {
        return new HashMap<>(Map.of(
                "sub",
                subject,
                "preferred_username",
                name,
                "email",
                name + "@example.org",
                "groups",
                List.of("staff", "elsewhere"),
                "aud",
                List.of(CLIENT)));
    }

    String signed(Map<String, Object> claims, Duration lifetime) {
        return provider.anyToken(provider.issuerUrl("acme"), claims, lifetime).serialize();
    }

    Answer login(String token) {
        return cloud.send(
                "POST", PATH + "/protocols/openid/auth", null, null, Map.of("Authorization", "Bearer " + token));
    }

    Answer login(Map<String, Object> claims) {
        return login(signed(claims, Duration.ofHours(1)));
    }

    /** An unscoped token. */
    String token(Map<String, Object> claims) {
        Answer answer = login(claims);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.header("X-Subject-Token");
    }

    Answer scoped(String token, Object scope) {
        return cloud.post(
                null,
                "/v3/auth/tokens",
                KeystoneServer.auth(Map.of("methods", List.of("token"), "token", Map.of("id", token)), scope));
    }

    @Override
    public void close() {
        cloud.close();
        provider.shutdown();
    }
}

package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cloud that takes its own word, as it would take another's: what it signs and what somebody makes of that. */
@EveryEngine(migrations = "db/keystone")
class SamlLoginTest extends SamlCloud {
    private static final String ENTITY = "https://home.example/idp";
    private static final String HOME = "/v3/OS-FEDERATION/identity_providers/home";
    private static final String CONSUMER = HOME + "/protocols/saml2/saml2/ecp";
    private static final Pattern ASSERTION = Pattern.compile("<saml:Assertion .*</saml:Assertion>", Pattern.DOTALL);
    private static final Pattern SIGNATURE = Pattern.compile("<ds:Signature .*</ds:Signature>", Pattern.DOTALL);

    @BeforeEach
    void configure(Database database) {
        start(
                database,
                "saml.certfile=" + key.certificate(),
                "saml.keyfile=" + key.key(),
                "saml.idp_entity_id=" + ENTITY,
                "federation.saml.home.entity_id=" + ENTITY,
                "federation.saml.home.certfile=" + key.certificate(),
                "federation.saml.away.entity_id=" + ENTITY,
                "federation.saml.away.certfile=" + other.certificate());
        for (String id : List.of("home", "away")) {
            cloud.put(
                    admin,
                    HOME.replace("home", id),
                    Map.of("identity_provider", Map.of("enabled", true, "remote_ids", List.of(ENTITY + "/" + id))));
        }
        cloud.patch(admin, HOME, Map.of("identity_provider", Map.of("remote_ids", List.of(ENTITY))));
        cloud.put(admin, "/v3/OS-FEDERATION/mappings/map", """
                {"mapping": {"rules": [
                  {"local": [{"user": {"name": "{0}"}}], "remote": [{"type": "openstack_user"}]},
                  {"local": [{"groups": "{0}"}], "remote": [{"type": "openstack_groups"}]}]}}
                """);
        for (String id : List.of("home", "away")) {
            cloud.put(
                    admin,
                    HOME.replace("home", id) + "/protocols/saml2",
                    Map.of("protocol", Map.of("mapping_id", "map", "remote_id_attribute", "Shib-Identity-Provider")));
        }
        aim(cloud.url + CONSUMER);
    }

    /** Where the assertions are to be brought. */
    private void aim(String url) {
        cloud.put(
                admin,
                "/v3/OS-FEDERATION/service_providers/us",
                Map.of("service_provider", Map.of("sp_url", url, "auth_url", cloud.url + HOME, "enabled", true)));
        cloud.patch(admin, "/v3/OS-FEDERATION/service_providers/us", Map.of("service_provider", Map.of("sp_url", url)));
    }

    private String asserted(String path) {
        Answer answer = cloud.post(
                null,
                "/v3/auth/OS-FEDERATION/saml2" + path,
                Map.of(
                        "auth",
                        Map.of(
                                "identity",
                                Map.of("token", Map.of("id", admin)),
                                "scope",
                                Map.of("service_provider", Map.of("id", "us")))));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.response().body();
    }

    private Answer bring(String path, String document) {
        return cloud.send("POST", path, null, document, Map.of("Content-Type", "application/vnd.paos+xml"));
    }

    private void refused(UnaryOperator<String> forged) {
        String real = asserted("/ecp");
        String document = forged.apply(real);
        assertThat(document).isNotEqualTo(real);
        assertThat(bring(CONSUMER, document).status()).as(document).isEqualTo(401);
        assertThat(bring(CONSUMER, real).status()).isEqualTo(201);
    }

    private static String part(Pattern of, String document) {
        Matcher found = of.matcher(document);
        assertThat(found.find()).isTrue();
        return found.group();
    }

    @Test
    void theUserOfAnotherCloudGetsAToken() {
        String group = cloud.make(admin, "/v3/groups", "group", Map.of("name", "staff"));
        String id = cloud.get(admin, "/v3/users?name=admin").each("users", "id").getFirst();
        cloud.put(admin, "/v3/groups/" + group + "/users/" + id, null);
        for (String path : List.of("", "/ecp")) {
            Answer issued = bring(CONSUMER, asserted(path));
            assertThat(issued.status()).as(issued.response().body()).isEqualTo(201);
            assertThat(issued.json().at("/token/user/name").asString()).isEqualTo("admin");
            assertThat(issued.json().at("/token/user/id").asString()).isNotEqualTo(id);
            assertThat(issued.json()
                            .at("/token/user/OS-FEDERATION/identity_provider/id")
                            .asString())
                    .isEqualTo("home");
            assertThat(issued.json().at("/token/methods/0").asString()).isEqualTo("saml2");
            assertThat(cloud.validate(admin, issued.header("X-Subject-Token")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void anAssertionIsGoodOnceForAWhileHereAlone() {
        String document = asserted("/ecp");
        assertThat(bring(CONSUMER, document).status()).isEqualTo(201);
        assertThat(bring(CONSUMER, document).status()).isEqualTo(401);
        assertThat(bring(CONSUMER.replace("home", "away"), asserted("/ecp")).status())
                .isEqualTo(401);
        aim(cloud.url + CONSUMER.replace("home", "away"));
        assertThat(bring(CONSUMER.replace("home", "away"), asserted("/ecp")).status())
                .isEqualTo(401);
        assertThat(bring(CONSUMER, asserted("/ecp")).status()).isEqualTo(401);
        aim(cloud.url + CONSUMER);
        String late = asserted("/ecp");
        clock.advance(Duration.ofMinutes(62));
        assertThat(bring(CONSUMER, late).status()).isEqualTo(401);
        admin = cloud.admin();
        cloud.patch(admin, HOME, Map.of("identity_provider", Map.of("enabled", false)));
        assertThat(bring(CONSUMER, asserted("/ecp")).status()).isEqualTo(403);
        assertThat(bring(CONSUMER.replace("home", "nowhere"), asserted("/ecp")).status())
                .isEqualTo(404);
    }

    @Test
    void whatIsNotSignedIsNotBelieved() {
        refused(real -> real.replace(">admin<", ">eve<"));
        refused(real -> real.replaceFirst("NotOnOrAfter=\"2026", "NotOnOrAfter=\"2027"));
        refused(real -> SIGNATURE.matcher(real).replaceAll(""));
        refused(real -> real.replaceFirst("<ds:SignatureValue>[^<]{8}", "<ds:SignatureValue>AAAAAAAA"));
        refused(real -> real.replace("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256"));
        refused(real -> real.replace("status:Success", "status:Requester"));
    }

    /** A signed assertion that is left alone, and one that is not signed where it would be read. */
    @Test
    void aSignedAssertionLendsNothingToOneBesideIt() {
        refused(real -> {
            String signed = part(ASSERTION, real);
            return real.replace(signed, signed + forged(signed));
        });
        refused(real -> {
            String signed = part(ASSERTION, real);
            return real.replace(signed, forged(signed) + signed);
        });
        refused(real -> {
            String signed = part(ASSERTION, real);
            return real.replace(signed, forged(signed).replace("</saml:Assertion>", signed + "</saml:Assertion>"));
        });
        refused(real -> {
            String signed = part(ASSERTION, real);
            String signature = part(SIGNATURE, signed);
            String inside = signature.replace(
                    "</ds:Signature>", "<ds:Object>" + signed.replace(signature, "") + "</ds:Object></ds:Signature>");
            return real.replace(signed, signed.replace(signature, inside).replace(">admin<", ">eve<"));
        });
        refused(real -> {
            String signed = part(ASSERTION, real);
            String id = Objects.requireNonNull(signed.replaceFirst("(?s).*? ID=\"([^\"]*)\".*", "$1"));
            String evil = forged(signed).replace("_forged", id).replace(">admin<", ">eve<");
            return real.replace(
                    signed,
                    evil.replace("</saml:Assertion>", "<saml:Advice>" + signed + "</saml:Advice></saml:Assertion>"));
        });
    }

    private static String forged(String signed) {
        return SIGNATURE
                .matcher(signed)
                .replaceAll("")
                .replaceFirst(" ID=\"[^\"]*\"", " ID=\"_forged\"")
                .replace(">admin<", ">eve<");
    }

    @Test
    void whatIsNoResponseIsRefused() {
        for (String document : List.of(
                "",
                "x",
                "<a/>",
                "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>",
                "<a>".repeat(100) + "</a>".repeat(100),
                asserted("/ecp").replaceFirst("\\?>", "?><!DOCTYPE x>"))) {
            assertThat(bring(CONSUMER, document).status()).as(document).isEqualTo(401);
        }
        assertThat(bring(CONSUMER, "x".repeat(200_000)).status()).isEqualTo(400);
    }
}

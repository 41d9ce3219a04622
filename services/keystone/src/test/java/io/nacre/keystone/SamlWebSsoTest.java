package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users of a SAML identity provider log in with a browser, or with a client that asks the provider itself. */
@EveryEngine(migrations = "db/keystone")
class SamlWebSsoTest extends SamlCloud {
    private static final String ORIGIN = "https://dash.example/auth/websso/";
    private static final String PAGE = "https://corp.example/sso?tenant=1";
    private static final String US = "https://cloud.example/sp";
    private static final String CORP = "/v3/OS-FEDERATION/identity_providers/corp";
    private static final String PROTOCOL = CORP + "/protocols/saml2";
    private static final String SSO = "/v3/auth/OS-FEDERATION/identity_providers/corp";
    private static final String PAOS = "application/vnd.paos+xml";
    private static final Map<String, String> ENHANCED = Map.of(
            "Accept",
            "*/*," + PAOS,
            "PAOS",
            "ver=\"urn:liberty:paos:2003-08\";\"urn:oasis:names:tc:SAML:2.0:profiles:SSO:ecp\"");
    private static final Pattern TOKEN =
            Pattern.compile("action=\"" + ORIGIN + "\".*name=\"token\"[^>]*value=\"([^\"]*)\"", Pattern.DOTALL);

    private final SamlIdp idp = new SamlIdp(clock);

    @BeforeEach
    void configure(Database database) {
        start(
                database,
                "federation.trusted_dashboard=" + ORIGIN,
                "federation.saml.corp.entity_id=" + SamlIdp.ENTITY,
                "federation.saml.corp.certfile=" + key.certificate(),
                "federation.saml.corp.audience=" + US,
                "federation.saml.corp.sso_url=" + PAGE,
                "federation.saml.cloud.entity_id=https://home.example/idp",
                "federation.saml.cloud.certfile=" + key.certificate());
        cloud.put(admin, "/v3/OS-FEDERATION/mappings/map", """
                {"mapping": {"rules": [
                  {"local": [{"user": {"name": "{0}"}}], "remote": [{"type": "MELLON_uid"}]}]}}
                """);
        for (String id : List.of("corp", "cloud")) {
            cloud.put(
                    admin,
                    CORP.replace("corp", id),
                    Map.of("identity_provider", Map.of("enabled", true, "remote_ids", List.of(id))));
            for (String protocol : List.of("saml2", "mapped")) {
                cloud.put(
                        admin,
                        CORP.replace("corp", id) + "/protocols/" + protocol,
                        Map.of("protocol", Map.of("mapping_id", "map")));
            }
        }
    }

    /** A browser that was sent to the provider. */
    private record Sent(SamlIdp.Asked asked, String relayState, String cookie) {}

    private Sent begin(String path) {
        Answer begun = cloud.get(null, path + "/websso?origin=" + ORIGIN);
        assertThat(begun.status()).as(begun.response().body()).isEqualTo(302);
        String address = begun.header("Location");
        assertThat(address).startsWith(PAGE + "&SAMLRequest=");
        assertThat(begun.header("Set-Cookie")).contains("HttpOnly").doesNotContain("SameSite");
        return new Sent(
                SamlIdp.Asked.of(address),
                SamlIdp.query(address).get("RelayState"),
                begun.header("Set-Cookie").split(";", 2)[0]);
    }

    private Answer post(String path, Map<String, String> form, String cookie) {
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return cloud.send(
                "POST",
                path,
                null,
                body.toString(),
                Map.of("Content-Type", "application/x-www-form-urlencoded", "Cookie", cookie));
    }

    private Answer bring(Sent sent, String document) {
        return post(
                SSO + "/callback",
                Map.of("SAMLResponse", base64(document), "RelayState", sent.relayState()),
                sent.cookie());
    }

    private static String base64(String document) {
        return Base64.getMimeEncoder().encodeToString(document.getBytes(StandardCharsets.UTF_8));
    }

    private String token(Answer page) {
        assertThat(page.status()).as(page.response().body()).isEqualTo(200);
        Matcher form = TOKEN.matcher(page.response().body());
        assertThat(form.find()).as(page.response().body()).isTrue();
        return form.group(1);
    }

    private void requireAnn(Answer token) {
        assertThat(token.json().at("/token/user/name").asString()).isEqualTo("ann");
        assertThat(token.json().at("/token/methods/0").asString()).isEqualTo("saml2");
        assertThat(token.json()
                        .at("/token/user/OS-FEDERATION/identity_provider/id")
                        .asString())
                .isEqualTo("corp");
    }

    @Test
    void theDashboardGetsATokenOfWhoeverLoggedIn() {
        Answer any = cloud.get(null, "/v3/auth/OS-FEDERATION/websso/saml2?origin=" + ORIGIN);
        assertThat(any.header("Location")).startsWith(PAGE + "&SAMLRequest=");
        Sent sent = begin(SSO + "/protocols/saml2");
        assertThat(sent.asked().issuer()).isEqualTo(US);
        assertThat(sent.asked().consumer()).isEqualTo(cloud.url + SSO + "/callback");
        assertThat(sent.asked().destination()).isEqualTo(PAGE);
        requireAnn(cloud.validate(admin, token(bring(sent, idp.signed(idp.says(sent.asked(), Map.of()), key)))));
        Sent next = begin(SSO + "/protocols/saml2");
        requireAnn(cloud.validate(admin, token(bring(next, idp.signedWhole(idp.says(next.asked(), Map.of()), key)))));
    }

    /** The provider's form comes from another site. */
    @Test
    void withHttpsTheCookieComesBackWithTheForm() {
        Answer begun = cloud.send(
                "GET",
                SSO + "/protocols/saml2/websso?origin=" + ORIGIN,
                null,
                null,
                Map.of("X-Forwarded-Proto", "https"));
        assertThat(begun.header("Set-Cookie")).contains("; SameSite=None; Secure");
        assertThat(SamlIdp.Asked.of(begun.header("Location")).consumer())
                .isEqualTo(cloud.url.replace("http:", "https:") + SSO + "/callback");
    }

    @Test
    void browsersAreSentWhereTheSettingsSayAlone() {
        assertThat(cloud.get(null, SSO + "/protocols/saml2/websso?origin=https://evil.example/")
                        .status())
                .isEqualTo(401);
        assertThat(cloud.get(null, SSO.replace("corp", "cloud") + "/protocols/saml2/websso?origin=" + ORIGIN)
                        .status())
                .isEqualTo(401);
        cloud.patch(admin, CORP, Map.of("identity_provider", Map.of("enabled", false)));
        assertThat(cloud.get(null, SSO + "/protocols/saml2/websso?origin=" + ORIGIN)
                        .status())
                .isEqualTo(403);
    }

    private void refused(Map<String, String> otherwise) {
        Sent sent = begin(SSO + "/protocols/saml2");
        assertThat(bring(sent, idp.signed(idp.says(sent.asked(), otherwise), key))
                        .status())
                .as(otherwise.toString())
                .isEqualTo(401);
    }

    @Test
    void anotherAnswerIsNone() {
        refused(Map.of("REQUEST", "_another"));
        refused(Map.of("AUDIENCE", "https://other.example/sp"));
        refused(Map.of("RECIPIENT", "https://other.example/callback"));
        refused(Map.of("DESTINATION", "https://other.example/callback"));
        refused(Map.of("ISSUER", "https://other.example/idp"));
        refused(Map.of("END", clock.instant().minusSeconds(61).toString()));
        refused(Map.of("NOW", clock.instant().plusSeconds(90).toString()));
        refused(Map.of("ID", ""));
        Sent sent = begin(SSO + "/protocols/saml2");
        String said = idp.says(sent.asked(), Map.of());
        String real = idp.signed(said, key);
        for (String document : List.of(
                said,
                idp.signed(said, other),
                idp.signedWhole(said, other),
                real.replace(">ann<", ">eve<"),
                idp.signedWhole(said, key).replace(">ann<", ">eve<"),
                idp.signed(said.replace(" InResponseTo=\"" + sent.asked().id() + "\"", ""), key),
                idp.signed(said.replaceFirst("<a:AudienceRestriction>.*</a:AudienceRestriction>", ""), key),
                idp.signed(said.replace("status:Success", "status:Responder"), key),
                "x",
                real + " ".repeat(150_000))) {
            assertThat(bring(sent, document).status()).as(document).isEqualTo(401);
        }
        token(bring(sent, real));
    }

    @Test
    void aSignedResponseLendsNothingToOneAroundIt() {
        Sent sent = begin(SSO + "/protocols/saml2");
        String said = idp.says(sent.asked(), Map.of());
        String whole = idp.signedWhole(said, key).replaceFirst("<\\?xml[^>]*>", "");
        Matcher signature =
                Pattern.compile("<Signature .*</Signature>", Pattern.DOTALL).matcher(whole);
        assertThat(signature.find()).isTrue();
        for (String around : List.of(said, said.replaceFirst(" ID=\"[^\"]*\"", " ID=\"_forged\""))) {
            for (String inside : List.of(whole, whole.replace(signature.group(), ""))) {
                String forged = around.replace(">ann<", ">eve<")
                        .replaceFirst(
                                "</a:Issuer>",
                                Matcher.quoteReplacement("</a:Issuer>" + signature.group() + "<p:Extensions>" + inside
                                        + "</p:Extensions>"));
                assertThat(bring(sent, forged).status()).as(forged).isEqualTo(401);
            }
        }
        token(bring(sent, whole));
    }

    @Test
    void anAnswerIsGoodOnceInTheBrowserThatAskedForAWhile() {
        Sent sent = begin(SSO + "/protocols/saml2");
        Sent second = begin(SSO + "/protocols/saml2");
        String real = idp.signed(idp.says(sent.asked(), Map.of()), key);
        Map<String, String> form = Map.of("SAMLResponse", base64(real), "RelayState", sent.relayState());
        assertThat(post(SSO + "/callback", form, "x=y").status()).isEqualTo(401);
        assertThat(post(SSO + "/callback", form, second.cookie()).status()).isEqualTo(401);
        assertThat(bring(second, real).status()).isEqualTo(401);
        Map<String, String> mixed = new HashMap<>(form);
        mixed.put("RelayState", second.relayState());
        assertThat(post(SSO + "/callback", mixed, sent.cookie()).status()).isEqualTo(401);
        assertThat(post(SSO.replace("corp", "cloud") + "/callback", form, sent.cookie())
                        .status())
                .isEqualTo(401);
        assertThat(post(SSO + "/callback", Map.of("RelayState", sent.relayState()), sent.cookie())
                        .status())
                .isEqualTo(401);
        assertThat(cloud.send(
                                "GET",
                                SSO + "/callback?state=" + sent.relayState() + "&SAMLResponse="
                                        + URLEncoder.encode(base64(real), StandardCharsets.UTF_8),
                                null,
                                null,
                                Map.of("Cookie", sent.cookie()))
                        .status())
                .isEqualTo(401);
        token(bring(sent, real));
        assertThat(bring(sent, real).status()).isEqualTo(401);
        clock.advance(Duration.ofMinutes(10));
        assertThat(bring(second, idp.signed(idp.says(second.asked(), Map.of()), key))
                        .status())
                .isEqualTo(401);
    }

    private String asked(String protocol) {
        Answer answer = cloud.send("GET", protocol + "/auth", null, null, ENHANCED);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(PAOS);
        return answer.response().body();
    }

    private static String element(String name, String document) {
        Matcher found =
                Pattern.compile("<ecp:" + name + " .*</ecp:" + name + ">").matcher(document);
        assertThat(found.find()).as(document).isTrue();
        return found.group();
    }

    /** As keystoneauth's v3samlpassword does it. */
    private Answer brought(String relayState, String document, String protocol) {
        String envelope = "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\""
                + " xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\""
                + " xmlns:ecp=\"urn:oasis:names:tc:SAML:2.0:profiles:SSO:ecp\"><S:Header>" + relayState
                + "</S:Header><S:Body>" + document.replaceFirst("<\\?xml[^>]*>", "") + "</S:Body></S:Envelope>";
        return cloud.send("POST", protocol + "/saml2/ecp", null, envelope, Map.of("Content-Type", PAOS));
    }

    @Test
    void anEnhancedClientAsksTheProviderItself() {
        String request = asked(PROTOCOL);
        SamlIdp.Asked asked = SamlIdp.Asked.of(request.getBytes(StandardCharsets.UTF_8));
        assertThat(asked.issuer()).isEqualTo(US);
        assertThat(asked.consumer()).isEqualTo(cloud.url + PROTOCOL + "/saml2/ecp");
        assertThat(request).contains("responseConsumerURL=\"" + asked.consumer() + "\"");
        String relayState = element("RelayState", request);
        String real = idp.signed(idp.says(asked, Map.of()), key);
        Answer issued = brought(relayState, real, PROTOCOL);
        assertThat(issued.status()).as(issued.response().body()).isEqualTo(201);
        requireAnn(cloud.validate(admin, issued.header("X-Subject-Token")));
        assertThat(brought(relayState, real, PROTOCOL).status()).isEqualTo(401);
    }

    @Test
    void theAnswerToAnotherRequestIsNone() {
        String request = asked(PROTOCOL);
        SamlIdp.Asked asked = SamlIdp.Asked.of(request.getBytes(StandardCharsets.UTF_8));
        String relayState = element("RelayState", request);
        String real = idp.signed(idp.says(asked, Map.of()), key);
        assertThat(brought("", real, PROTOCOL).status()).isEqualTo(401);
        assertThat(brought(relayState.replaceFirst(">.{9}", ">AAAAAAAAA"), real, PROTOCOL)
                        .status())
                .isEqualTo(401);
        assertThat(brought(element("RelayState", asked(PROTOCOL)), real, PROTOCOL)
                        .status())
                .isEqualTo(401);
        String elsewhere = PROTOCOL.replace("saml2", "mapped");
        String there = asked.consumer().replace("protocols/saml2", "protocols/mapped");
        String moved = idp.signed(idp.says(asked, Map.of("RECIPIENT", there, "DESTINATION", there)), key);
        assertThat(brought(relayState, moved, elsewhere).status()).isEqualTo(401);
        assertThat(brought(relayState, idp.signed(idp.says(asked, Map.of()), other), PROTOCOL)
                        .status())
                .isEqualTo(401);
        clock.advance(Duration.ofMinutes(10));
        assertThat(brought(relayState, idp.signed(idp.says(asked, Map.of()), key), PROTOCOL)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void whoCannotAskTheProviderIsNotAnswered() {
        for (Map<String, String> headers : List.of(
                Map.of("Accept", "application/json"), Map.of("Accept", PAOS), Map.of("PAOS", ENHANCED.get("PAOS")))) {
            assertThat(cloud.send("GET", PROTOCOL + "/auth", null, null, headers)
                            .status())
                    .as(headers.toString())
                    .isEqualTo(401);
        }
        assertThat(cloud.send("GET", PROTOCOL.replace("corp", "cloud") + "/auth", null, null, ENHANCED)
                        .status())
                .isEqualTo(401);
        assertThat(cloud.send("GET", PROTOCOL.replace("corp", "nowhere") + "/auth", null, null, ENHANCED)
                        .status())
                .isEqualTo(404);
    }
}

package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import io.nacre.database.Database;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser that a dashboard sends here comes back to it with a token, by way of the identity provider. */
@EveryEngine(migrations = "db/keystone")
class WebSsoTest {
    private static final String DASHBOARD = "https://Dash.example/auth/websso/";
    private static final String ORIGIN = "https://dash.example/auth/websso/";
    private static final String ANY = "/v3/auth/OS-FEDERATION/websso/openid";
    private static final String ACME = "/v3/auth/OS-FEDERATION/identity_providers/acme/protocols/openid/websso";
    private static final Pattern FORM =
            Pattern.compile("action=\"([^\"]*)\".*name=\"token\"[^>]*value=\"([^\"]*)\"", Pattern.DOTALL);

    private final MutableClock clock = new MutableClock(Instant.now());

    @TempDir
    Path keys;

    private Acme acme;
    private HttpClient browser;

    @BeforeEach
    void start(Database database) {
        acme = new Acme(
                database,
                keys,
                clock,
                List.of(
                        "federation.trusted_dashboard=" + DASHBOARD + ",https://other.example/",
                        "federation.openid.beta.issuer=https://beta.example",
                        "federation.openid.beta.client_id=nacre"));
        browser = browser();
    }

    private static HttpClient browser() {
        return HttpClient.newBuilder()
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @AfterEach
    void stop() {
        browser.close();
        acme.close();
    }

    private HttpResponse<String> visit(HttpClient by, String url) {
        try {
            return by.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> begin(String path, String origin) {
        return visit(browser, acme.cloud.url + path + "?origin=" + URLEncoder.encode(origin, StandardCharsets.UTF_8));
    }

    private static String next(HttpResponse<String> from) {
        assertThat(from.statusCode()).as(from.body()).isEqualTo(302);
        return from.headers().firstValue("Location").orElseThrow();
    }

    private static Map<String, String> query(String url) {
        return Arrays.stream(URI.create(url).getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    /** What the provider says of whoever logs in next. */
    private void says(Map<String, Object> claims) {
        claims.remove("aud");
        acme.provider.enqueueCallback(new DefaultOAuth2TokenCallback(
                "acme",
                String.valueOf(claims.remove("sub")),
                JOSEObjectType.JWT.getType(),
                List.of(Acme.CLIENT),
                claims,
                600));
    }

    /** Where the provider sends the browser back to. */
    private String answered(String path) {
        says(Acme.claims("s-1", "ann"));
        return next(visit(browser, next(begin(path, ORIGIN))));
    }

    private static Matcher form(HttpResponse<String> page) {
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        Matcher form = FORM.matcher(page.body());
        assertThat(form.find()).as(page.body()).isTrue();
        return form;
    }

    @Test
    void theDashboardGetsATokenOfWhoeverLoggedIn() {
        for (String path : List.of(ANY, ACME)) {
            HttpResponse<String> begun = begin(path, ORIGIN);
            Map<String, String> asked = query(next(begun));
            assertThat(next(begun)).startsWith(acme.issuer + "/authorize?");
            assertThat(asked)
                    .containsEntry("response_type", "code")
                    .containsEntry("client_id", Acme.CLIENT)
                    .containsEntry("scope", "openid email profile")
                    .containsEntry("code_challenge_method", "S256")
                    .containsKeys("state", "nonce", "code_challenge");
            assertThat(begun.headers().firstValue("Set-Cookie").orElse(""))
                    .contains("HttpOnly", "SameSite=Lax", "Max-Age=600")
                    .doesNotContain(asked.get("state"), asked.get("nonce"));
            String back = answered(path);
            assertThat(back).startsWith(acme.cloud.url + "/v3/auth/OS-FEDERATION/identity_providers/acme/callback?");
            HttpResponse<String> page = visit(browser, back);
            Matcher form = form(page);
            assertThat(form.group(1)).isEqualTo(ORIGIN);
            assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
            KeystoneServer.Answer token = acme.cloud.validate(acme.admin, form.group(2));
            assertThat(token.json().at("/token/user/name").asString()).isEqualTo("ann");
            assertThat(token.json().at("/token/user/OS-FEDERATION/groups/0/id").asString())
                    .isEqualTo(acme.group);
            assertThat(acme.scoped(form.group(2), Map.of("project", Map.of("id", acme.blue)))
                            .status())
                    .isEqualTo(201);
            assertThat(visit(browser, back).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void theUserSaysWhichOfSeveralProviders() {
        String beta = Acme.PATH.replace("acme", "beta");
        acme.cloud.put(
                acme.admin,
                beta,
                Map.of("identity_provider", Map.of("enabled", true, "description", "<b>Beta</b> & \"sons\"")));
        next(begin(ANY, ORIGIN));
        acme.cloud.put(acme.admin, beta + "/protocols/openid", Map.of("protocol", Map.of("mapping_id", "map")));
        HttpResponse<String> page = begin(ANY, ORIGIN);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(page.body()).contains(">&lt;b&gt;Beta&lt;/b&gt; &amp; &quot;sons&quot;</a>");
        Matcher link = Pattern.compile("href=\"([^\"]*)\">acme<").matcher(page.body());
        assertThat(link.find()).as(page.body()).isTrue();
        assertThat(link.group(1)).startsWith(acme.cloud.url + ACME + "?origin=");
        assertThat(next(visit(browser, link.group(1)))).startsWith(acme.issuer + "/authorize?");
        assertThat(begin(ANY, "https://evil.example/").statusCode()).isEqualTo(401);
        acme.cloud.patch(acme.admin, beta, Map.of("identity_provider", Map.of("enabled", false)));
        next(begin(ANY, ORIGIN));
    }

    @Test
    void nobodyElseGetsOne() {
        for (String origin : List.of(
                "https://evil.example/",
                DASHBOARD + "x",
                "https://dash.example/auth/websso",
                "https://dash.example.evil.example/auth/websso/",
                DASHBOARD)) {
            assertThat(begin(ACME, origin).statusCode()).as(origin).isEqualTo(401);
            assertThat(begin(ANY, origin).statusCode()).as(origin).isEqualTo(401);
        }
        assertThat(visit(browser, acme.cloud.url + ACME).statusCode()).isEqualTo(400);
        assertThat(begin(ACME.replace("acme", "other"), ORIGIN).statusCode()).isEqualTo(404);
        assertThat(begin(ACME.replace("openid", "saml2"), ORIGIN).statusCode()).isEqualTo(404);
        assertThat(begin(ANY.replace("openid", "saml2"), ORIGIN).statusCode()).isEqualTo(401);
        acme.cloud.patch(acme.admin, Acme.PATH, Map.of("identity_provider", Map.of("enabled", false)));
        assertThat(begin(ACME, ORIGIN).statusCode()).isEqualTo(403);
        assertThat(begin(ANY, ORIGIN).statusCode()).isEqualTo(401);
    }

    @Test
    void anAnswerIsGoodInTheBrowserThatAskedAlone() {
        String back = answered(ACME);
        try (HttpClient other = browser()) {
            assertThat(visit(other, back).statusCode()).isEqualTo(401);
            assertThat(next(visit(other, acme.cloud.url + ACME + "?origin=" + ORIGIN)))
                    .isNotEmpty();
            assertThat(visit(other, back).statusCode()).isEqualTo(401);
        }
        String state = query(back).get("state");
        assertThat(visit(browser, back.replace(state, state.substring(0, 20) + "x".repeat(23)))
                        .statusCode())
                .isEqualTo(401);
        assertThat(visit(browser, back.replace("/acme/", "/other/")).statusCode())
                .isEqualTo(401);
        assertThat(visit(browser, back + "&iss=https%3A%2F%2Fevil.example").statusCode())
                .isEqualTo(401);
        form(visit(browser, back));
        String late = answered(ACME);
        clock.advance(Duration.ofMinutes(10));
        assertThat(visit(browser, late).statusCode()).isEqualTo(401);
    }

    @Test
    void whatTheProviderDoesNotConfirmIsNoLogin() {
        String begun = next(begin(ACME, ORIGIN));
        String state = query(begun).get("state");
        String callback = query(begun).get("redirect_uri");
        assertThat(visit(browser, callback + "?state=" + state + "&error=access_denied")
                        .statusCode())
                .isEqualTo(401);
        assertThat(visit(browser, callback + "?state=" + state + "&code=guessed")
                        .statusCode())
                .isEqualTo(401);
        assertThat(visit(browser, callback + "?code=guessed").statusCode()).isEqualTo(401);
        assertThat(visit(browser, callback + "?state=short&code=guessed").statusCode())
                .isEqualTo(401);
        // The code of one login in the answer to another: its challenge and nonce are others.
        String victim = answered(ACME);
        assertThat(visit(
                                browser,
                                callback + "?state=" + state + "&code="
                                        + query(victim).get("code"))
                        .statusCode())
                .isEqualTo(401);
    }
}

package io.nacre.keystone.federation;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.auth.Login;
import io.nacre.keystone.fernet.Sealing;
import io.nacre.keystone.identityprovider.IdentityProvider;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * API reference "OS-FEDERATION", web single sign-on: a dashboard sends a browser here, it goes on to the identity
 * provider and comes back with a code (OpenID Connect Core, 3.1; RFC 7636) or a form (SAML 2.0 profiles, 4.1), and the
 * dashboard gets a token.
 */
public final class WebSsoApi {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String COOKIE = "nacre_sso_";
    private static final String PATH = "/v3/auth/OS-FEDERATION";
    private static final int COOKIE_NAME_LENGTH = 16;

    private final FederatedLogin login;
    private final BrowserProviders providers;
    private final FederationConfig config;
    private final CallbackPage page;
    private final Sealing sealing;
    private final RandomGenerator random;
    private final InstantSource clock;

    public WebSsoApi(
            FederatedLogin login,
            BrowserProviders providers,
            FederationConfig config,
            Sealing sealing,
            RandomGenerator random,
            InstantSource clock) {
        this.login = login;
        this.providers = providers;
        this.config = config;
        this.page = new CallbackPage(config.ssoCallbackTemplate());
        this.sealing = sealing;
        this.random = random;
        this.clock = clock;
    }

    public List<Route> routes() {
        String any = PATH + "/websso/{protocol_id}";
        String one = PATH + "/identity_providers/{idp_id}/protocols/{protocol_id}/websso";
        String callback = PATH + "/identity_providers/{idp_id}/callback";
        String form = "application/x-www-form-urlencoded";
        return List.of(
                Route.get(any).open().to(this::begin),
                Route.post(any).open().media(form).to(this::begin),
                Route.get(one).open().to(this::beginWith),
                Route.post(one).open().media(form).to(this::beginWith),
                Route.get(callback).open().to(this::finishWithCode),
                Route.post(callback).open().media(form).to(this::finishWithForm));
    }

    private Response begin(Request request) {
        String origin = origin(request);
        String protocolId = request.param("protocol_id");
        List<IdentityProvider> possible = login.speakers(providers.ids(), protocolId);
        return switch (possible.size()) {
            case 0 ->
                throw Fault.unauthenticated(
                        "No identity provider that browsers can be sent to speaks " + protocolId + ".");
            case 1 -> begin(request, possible.getFirst().id(), protocolId, origin);
            default -> choice(request, possible, protocolId, origin);
        };
    }

    /** Before the login only the user can tell. */
    private static Response choice(Request request, List<IdentityProvider> possible, String protocolId, String origin) {
        Map<String, String> names = new LinkedHashMap<>();
        for (IdentityProvider one : possible) {
            String name = one.description() == null || one.description().isBlank() ? one.id() : one.description();
            names.put(
                    path(request, one.id()) + "/protocols/" + encoded(protocolId) + "/websso?origin=" + encoded(origin),
                    name);
        }
        return html(ChoicePage.of(names));
    }

    private Response beginWith(Request request) {
        return begin(request, request.param("idp_id"), request.param("protocol_id"), origin(request));
    }

    /** Only a dashboard that the operator has named gets tokens. */
    private String origin(Request request) {
        String origin = request.query().get("origin");
        if (origin == null || origin.isEmpty()) {
            throw Fault.invalid("Request must have an origin query parameter");
        }
        if (!config.trusts(origin)) {
            throw Fault.unauthenticated(origin + " is not a trusted dashboard host");
        }
        return origin;
    }

    private Response begin(Request request, String providerId, String protocolId, String origin) {
        login.requireEnabled(providerId, protocolId);
        BrowserProvider provider = provider(providerId);
        Instant end = clock.instant().plus(PATIENCE);
        BrowserLogin begun =
                new BrowserLogin(secret(), secret(), secret(), providerId, protocolId, origin, end.getEpochSecond());
        return Response.empty(302)
                .header("Location", provider.loginPage(begun, callback(request, providerId)))
                .header("Cache-Control", "no-store")
                .header("Set-Cookie", cookie(request, begun.state(), begun.sealed(sealing), PATIENCE, provider));
    }

    private BrowserProvider provider(String id) {
        return providers.find(id).orElseThrow(() -> FederatedLogin.unknown(id));
    }

    private String secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String callback(Request request, String providerId) {
        return path(request, providerId) + "/callback";
    }

    private static String path(Request request, String providerId) {
        return request.baseUrl() + PATH + "/identity_providers/" + encoded(providerId);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** With a form of another site browsers send it only when it says so, which they let it do with HTTPS alone. */
    private static String cookie(Request request, String state, String value, Duration age, BrowserProvider provider) {
        boolean secure = request.baseUrl().startsWith("https:");
        String sites = provider.answersByForm() ? (secure ? "; SameSite=None" : "") : "; SameSite=Lax";
        return COOKIE + state.substring(0, COOKIE_NAME_LENGTH) + "=" + value + "; Path=" + PATH + "; Max-Age="
                + age.toSeconds() + "; HttpOnly" + sites + (secure ? "; Secure" : "");
    }

    private Response finishWithCode(Request request) {
        return finish(request, false, "state", request.query()::get);
    }

    private Response finishWithForm(Request request) {
        JsonNode form = request.hasBody() ? request.json() : Json.object();
        return finish(
                request,
                true,
                "RelayState",
                name -> form.has(name) ? form.get(name).asString() : null);
    }

    private Response finish(
            Request request, boolean byForm, String stateName, Function<String, @Nullable String> answer) {
        String providerId = request.param("idp_id");
        BrowserProvider provider = provider(providerId);
        String state = answer.apply(stateName);
        if (provider.answersByForm() != byForm || state == null || state.length() <= COOKIE_NAME_LENGTH) {
            throw Authorizations.denied();
        }
        BrowserLogin begun = BrowserLogin.opened(sealing, kept(request, state), providerId, state, clock.instant());
        if (!config.trusts(begun.origin())) {
            throw Authorizations.denied();
        }
        Login.Issued issued = login.login(
                providerId, begun.protocolId(), provider.assertion(answer, begun, callback(request, providerId)));
        return html(page.of(begun.origin(), issued.text()))
                .header("Set-Cookie", cookie(request, state, "", Duration.ZERO, provider));
    }

    /** Nobody keeps it, hears of it or frames it. */
    private static Response html(String page) {
        return Response.bytes(200, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8))
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .header("Content-Security-Policy", "frame-ancestors 'none'");
    }

    /** Some clients put it into quotes, as RFC 6265 lets them. */
    private static @Nullable String kept(Request request, String state) {
        String start = COOKIE + state.substring(0, COOKIE_NAME_LENGTH) + "=";
        return request.headers().stream()
                .filter(header -> header.is("Cookie"))
                .flatMap(header ->
                        Arrays.stream(String.valueOf(header.getValue()).split(";")))
                .map(String::strip)
                .filter(pair -> pair.startsWith(start))
                .map(pair -> pair.substring(start.length()).replace("\"", ""))
                .findFirst()
                .orElse(null);
    }
}

package io.nacre.keystone.federation;

import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.auth.Login;
import io.nacre.keystone.auth.TokenView;
import io.nacre.keystone.saml.consumer.SamlLoginApi;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * API reference "OS-FEDERATION", request an unscoped token: for whom an OpenID Connect access token is about. A client of
 * a SAML identity provider is told what to ask it.
 */
public final class FederatedAuthApi {
    private static final String BEARER = "bearer ";

    private final FederatedLogin login;
    private final OpenIdProviders providers;
    private final SamlLoginApi saml;
    private final TokenView view;

    public FederatedAuthApi(FederatedLogin login, OpenIdProviders providers, SamlLoginApi saml, TokenView view) {
        this.login = login;
        this.providers = providers;
        this.saml = saml;
        this.view = view;
    }

    public List<Route> routes() {
        String path = "/v3/OS-FEDERATION/identity_providers/{idp_id}/protocols/{protocol_id}/auth";
        return List.of(
                Route.get(path).open().to(this::authenticate),
                Route.post(path)
                        .open()
                        .media("application/x-www-form-urlencoded")
                        .to(this::authenticate));
    }

    private Response authenticate(Request request) {
        String providerId = request.param("idp_id");
        String protocolId = request.param("protocol_id");
        login.requireEnabled(providerId, protocolId);
        Optional<OpenIdProvider> provider = providers.find(providerId);
        if (provider.isEmpty()) {
            return saml.ask(request);
        }
        Login.Issued issued = login.login(
                providerId, protocolId, OpenIdClaims.assertion(provider.get().claimsOfAccessToken(bearer(request))));
        return Response.bytes(201, "application/json", view.fresh(issued.authorization()))
                .header("X-Subject-Token", issued.text());
    }

    private static String bearer(Request request) {
        String sent = request.header("Authorization");
        if (sent == null || !sent.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw Authorizations.denied();
        }
        return sent.substring(BEARER.length()).strip();
    }
}

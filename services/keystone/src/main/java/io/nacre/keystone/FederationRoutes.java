package io.nacre.keystone;

import io.nacre.http.Route;
import io.nacre.keystone.auth.TokenView;
import io.nacre.keystone.federation.BrowserProviders;
import io.nacre.keystone.federation.FederatedAuthApi;
import io.nacre.keystone.federation.FederatedLogin;
import io.nacre.keystone.federation.OpenIdProviders;
import io.nacre.keystone.federation.ShadowUsers;
import io.nacre.keystone.federation.WebSsoApi;
import io.nacre.keystone.identityprovider.IdentityProviderApi;
import io.nacre.keystone.identityprovider.ProtocolApi;
import io.nacre.keystone.mapping.MappingApi;
import io.nacre.keystone.saml.SamlApi;
import io.nacre.keystone.saml.SigningKey;
import io.nacre.keystone.saml.consumer.SamlLoginApi;
import io.nacre.keystone.saml.consumer.SamlPeers;
import io.nacre.keystone.serviceprovider.ServiceProviderApi;
import java.util.List;
import java.util.stream.Stream;

/** Users of other identity providers: who is trusted, what their word means here, how they log in; and the other way round. */
final class FederationRoutes {
    private FederationRoutes() {}

    static Stream<Route> of(Parts of, Authentication authentication, TokenView view) {
        Stores in = of.stores;
        ShadowUsers shadows = new ShadowUsers(
                new ShadowUsers.Stores(
                        in.federatedUsers, in.users, in.groups, in.expiring, in.projects, in.roles, in.grants),
                of.revocations,
                of.ids,
                of.clock);
        FederatedLogin federated = new FederatedLogin(
                of.transactions,
                new FederatedLogin.Stores(in.identityProviders, in.protocols, in.mappings),
                shadows,
                authentication.login,
                of.config.federation().remoteIdAttribute());
        OpenIdProviders openId = new OpenIdProviders(of.config.federation().openid(), of.clock);
        SamlPeers saml = new SamlPeers(
                of.config.federation().saml(), new SigningKey(of.config.saml()), of.transactions, of.clock);
        SamlLoginApi samlLogin = new SamlLoginApi(saml, federated, view, in.sealing, of.ids, of.clock);
        return Stream.of(
                        new IdentityProviderApi(of.transactions, in.identityProviders, in.projects, of.removals, of.ids)
                                .routes(),
                        new ProtocolApi(of.transactions, in.identityProviders, in.protocols, in.mappings, of.removals)
                                .routes(),
                        new MappingApi(of.transactions, in.mappings).routes(),
                        new FederatedAuthApi(federated, openId, samlLogin, view).routes(),
                        samlLogin.routes(),
                        new WebSsoApi(
                                        federated,
                                        new BrowserProviders(openId, saml),
                                        of.config.federation(),
                                        in.sealing,
                                        of.ids.random(),
                                        of.clock)
                                .routes(),
                        new ServiceProviderApi(
                                        of.transactions,
                                        in.serviceProviders,
                                        of.revocations,
                                        of.config.saml().relayStatePrefix())
                                .routes(),
                        new SamlApi(
                                        of.transactions,
                                        new SamlApi.Stores(in.serviceProviders, in.groups, in.projects),
                                        authentication.tokens,
                                        of.config.saml(),
                                        of.ids,
                                        of.clock)
                                .routes())
                .flatMap(List::stream);
    }
}

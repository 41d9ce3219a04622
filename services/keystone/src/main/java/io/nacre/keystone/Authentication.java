package io.nacre.keystone;

import io.nacre.cache.Cache;
import io.nacre.contracts.peer.Identity;
import io.nacre.http.Route;
import io.nacre.keystone.auth.AuthApi;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.auth.Callers;
import io.nacre.keystone.auth.ClientCertificates;
import io.nacre.keystone.auth.Drafts;
import io.nacre.keystone.auth.Factors;
import io.nacre.keystone.auth.Lent;
import io.nacre.keystone.auth.Login;
import io.nacre.keystone.auth.Methods;
import io.nacre.keystone.auth.ScopeApi;
import io.nacre.keystone.auth.ServiceTokens;
import io.nacre.keystone.auth.TokenView;
import io.nacre.keystone.auth.ValidTokens;
import io.nacre.keystone.auth.Vouching;
import io.nacre.keystone.catalog.Catalog;
import io.nacre.keystone.credential.SignatureApi;
import io.nacre.keystone.credential.Totp;
import io.nacre.keystone.fernet.KeyRepository;
import io.nacre.keystone.jws.JwsKeys;
import io.nacre.keystone.keyfile.KeyRotation;
import io.nacre.keystone.keyfile.RotatingKeys;
import io.nacre.keystone.limit.ProjectLimits;
import io.nacre.keystone.oauth.AccessTokens;
import io.nacre.keystone.oauth2.CertificateLogin;
import io.nacre.keystone.oauth2.ClientCredentialsApi;
import io.nacre.keystone.revocation.RevocationApi;
import io.nacre.keystone.token.Receipts;
import io.nacre.keystone.token.TokenProvider;
import io.nacre.keystone.token.Tokens;
import io.nacre.keystone.trust.ExpiredTrusts;
import io.nacre.keystone.version.GoneApi;
import io.nacre.keystone.version.VersionApi;
import io.nacre.tasks.Reconciler;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How tokens are made, checked and ended. */
final class Authentication {
    final ValidTokens tokens;
    final Login login;

    private final Parts of;
    private final ClientCertificates certificates;
    private final List<RotatingKeys> keys;

    /** @param cache for what a token stands for */
    Authentication(Parts of, Cache cache) {
        this.of = of;
        KeystoneConfig config = of.config;
        certificates = new ClientCertificates(config.oauth2().clientCertificateHeader());
        Stores in = of.stores;
        KeyRepository receiptKeys = keys(config.receiptKeys());
        Tokens written;
        if (config.tokenProvider() == TokenProvider.JWS) {
            JwsKeys tokenKeys = new JwsKeys(config.tokenKeys(), config.maxActiveKeys(), of.clock);
            written = Tokens.signed(tokenKeys, of.ids.random());
            keys = List.of(tokenKeys, receiptKeys);
        } else {
            KeyRepository tokenKeys = keys(config.tokenKeys());
            written = Tokens.sealed(tokenKeys, of.ids.random());
            keys = List.of(tokenKeys, receiptKeys);
        }
        Authorizations authorizations = new Authorizations(
                in.users,
                in.projects,
                of.effective,
                in.roles,
                in.trusts,
                new Lent(in.applicationCredentials, in.oauthTokens, in.roles),
                of.revocations,
                new Vouching(in.identityProviders, in.protocols));
        Drafts drafts = new Drafts(of.memory, authorizations);
        tokens = new ValidTokens(
                of.transactions,
                written,
                drafts,
                of.revocations,
                config.allowExpiredWindow(),
                config.rememberedTokens(),
                cache,
                of.clock);
        Methods methods = new Methods(
                of.memory,
                new Methods.Stores(in.users, in.projects, in.applicationCredentials),
                new Methods.Logins(of.passwordLogins, of.directories.logins()),
                of.passwords,
                new Totp(of.transactions, in.credentials, config.auth().includedPreviousWindows(), of.clock),
                new AccessTokens(of.transactions, in.consumers, in.oauthTokens, of.clock),
                tokens);
        Factors factors = new Factors(
                methods,
                of.memory,
                in.users,
                in.projects,
                new Receipts(receiptKeys, of.ids.random()),
                config.auth().receiptExpiration());
        login = new Login(
                of.memory,
                new Login.Stores(in.users, in.projects, in.trusts, of.effective),
                factors,
                drafts,
                written,
                config.tokenLifetime());
    }

    private KeyRepository keys(Path directory) {
        return new KeyRepository(directory, of.config.maxActiveKeys(), of.ids.random(), of.clock);
    }

    Stream<Route> routes(TokenView view) {
        Stores in = of.stores;
        return Stream.of(
                        new VersionApi().routes(),
                        new GoneApi().routes(),
                        new AuthApi(of.transactions, login, tokens, of.revocations, view).routes(),
                        new SignatureApi(
                                        of.transactions,
                                        in.credentials,
                                        login,
                                        view,
                                        of.config.auth().authTtl(),
                                        of.clock)
                                .routes(),
                        new ClientCredentialsApi(
                                        login,
                                        new CertificateLogin(
                                                of.transactions,
                                                new CertificateLogin.Stores(in.users, in.projects, in.mappings),
                                                login,
                                                of.config.oauth2().certDnMappingId()),
                                        certificates)
                                .routes(),
                        new ScopeApi(of.transactions, of.effective, in.projects, in.users, tokens).routes(),
                        new RevocationApi(of.transactions, in.revocations).routes())
                .flatMap(List::stream);
    }

    Identity peer() {
        return new KeystonePeer(
                new Callers(tokens, certificates),
                new ServiceTokens(of.transactions, of.stores.users, of.stores.projects, login, tokens, of.clock),
                of.stores.projects,
                new Catalog(of.stores.services, of.stores.endpoints, of.endpointFilters),
                new ProjectLimits(of.stores.services, of.stores.registeredLimits, of.stores.limits));
    }

    List<Reconciler> reconcilers() {
        Reconciler trusts =
                new ExpiredTrusts(of.transactions, of.stores.trusts, of.config.allowExpiredWindow(), of.clock);
        return of.config.keyRotation().isZero()
                ? List.of(trusts)
                : List.of(trusts, new KeyRotation(keys, of.config.keyRotation()));
    }

    void rotateKeys() {
        keys.forEach(RotatingKeys::rotate);
    }
}

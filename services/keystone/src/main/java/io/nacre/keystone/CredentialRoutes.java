package io.nacre.keystone;

import io.nacre.http.Route;
import io.nacre.keystone.applicationcredential.AccessRuleApi;
import io.nacre.keystone.applicationcredential.ApplicationCredentialApi;
import io.nacre.keystone.auth.ValidTokens;
import io.nacre.keystone.credential.CredentialApi;
import io.nacre.keystone.credential.Ec2CredentialApi;
import io.nacre.keystone.oauth.AccessTokenApi;
import io.nacre.keystone.oauth.ConsentApi;
import io.nacre.keystone.oauth.ConsumerApi;
import io.nacre.keystone.trust.Delegation;
import io.nacre.keystone.trust.TrustApi;
import java.util.List;
import java.util.stream.Stream;

/** What a user makes for programs: application credentials, keys to sign with, trusts, access tokens. */
final class CredentialRoutes {
    private CredentialRoutes() {}

    static Stream<Route> of(Parts of, ValidTokens tokens) {
        Stores in = of.stores;
        Delegation delegation = new Delegation(
                of.transactions,
                new Delegation.Stores(in.trusts, in.users, in.projects, in.roles),
                of.effective,
                of.ids,
                of.clock);
        return Stream.of(
                        new ApplicationCredentialApi(
                                        of.transactions,
                                        in.applicationCredentials,
                                        in.roles,
                                        of.passwords,
                                        tokens,
                                        of.revocations,
                                        of.ids,
                                        of.clock)
                                .routes(),
                        new AccessRuleApi(of.transactions, in.applicationCredentials).routes(),
                        new CredentialApi(of.transactions, of.listings, in.credentials, tokens, of.ids).routes(),
                        new Ec2CredentialApi(of.transactions, in.credentials, in.users, in.projects, tokens, of.ids)
                                .routes(),
                        new TrustApi(of.transactions, in.trusts, in.roles, delegation, tokens, of.revocations).routes(),
                        new ConsumerApi(of.transactions, in.consumers, in.oauthTokens, of.revocations, of.ids).routes(),
                        new ConsentApi(
                                        of.transactions,
                                        new ConsentApi.Stores(in.consumers, in.oauthTokens, in.projects, in.roles),
                                        of.effective,
                                        tokens,
                                        of.config.oauth1(),
                                        of.ids,
                                        of.clock)
                                .routes(),
                        new AccessTokenApi(of.transactions, in.oauthTokens, in.roles, tokens, of.revocations).routes())
                .flatMap(List::stream);
    }
}

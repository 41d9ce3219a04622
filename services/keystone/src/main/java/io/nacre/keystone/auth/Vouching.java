package io.nacre.keystone.auth;

import io.nacre.base.Tx;
import io.nacre.keystone.assignment.EffectiveRoles;
import io.nacre.keystone.identityprovider.IdentityProvider;
import io.nacre.keystone.identityprovider.IdentityProviderStore;
import io.nacre.keystone.identityprovider.ProtocolStore;
import io.nacre.keystone.token.Token;

/** What the word of an identity provider is worth in a token, for as long as the provider is trusted. */
public final class Vouching {
    private final IdentityProviderStore providers;
    private final ProtocolStore protocols;

    public Vouching(IdentityProviderStore providers, ProtocolStore protocols) {
        this.providers = providers;
        this.protocols = protocols;
    }

    /**
     * The roles of the token's user, those of the groups that the provider named included. Faults with UNAUTHENTICATED
     * when the provider is gone or disabled, or does not speak that protocol any more.
     */
    EffectiveRoles roles(Tx tx, Token token, EffectiveRoles effective) {
        Token.Federation federation = token.federation();
        if (federation == null) {
            return effective;
        }
        boolean trusted = providers
                .find(tx, federation.identityProviderId())
                .filter(IdentityProvider::enabled)
                .flatMap(provider -> protocols.find(tx, provider.id(), federation.protocolId()))
                .isPresent();
        if (!trusted) {
            throw Authorizations.denied();
        }
        return effective.in(federation.groupIds());
    }
}

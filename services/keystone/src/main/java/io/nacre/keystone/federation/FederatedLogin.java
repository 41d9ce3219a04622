package io.nacre.keystone.federation;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.auth.Login;
import io.nacre.keystone.identityprovider.IdentityProvider;
import io.nacre.keystone.identityprovider.IdentityProviderStore;
import io.nacre.keystone.identityprovider.Protocol;
import io.nacre.keystone.identityprovider.ProtocolStore;
import io.nacre.keystone.mapping.Mapping;
import io.nacre.keystone.mapping.MappingStore;
import io.nacre.keystone.mapping.rule.Assertion;
import io.nacre.keystone.mapping.rule.Mapped;
import io.nacre.keystone.mapping.rule.Rules;
import io.nacre.keystone.token.Token;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a token of what an identity provider says of somebody. What it says must have been proved before. */
public final class FederatedLogin {
    /** The attribute that names somebody when the mapping does not. */
    public static final String REMOTE_USER = "REMOTE_USER";

    private final Transactions transactions;
    private final Stores stores;
    private final ShadowUsers shadows;
    private final Login login;
    private final @Nullable String remoteIdAttribute;

    /** Where it looks up how words are to be taken. */
    public record Stores(IdentityProviderStore providers, ProtocolStore protocols, MappingStore mappings) {}

    /** @param remoteIdAttribute the attribute that tells which provider speaks, for protocols that name none */
    public FederatedLogin(
            Transactions transactions,
            Stores stores,
            ShadowUsers shadows,
            Login login,
            @Nullable String remoteIdAttribute) {
        this.transactions = transactions;
        this.stores = stores;
        this.shadows = shadows;
        this.login = login;
        this.remoteIdAttribute = remoteIdAttribute;
    }

    /** What to say when the settings do not tell how an identity provider is reached. */
    public static FaultException unknown(String providerId) {
        return Fault.unauthenticated("The request you have made requires authentication. Nothing is known here of how "
                + providerId + " vouches.");
    }

    /** Faults with NOT_FOUND or FORBIDDEN when there is no such provider or protocol, or it is disabled. */
    public void requireEnabled(String providerId, String protocolId) {
        transactions.read(tx -> trusted(tx, providerId, protocolId));
    }

    /** Which of the providers are enabled and speak the protocol. */
    List<IdentityProvider> speakers(Collection<String> providerIds, String protocolId) {
        return transactions.read(tx -> providerIds.stream()
                .sorted()
                .flatMap(id -> stores.providers().find(tx, id).stream())
                .filter(provider -> provider.enabled()
                        && stores.protocols()
                                .find(tx, provider.id(), protocolId)
                                .isPresent())
                .toList());
    }

    private Trusted trusted(Tx tx, String providerId, String protocolId) {
        IdentityProvider provider = stores.providers().require(tx, providerId);
        if (!provider.enabled()) {
            throw Fault.forbidden("Identity Provider " + providerId + " is disabled");
        }
        Protocol protocol = stores.protocols().require(tx, providerId, protocolId);
        return new Trusted(provider, protocol, stores.mappings().require(tx, protocol.mappingId()));
    }

    /** An unscoped token for whom the assertion is about. */
    public Login.Issued login(String providerId, String protocolId, Assertion assertion) {
        Trusted trusted = transactions.read(tx -> trusted(tx, providerId, protocolId));
        requireSpeaker(trusted.provider(), trusted.protocol(), assertion);
        Mapped mapped = apply(trusted.mapping(), assertion);
        if (mapped.user().local()) {
            return login.vouchedFor(transactions.read(tx -> shadows.local(tx, mapped.user())), protocolId, null);
        }
        ShadowUsers.Shadow shadow = transactions.write(tx -> {
            stores.protocols().require(tx, providerId, protocolId);
            return shadows.of(tx, trusted.provider(), protocolId, mapped, assertion.only(REMOTE_USER));
        });
        return login.vouchedFor(
                shadow.userId(), protocolId, new Token.Federation(providerId, protocolId, shadow.groupIds()));
    }

    /** Who speaks, and how that is to be taken. That they are still trusted is checked again as the token is made. */
    private record Trusted(IdentityProvider provider, Protocol protocol, Mapping mapping) {}

    /** What cannot be mapped is nobody; which mapping it was is nothing for the one who asks. */
    private static Mapped apply(Mapping mapping, Assertion assertion) {
        try {
            return Rules.of(mapping.schemaVersion(), mapping.rules()).apply(assertion);
        } catch (FaultException e) {
            throw e.is(Fault.Kind.INVALID) ? Authorizations.denied(e) : e;
        }
    }

    private void requireSpeaker(IdentityProvider provider, Protocol protocol, Assertion assertion) {
        String attribute = protocol.remoteIdAttribute() == null ? remoteIdAttribute : protocol.remoteIdAttribute();
        if (attribute == null || provider.remoteIds().isEmpty()) {
            return;
        }
        String speaker = assertion.only(attribute);
        if (speaker == null) {
            throw Authorizations.denied();
        }
        if (!provider.remoteIds().contains(speaker)) {
            throw Fault.forbidden("Incoming identity provider identifier not included among the accepted identifiers.");
        }
    }
}

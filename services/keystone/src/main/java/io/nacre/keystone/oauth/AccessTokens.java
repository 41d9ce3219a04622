package io.nacre.keystone.oauth;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import java.time.InstantSource;

/** Logging in with an access token. */
public final class AccessTokens {
    private final Transactions transactions;
    private final ConsumerStore consumers;
    private final OAuthTokenStore tokens;
    private final InstantSource clock;

    public AccessTokens(
            Transactions transactions, ConsumerStore consumers, OAuthTokenStore tokens, InstantSource clock) {
        this.transactions = transactions;
        this.consumers = consumers;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** The one that the request is signed with. Only the consumer that it was given to can use it. */
    public AccessToken proved(SignedRequest signed) {
        String id = signed.required("oauth_token");
        signed.requireWellFormed(clock.instant());
        return transactions.read(tx -> {
            AccessToken token = tokens.requireAccess(tx, id);
            if (token.isExpired(clock.instant())) {
                throw Fault.unauthenticated("Access token is expired");
            }
            boolean right = token.consumerId().equals(signed.parameter("oauth_consumer_key"))
                    && consumers
                            .secret(tx, token.consumerId())
                            .filter(secret -> signed.isSignedWith(secret, tokens.accessSecret(tx, id)))
                            .isPresent();
            if (!right) {
                throw Fault.unauthenticated("Could not validate the access token");
            }
            return token;
        });
    }
}

package io.nacre.keystone.oauth;

import io.nacre.config.Doc;
import java.time.Duration;

/** Options of [keystone.oauth1]. */
public record OAuthConfig(
        @Doc("How long a user has to authorize a request token. \"0s\" for as long as they like.")
        Duration requestTokenDuration,

        @Doc("For how long a consumer may log in with an access token. \"0s\" for ever.")
        Duration accessTokenDuration) {

    public static final OAuthConfig DEFAULT = new OAuthConfig(Duration.ofHours(8), Duration.ofHours(24));

    public OAuthConfig {
        if (requestTokenDuration.isNegative() || accessTokenDuration.isNegative()) {
            throw new IllegalArgumentException("request_token_duration and access_token_duration must not be negative");
        }
    }
}

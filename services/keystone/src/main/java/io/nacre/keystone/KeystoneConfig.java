package io.nacre.keystone;

import io.nacre.config.Doc;
import io.nacre.keystone.audit.NotificationConfig;
import io.nacre.keystone.auth.AuthConfig;
import io.nacre.keystone.directory.IdentityConfig;
import io.nacre.keystone.endpointfilter.EndpointFilterConfig;
import io.nacre.keystone.federation.FederationConfig;
import io.nacre.keystone.limit.LimitModel;
import io.nacre.keystone.oauth.OAuthConfig;
import io.nacre.keystone.oauth2.OAuth2Config;
import io.nacre.keystone.password.ComplianceConfig;
import io.nacre.keystone.password.PasswordConfig;
import io.nacre.keystone.saml.SamlConfig;
import io.nacre.keystone.saml.consumer.SamlPeerConfig;
import io.nacre.keystone.token.TokenProvider;
import java.nio.file.Path;
import java.time.Duration;

/** Options of [keystone]. */
@Doc("Identity: users, projects, roles, tokens and the service catalog.")
public record KeystoneConfig(
        @Doc("Directory of the keys that seal tokens and credentials; controllers share it. Made when it is not there.")
        Path keyRepository,

        @Doc(
                "What tokens are: \"fernet\" for sealed ones, \"jws\" for signed ones, which are longer and anybody can read;"
                        + " they are good until the other is chosen.")
        TokenProvider tokenProvider,

        @Doc("For how long a token is good.") Duration tokenLifetime,

        @Doc("For how long after its end a service may still ask what a token was, for work that takes long.")
        Duration allowExpiredWindow,

        @Doc("How many keys a rotation leaves, the staged one included.")
        int maxActiveKeys,

        @Doc(
                "How often the keys of tokens are rotated; \"0s\" for only when an operator does it. Tokens outlive a rotation"
                        + " as long as there are max_active_keys.")
        Duration keyRotation,

        @Doc("How many validated tokens are remembered in memory, and how many each of the users, scopes and catalogs"
                + " that logins look up.")
        int rememberedTokens,

        @Doc("How long a change made by another controller may go unnoticed, revoked tokens among them. \"0s\" when"
                + " there is only one controller: then no query is made to find out.")
        Duration revocationPoll,

        @Doc("How many members a collection shows at the most; \"truncated\": true then says that there are more. 0 for"
                + " all.")
        int listLimit,

        @Doc("How the limits of projects and those above them go together: \"flat\" when each stands for itself,"
                + " \"strict_two_level\" when no project may have more than its domain.")
        LimitModel limitModel,

        @Doc("What a catalog shows.") EndpointFilterConfig endpointFilter,

        @Doc("Where users and groups are.") IdentityConfig identity,

        @Doc("How passwords are checked.") PasswordConfig password,

        @Doc("What is asked of passwords, and when an account is locked.")
        ComplianceConfig securityCompliance,

        @Doc("Ways to log in other than with a password.") AuthConfig auth,

        @Doc("Programs that act for users.") OAuthConfig oauth1,

        @Doc("Programs that log in by OAuth 2.0.") OAuth2Config oauth2,

        @Doc("Identity providers whose users may log in.") FederationConfig federation,

        @Doc("Vouching for the users of this cloud before others.")
        SamlConfig saml,

        @Doc("What is told on the bus of changes and logins.")
        NotificationConfig notifications) {

    /** @param state where keystone keeps its files */
    public static KeystoneConfig defaults(Path state) {
        return new KeystoneConfig(
                state,
                TokenProvider.FERNET,
                Duration.ofHours(1),
                Duration.ofHours(48),
                3,
                Duration.ZERO,
                10_000,
                Duration.ofMillis(250),
                0,
                LimitModel.FLAT,
                EndpointFilterConfig.DEFAULT,
                IdentityConfig.defaults(state),
                PasswordConfig.DEFAULT,
                ComplianceConfig.DEFAULT,
                AuthConfig.DEFAULT,
                OAuthConfig.DEFAULT,
                OAuth2Config.DEFAULT,
                FederationConfig.DEFAULT,
                SamlConfig.DEFAULT,
                NotificationConfig.DEFAULT);
    }

    public KeystoneConfig {
        if (tokenLifetime.isNegative() || tokenLifetime.isZero() || allowExpiredWindow.isNegative()) {
            throw new IllegalArgumentException("token_lifetime must be positive, allow_expired_window not negative");
        }
        // A key seals for one period and is kept for as many as there are keys beside it and the staged one.
        Duration kept = keyRotation.multipliedBy(maxActiveKeys - 2L);
        if (keyRotation.isNegative() || (keyRotation.isPositive() && kept.compareTo(tokenLifetime) < 0)) {
            throw new IllegalArgumentException(
                    "key_rotation times (max_active_keys - 2) must not be below token_lifetime,"
                            + " or tokens end before their time");
        }
        if ((saml.keyfile() == null || saml.certfile() == null)
                && federation.saml().values().stream().anyMatch(SamlPeerConfig::signsRequests)) {
            throw new IllegalArgumentException("sign_requests needs [keystone.saml] certfile and keyfile");
        }
        if (maxActiveKeys < 2 || rememberedTokens < 0 || revocationPoll.isNegative() || listLimit < 0) {
            throw new IllegalArgumentException(
                    "max_active_keys is at least 2, remembered_tokens, revocation_poll and list_limit are not negative");
        }
    }

    public Path tokenKeys() {
        return keyRepository.resolve(tokenProvider == TokenProvider.JWS ? "jws-keys" : "fernet-keys");
    }

    public Path receiptKeys() {
        return keyRepository.resolve("receipt-keys");
    }

    public Path credentialKeys() {
        return keyRepository.resolve("credential-keys");
    }

    /** For the only controller of a cloud. */
    public KeystoneConfig alone() {
        return new KeystoneConfig(
                keyRepository,
                tokenProvider,
                tokenLifetime,
                allowExpiredWindow,
                maxActiveKeys,
                keyRotation,
                rememberedTokens,
                Duration.ZERO,
                listLimit,
                limitModel,
                endpointFilter,
                identity,
                password,
                securityCompliance,
                auth,
                oauth1,
                oauth2,
                federation,
                saml,
                notifications);
    }
}

package io.nacre.keystone;

import io.nacre.config.Doc;
import io.nacre.keystone.auth.AuthConfig;
import io.nacre.keystone.limit.LimitModel;
import io.nacre.keystone.password.PasswordConfig;
import java.nio.file.Path;
import java.time.Duration;

/** Options of [keystone]. */
@Doc("Identity: users, projects, roles, tokens and the service catalog.")
public record KeystoneConfig(
        @Doc("Directory of the keys that seal tokens and credentials; controllers share it. Made when it is not there.")
        Path keyRepository,

        @Doc("For how long a token is good.") Duration tokenLifetime,

        @Doc("For how long after its end a service may still ask what a token was, for work that takes long.")
        Duration allowExpiredWindow,

        @Doc("How many keys a rotation of the Fernet keys leaves, the staged one included.")
        int maxActiveKeys,

        @Doc("How many validated tokens are remembered in memory.")
        int rememberedTokens,

        @Doc("How long a change made by another controller may go unnoticed, revoked tokens among them. \"0s\" when"
                + " there is only one controller: then no query is made to find out.")
        Duration revocationPoll,

        @Doc("How the limits of projects and those above them go together: \"flat\" when each stands for itself,"
                + " \"strict_two_level\" when no project may have more than its domain.")
        LimitModel limitModel,

        @Doc("How passwords are checked.") PasswordConfig password,

        @Doc("Ways to log in other than with a password.") AuthConfig auth) {

    /** @param state where keystone keeps its files */
    public static KeystoneConfig defaults(Path state) {
        return new KeystoneConfig(
                state,
                Duration.ofHours(1),
                Duration.ofHours(48),
                3,
                10_000,
                Duration.ofMillis(250),
                LimitModel.FLAT,
                PasswordConfig.DEFAULT,
                AuthConfig.DEFAULT);
    }

    public KeystoneConfig {
        if (tokenLifetime.isNegative() || tokenLifetime.isZero() || allowExpiredWindow.isNegative()) {
            throw new IllegalArgumentException("token_lifetime must be positive, allow_expired_window not negative");
        }
        if (maxActiveKeys < 2 || rememberedTokens < 0 || revocationPoll.isNegative()) {
            throw new IllegalArgumentException(
                    "max_active_keys is at least 2, remembered_tokens and revocation_poll are not negative");
        }
    }

    /** For the only controller of a cloud. */
    public KeystoneConfig alone() {
        return new KeystoneConfig(
                keyRepository,
                tokenLifetime,
                allowExpiredWindow,
                maxActiveKeys,
                rememberedTokens,
                Duration.ZERO,
                limitModel,
                password,
                auth);
    }
}

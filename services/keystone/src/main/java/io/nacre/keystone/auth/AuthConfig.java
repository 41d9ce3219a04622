package io.nacre.keystone.auth;

import io.nacre.config.Doc;
import java.time.Duration;

/** Options of [keystone.auth]. */
public record AuthConfig(
        @Doc("For how long after its timestamp a request that was signed for EC2 or S3 is good.")
        Duration authTtl,

        @Doc("How many one-time passcodes before the present one are good as well. 0 to 10.")
        int includedPreviousWindows,

        @Doc("For how long a receipt is good, that is within what time a login has to show its other methods.")
        Duration receiptExpiration) {

    public static final AuthConfig DEFAULT = new AuthConfig(Duration.ofMinutes(15), 1, Duration.ofMinutes(5));

    public AuthConfig {
        if (authTtl.isNegative() || receiptExpiration.isNegative()) {
            throw new IllegalArgumentException("auth_ttl and receipt_expiration must not be negative");
        }
        if (includedPreviousWindows < 0 || includedPreviousWindows > 10) {
            throw new IllegalArgumentException("included_previous_windows must be from 0 to 10");
        }
    }
}

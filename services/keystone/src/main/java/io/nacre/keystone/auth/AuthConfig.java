package io.nacre.keystone.auth;

import io.nacre.config.Doc;
import java.time.Duration;

/** Options of [keystone.auth]. */
public record AuthConfig(
        @Doc("For how long after its timestamp a request that was signed for EC2 or S3 is good.")
        Duration authTtl) {

    public static final AuthConfig DEFAULT = new AuthConfig(Duration.ofMinutes(15));

    public AuthConfig {
        if (authTtl.isNegative()) {
            throw new IllegalArgumentException("auth_ttl must not be negative");
        }
    }
}

package io.nacre.keystone.oauth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer asks for.
 *
 * @param expiresAt null for never
 * @param grant null until a user has authorized it
 */
record RequestToken(
        String id,
        String consumerId,
        String projectId,
        @Nullable Instant expiresAt,
        @Nullable Grant grant) {

    /**
     * What a user has allowed.
     *
     * @param verifier which the user tells the consumer
     */
    record Grant(String userId, String verifier, List<String> roleIds) {}

    boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}

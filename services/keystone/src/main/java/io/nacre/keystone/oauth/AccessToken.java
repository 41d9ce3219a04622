package io.nacre.keystone.oauth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer may do for a user.
 *
 * @param expiresAt null for never
 */
public record AccessToken(
        String id,
        String consumerId,
        String userId,
        String projectId,
        List<String> roleIds,
        @Nullable Instant expiresAt) {

    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}

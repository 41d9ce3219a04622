package io.nacre.keystone.trust;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a trustor lets a trustee do.
 *
 * @param impersonation whether the trustee appears as the trustor
 * @param expiresAt null for never
 * @param remainingUses how many more tokens it gives; null for any number
 * @param redelegatedTrustId the trust that this one was made from
 * @param redelegationCount how many further trusts may follow one from the other
 */
public record Trust(
        String id,
        String trustorId,
        String trusteeId,
        @Nullable String projectId,
        boolean impersonation,
        @Nullable Instant expiresAt,
        @Nullable Integer remainingUses,
        @Nullable String redelegatedTrustId,
        int redelegationCount,
        List<String> roleIds,
        Map<String, @Nullable Object> extra) {

    boolean isUsable(Instant now) {
        return (expiresAt == null || now.isBefore(expiresAt)) && (remainingUses == null || remainingUses > 0);
    }
}

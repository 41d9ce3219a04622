package io.nacre.keystone.audit;

import org.jspecify.annotations.Nullable;

/**
 * Who somebody says they are.
 *
 * @param exists whether there is such a user
 */
public record Claim(
        @Nullable String userId,
        @Nullable String userName,
        @Nullable String domainId,
        boolean exists) {}

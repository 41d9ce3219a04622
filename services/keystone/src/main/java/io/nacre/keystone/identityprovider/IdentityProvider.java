package io.nacre.keystone.identityprovider;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else who vouches for users.
 *
 * @param domainId where its users live
 * @param authorizationTtl for how many minutes a group that it names stays the user's; null for the setting's
 * @param remoteIds what it calls itself; none for a provider that is not asked who it is
 */
public record IdentityProvider(
        String id,
        String domainId,
        boolean enabled,
        @Nullable String description,
        @Nullable Integer authorizationTtl,
        List<String> remoteIds) {}

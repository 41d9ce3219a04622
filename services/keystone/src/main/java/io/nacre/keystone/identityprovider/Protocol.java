package io.nacre.keystone.identityprovider;

import org.jspecify.annotations.Nullable;

/**
 * A way in which an identity provider vouches, and what is made of what it says.
 *
 * @param remoteIdAttribute the attribute that tells which provider speaks; null for the setting's
 */
public record Protocol(
        String identityProviderId,
        String id,
        String mappingId,
        @Nullable String remoteIdAttribute) {}

package io.nacre.keystone.serviceprovider;

import org.jspecify.annotations.Nullable;

/**
 * Another cloud.
 *
 * @param authUrl where its keystone gives tokens to who comes from here
 * @param spUrl where it takes assertions
 * @param relayStatePrefix what comes before the relay state of an assertion for it
 */
public record ServiceProvider(
        String id,
        String authUrl,
        String spUrl,
        @Nullable String description,
        boolean enabled,
        String relayStatePrefix) {}

package io.nacre.keystone.federation;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The OpenID Connect providers of the settings. Nothing of them is loaded before somebody comes from one. */
public final class OpenIdProviders {
    private final Map<String, OpenIdConfig> configs;
    private final InstantSource clock;
    private final Map<String, OpenIdProvider> used = new ConcurrentHashMap<>();

    public OpenIdProviders(Map<String, OpenIdConfig> configs, InstantSource clock) {
        this.configs = configs;
        this.clock = clock;
    }

    Set<String> ids() {
        return configs.keySet();
    }

    /** @param id of the identity provider */
    Optional<OpenIdProvider> find(String id) {
        OpenIdConfig config = configs.get(id);
        return config == null
                ? Optional.empty()
                : Optional.of(used.computeIfAbsent(id, any -> new OpenIdProvider(config, clock)));
    }
}

package io.nacre.keystone.saml.consumer;

import io.nacre.base.Transactions;
import io.nacre.keystone.federation.BrowserProvider;
import io.nacre.keystone.saml.SigningKey;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The SAML identity providers of the settings. */
public final class SamlPeers {
    private final Map<String, SamlPeerConfig> configs;
    private final SigningKey key;
    private final Transactions transactions;
    private final UsedAssertionStore used = new UsedAssertionStore();
    private final InstantSource clock;

    /**
     * @param configs by the identifiers of the identity providers that they are here
     * @param key for those that want to be asked with a signature
     */
    public SamlPeers(
            Map<String, SamlPeerConfig> configs, SigningKey key, Transactions transactions, InstantSource clock) {
        this.configs = configs;
        this.key = key;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Of those that browsers can be sent to. */
    public Set<String> idsForBrowsers() {
        return configs.keySet().stream()
                .filter(id -> findForBrowsers(id).isPresent())
                .collect(Collectors.toSet());
    }

    public Optional<BrowserProvider> findForBrowsers(String id) {
        return find(id).filter(SamlPeer::hasLoginPage).map(peer -> peer);
    }

    Optional<SamlPeer> find(String id) {
        SamlPeerConfig config = configs.get(id);
        return config == null ? Optional.empty() : Optional.of(new SamlPeer(config, key, transactions, used, clock));
    }
}

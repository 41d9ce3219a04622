package io.nacre.keystone.federation;

import io.nacre.keystone.saml.consumer.SamlPeers;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The identity providers of the settings that browsers can be sent to. */
public final class BrowserProviders {
    private final OpenIdProviders openId;
    private final SamlPeers saml;

    public BrowserProviders(OpenIdProviders openId, SamlPeers saml) {
        this.openId = openId;
        this.saml = saml;
    }

    Set<String> ids() {
        return Stream.concat(openId.ids().stream(), saml.idsForBrowsers().stream())
                .collect(Collectors.toSet());
    }

    Optional<BrowserProvider> find(String id) {
        return openId.find(id).<BrowserProvider>map(provider -> provider).or(() -> saml.findForBrowsers(id));
    }
}

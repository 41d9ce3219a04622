package io.nacre.keystone.federation;

import io.nacre.config.Doc;
import io.nacre.config.Secret;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options of [keystone.federation.openid.NAME]. */
public record OpenIdConfig(
        @Doc("The provider's issuer. What else is to be known of it is read at its well-known address.")
        String issuer,

        @Doc("What this cloud is called there. Only tokens for it are taken.")
        String clientId,

        @Doc("This cloud's secret there; needed to ask about opaque tokens.") @Nullable
        Secret clientSecret,

        @Doc("What is asked for when a browser is sent there; [\"openid\", \"email\", \"profile\"] when it is not set.")
        @Nullable
        List<String> scopes,

        @Doc("Whom access tokens must be for when that is not client_id.") @Nullable
        String audience) {

    public OpenIdConfig {
        URI uri = URI.create(issuer);
        if (!"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
            throw new IllegalArgumentException("issuer must be an http or https URL");
        }
        if (clientId.isBlank()) {
            throw new IllegalArgumentException("client_id must not be empty");
        }
    }

    String scope() {
        return String.join(" ", scopes == null ? List.of("openid", "email", "profile") : scopes);
    }
}

package io.nacre.keystone.saml.consumer;

import io.nacre.config.Doc;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Options of [keystone.federation.saml.NAME]. */
public record SamlPeerConfig(
        @Doc("What the provider is called: the issuer of its assertions.")
        String entityId,

        @Doc("File of the provider's certificates (PEM). An assertion must be signed with the key of one of them.")
        Path certfile,

        @Doc(
                "What this cloud is called there. Without it, assertions for a named audience are refused, and nothing can be"
                        + " asked.")
        @Nullable
        String audience,

        @Doc("Where browsers are sent to log in (HTTP redirect binding).") @Nullable
        String ssoUrl,

        @Doc("Whether what it is asked is signed, with [keystone.saml] keyfile; false when it is not set.") @Nullable
        Boolean signRequests) {

    public boolean signsRequests() {
        return Boolean.TRUE.equals(signRequests);
    }

    public SamlPeerConfig {
        if (entityId.isBlank()) {
            throw new IllegalArgumentException("entity_id must not be empty");
        }
        if (ssoUrl != null && !ssoUrl.matches("https?://[^/?#\\s]+[^#\\s]*")) {
            throw new IllegalArgumentException("sso_url must be an http or https URL");
        }
        if (ssoUrl != null && audience == null) {
            throw new IllegalArgumentException("sso_url needs an audience");
        }
    }
}

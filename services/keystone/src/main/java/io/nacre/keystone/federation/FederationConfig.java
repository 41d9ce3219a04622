package io.nacre.keystone.federation;

import io.nacre.config.Doc;
import io.nacre.keystone.saml.consumer.SamlPeerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Options of [keystone.federation]. */
public record FederationConfig(
        @Doc("The attribute that tells which identity provider speaks, for protocols that name none, such as"
                + " HTTP_OIDC_ISS. Without one a provider is not asked.")
        @Nullable
        String remoteIdAttribute,

        @Doc(
                "For how long the groups that an identity provider puts users in stay theirs, when its authorization_ttl does"
                        + " not tell. \"0s\" for no longer than the token that says so.")
        Duration defaultAuthorizationTtl,

        @Doc("Dashboards that get the tokens of users whom a browser brings, by the URLs that take them, such as"
                + " https://dashboard.example.org/auth/websso/.")
        List<String> trustedDashboard,

        @Doc("File of an HTML page that brings a token to the dashboard, with $host and $token where they belong.")
        @Nullable
        Path ssoCallbackTemplate,

        @Doc("OpenID Connect providers, by the identifiers of the identity providers that they are here.")
        Map<String, OpenIdConfig> openid,

        @Doc(
                "SAML identity providers whose assertions users may bring, by the identifiers of the identity providers that"
                        + " they are here.")
        Map<String, SamlPeerConfig> saml) {

    public static final FederationConfig DEFAULT =
            new FederationConfig(null, Duration.ZERO, List.of(), null, Map.of(), Map.of());

    public FederationConfig {
        if (defaultAuthorizationTtl.isNegative()) {
            throw new IllegalArgumentException("default_authorization_ttl must not be negative");
        }
        for (String id : openid.keySet()) {
            if (saml.containsKey(id)) {
                throw new IllegalArgumentException("an identity provider is in openid or in saml, not in both: " + id);
            }
        }
        for (String dashboard : trustedDashboard) {
            if (!dashboard.matches("https?://[^/?#\\s]+[^#\\s]*")) {
                throw new IllegalArgumentException("trusted_dashboard must be http or https URLs");
            }
        }
    }

    /** Whether it is one of the dashboards; the case of host names does not matter there. */
    boolean trusts(String origin) {
        return trustedDashboard.stream().map(FederationConfig::withSmallHost).anyMatch(origin::equals);
    }

    private static String withSmallHost(String url) {
        String host = URI.create(url).getRawAuthority();
        return host == null ? url : url.replaceFirst(Pattern.quote(host), host.toLowerCase(Locale.ROOT));
    }
}

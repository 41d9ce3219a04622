package io.nacre.keystone.federation;

import io.nacre.base.Json;
import io.nacre.keystone.mapping.rule.Assertion;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Claims as mappings written for Apache's mod_auth_openidc expect them: the claim {@code preferred_username} is the
 * attribute {@code OIDC-preferred_username}, and {@code HTTP_OIDC_PREFERRED_USERNAME} too.
 */
final class OpenIdClaims {
    private OpenIdClaims() {}

    static Assertion assertion(Map<String, Object> claims) {
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        claims.forEach((name, claim) -> {
            List<String> values = values(claim);
            if (!values.isEmpty()) {
                attributes.put("OIDC-" + name, values);
                attributes.put("HTTP_OIDC_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), values);
            }
        });
        if (claims.get("sub") instanceof String subject) {
            Object issuer = claims.get("iss");
            attributes.put(FederatedLogin.REMOTE_USER, List.of(issuer == null ? subject : subject + "@" + issuer));
        }
        return new Assertion(attributes);
    }

    private static List<String> values(@Nullable Object claim) {
        return switch (claim) {
            case null -> List.of();
            case Collection<?> several ->
                several.stream().map(OpenIdClaims::text).toList();
            default -> List.of(text(claim));
        };
    }

    private static String text(@Nullable Object value) {
        return value instanceof Map<?, ?> || value instanceof Collection<?> ? Json.write(value) : String.valueOf(value);
    }
}

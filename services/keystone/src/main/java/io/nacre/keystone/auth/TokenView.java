package io.nacre.keystone.auth;

import io.nacre.base.Json;
import io.nacre.base.Tx;
import io.nacre.cache.Region;
import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.catalog.Catalog;
import io.nacre.keystone.entity.Times;
import io.nacre.keystone.oauth.AccessToken;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.revocation.Remembered;
import io.nacre.keystone.serviceprovider.ServiceProviderStore;
import io.nacre.keystone.token.Receipt;
import io.nacre.keystone.token.Token;
import io.nacre.keystone.trust.Trust;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/** A token on the wire. The bytes are remembered like the token itself, because services ask for the same ones over and over. */
public final class TokenView {
    /** Longer makes no sense: what is not asked for any more should make room. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final Catalog catalog;
    private final ServiceProviderStore serviceProviders;
    private final Region rendered;
    private final Remembered<Viewer, RawValue> catalogs;
    private final Remembered<String, List<Map<String, String>>> others;

    /** Who a catalog is for. */
    private record Viewer(String userId, @Nullable String projectId) {}

    public TokenView(
            Catalog catalog, ServiceProviderStore serviceProviders, Remembered.Memory memory, Region rendered) {
        this.catalog = catalog;
        this.serviceProviders = serviceProviders;
        this.rendered = rendered;
        this.catalogs = memory.of();
        this.others = memory.of();
    }

    /** The response body. */
    byte[] show(String text, Authorization authorization, boolean withCatalog) {
        String key = authorization.generation() + (withCatalog ? " with catalog " : " ") + text;
        return rendered.bytes(key).orElseGet(() -> {
            byte[] bytes = fresh(authorization, withCatalog);
            rendered.putBytes(key, bytes, REMEMBERED);
            return bytes;
        });
    }

    /** The response body for a new token, which perhaps nobody will ask for again. */
    public byte[] fresh(Authorization authorization) {
        return fresh(authorization, true);
    }

    byte[] fresh(Authorization authorization, boolean withCatalog) {
        Map<String, @Nullable Object> token = show(authorization);
        if (withCatalog && !(authorization.token().scope() instanceof Token.Unscoped)) {
            token.put("catalog", catalog(authorization));
        }
        List<Map<String, String>> clouds = others.get("enabled", this::others);
        if (!clouds.isEmpty()) {
            token.put("service_providers", clouds);
        }
        return Json.bytes(Map.of("token", token));
    }

    /** The other clouds, as tokens name them. */
    private List<Map<String, String>> others(Tx tx) {
        return serviceProviders.enabled(tx).stream()
                .map(other -> Map.of("id", other.id(), "auth_url", other.authUrl(), "sp_url", other.spUrl()))
                .toList();
    }

    /** What the services offer to whom this token stands for, as JSON. */
    RawValue catalog(Authorization authorization) {
        Viewer viewer =
                new Viewer(authorization.user().id(), authorization.token().projectId());
        return catalogs.get(
                viewer, tx -> new RawValue(Json.write(catalog.of(tx, viewer.userId(), viewer.projectId()))));
    }

    /** What has been proved, and what is still missing. */
    static Map<String, Object> show(Partial partial) {
        Receipt receipt = partial.receipt();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("methods", receipt.methods());
        shown.put(
                "user",
                Map.of(
                        "id",
                        partial.user().id(),
                        "name",
                        partial.user().name(),
                        "domain",
                        named(partial.userDomain())));
        shown.put("expires_at", Times.iso(receipt.expiresAt()));
        shown.put("issued_at", Times.iso(receipt.issuedAt()));
        return Map.of("receipt", shown, "required_auth_methods", partial.wanted());
    }

    private static Map<String, @Nullable Object> show(Authorization authorization) {
        Token token = authorization.token();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("methods", token.methods());
        shown.put("user", user(authorization));
        shown.put("audit_ids", token.auditIds());
        shown.put("expires_at", Times.iso(token.expiresAt()));
        shown.put("issued_at", Times.iso(token.issuedAt()));
        Project project = authorization.project();
        Project domain = authorization.domain();
        if (authorization.isSystem()) {
            shown.put("system", Map.of("all", true));
        } else if (project != null && domain != null) {
            shown.put("project", Map.of("id", project.id(), "name", project.name(), "domain", named(domain)));
            shown.put("is_domain", project.isDomain());
        } else if (domain != null) {
            shown.put("domain", named(domain));
        }
        if (!(token.scope() instanceof Token.Unscoped)) {
            shown.put(
                    "roles",
                    authorization.roles().stream()
                            .map(role -> Map.of("id", role.id(), "name", role.name()))
                            .toList());
        }
        if (authorization.trust() != null) {
            shown.put("OS-TRUST:trust", trust(authorization.trust()));
        }
        AccessToken access = authorization.accessToken();
        if (access != null) {
            shown.put("OS-OAUTH1", Map.of("access_token_id", access.id(), "consumer_id", access.consumerId()));
        }
        if (authorization.credential() != null) {
            shown.put("application_credential", credential(authorization.credential()));
        }
        if (token.thumbprint() != null) {
            shown.put("oauth2_credential", Map.of("x5t#S256", token.thumbprint()));
        }
        return shown;
    }

    private static Map<String, @Nullable Object> user(Authorization authorization) {
        Map<String, @Nullable Object> user = new LinkedHashMap<>();
        user.put("domain", named(authorization.userDomain()));
        user.put("id", authorization.user().id());
        user.put("name", authorization.user().name());
        Token.Federation federation = authorization.token().federation();
        if (federation == null) {
            user.put("password_expires_at", Times.plain(authorization.user().passwordExpiresAt()));
        } else {
            user.put("OS-FEDERATION", federation(federation));
        }
        return user;
    }

    private static Map<String, Object> federation(Token.Federation federation) {
        return Map.of(
                "groups",
                federation.groupIds().stream().map(id -> Map.of("id", id)).toList(),
                "identity_provider",
                Map.of("id", federation.identityProviderId()),
                "protocol",
                Map.of("id", federation.protocolId()));
    }

    private static Map<String, Object> named(Project domain) {
        return Map.of("id", domain.id(), "name", domain.name());
    }

    private static Map<String, Object> trust(Trust trust) {
        return Map.of(
                "id",
                trust.id(),
                "trustor_user",
                Map.of("id", trust.trustorId()),
                "trustee_user",
                Map.of("id", trust.trusteeId()),
                "impersonation",
                trust.impersonation());
    }

    private static Map<String, @Nullable Object> credential(ApplicationCredential credential) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", credential.id());
        shown.put("name", credential.name());
        shown.put("restricted", !credential.unrestricted());
        if (credential.accessRules() != null && !credential.accessRules().isEmpty()) {
            shown.put("access_rules", credential.accessRules());
        }
        return shown;
    }
}

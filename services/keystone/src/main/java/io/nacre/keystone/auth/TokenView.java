package io.nacre.keystone.auth;

import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.cache.Region;
import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.catalog.Catalog;
import io.nacre.keystone.entity.Times;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.token.Receipt;
import io.nacre.keystone.token.Token;
import io.nacre.keystone.trust.Trust;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A token on the wire. The bytes are remembered like the token itself, because services ask for the same ones over and over. */
public final class TokenView {
    /** Longer makes no sense: what is not asked for any more should make room. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final Transactions transactions;
    private final Catalog catalog;
    private final Region rendered;

    public TokenView(Transactions transactions, Catalog catalog, Region rendered) {
        this.transactions = transactions;
        this.catalog = catalog;
        this.rendered = rendered;
    }

    /** The response body. */
    byte[] show(String text, Authorization authorization, boolean withCatalog) {
        String key = authorization.generation() + (withCatalog ? " with catalog " : " ") + text;
        return rendered.bytes(key).orElseGet(() -> {
            byte[] bytes = render(authorization, withCatalog);
            rendered.putBytes(key, bytes, REMEMBERED);
            return bytes;
        });
    }

    /** The response body for a token whose text will be shown otherwise later, or not at all. */
    public byte[] fresh(Authorization authorization) {
        return render(authorization, true);
    }

    private byte[] render(Authorization authorization, boolean withCatalog) {
        Map<String, @Nullable Object> token = show(authorization);
        if (withCatalog && !(authorization.token().scope() instanceof Token.Unscoped)) {
            token.put("catalog", catalog(authorization));
        }
        return Json.bytes(Map.of("token", token));
    }

    /** What the services offer to whom this token stands for. */
    List<Map<String, @Nullable Object>> catalog(Authorization authorization) {
        return transactions.read(tx ->
                catalog.of(tx, authorization.user().id(), authorization.token().projectId()));
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
        if (authorization.credential() != null) {
            shown.put("application_credential", credential(authorization.credential()));
        }
        return shown;
    }

    private static Map<String, @Nullable Object> user(Authorization authorization) {
        Map<String, @Nullable Object> user = new LinkedHashMap<>();
        user.put("domain", named(authorization.userDomain()));
        user.put("id", authorization.user().id());
        user.put("name", authorization.user().name());
        user.put("password_expires_at", Times.plain(authorization.user().passwordExpiresAt()));
        return user;
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

package io.nacre.keystone.token;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is written in a token: who, how they proved it, for what, until when. Everything else (names, roles, catalog) is
 * looked up when the token is used.
 *
 * @param methods names of the authentication methods used, over the whole chain of tokens
 * @param trustId set for a token that a trustee got from a trust
 * @param credentialId set for a token that an application credential got
 * @param accessTokenId set for a token that a consumer got for the user
 * @param issuedAt whole seconds
 * @param expiresAt whole seconds
 * @param auditIds the token's own, and that of the first token of its chain when it was got from another token
 * @param thumbprint of the certificate that must come with the token; null for none
 * @param federation set for a token of a user whom an identity provider has vouched for
 */
public record Token(
        String userId,
        List<String> methods,
        Scope scope,
        @Nullable String trustId,
        @Nullable String credentialId,
        @Nullable String accessTokenId,
        @Nullable String thumbprint,
        Instant issuedAt,
        Instant expiresAt,
        List<String> auditIds,
        @Nullable Federation federation) {

    /**
     * Who vouched for the user, and what that makes of them for as long as the token lives.
     *
     * @param groupIds the groups that the provider's words put the user in
     */
    public record Federation(String identityProviderId, String protocolId, List<String> groupIds) {}

    /** Of a user who is known here, and got it without a consumer. */
    public Token(
            String userId,
            List<String> methods,
            Scope scope,
            @Nullable String trustId,
            @Nullable String credentialId,
            Instant issuedAt,
            Instant expiresAt,
            List<String> auditIds) {
        this(userId, methods, scope, trustId, credentialId, null, null, issuedAt, expiresAt, auditIds, null);
    }

    /** The method of a token that was got with a certificate; a token's text does not tell it. */
    public static final String BY_CERTIFICATE = "oauth2_credential";

    /** The method of a token that was got with an access key; a token's text does not tell it. */
    public static final String BY_SIGNATURE = "ec2credential";

    /** What the token may be used for. */
    public sealed interface Scope {}

    public record Unscoped() implements Scope {}

    public record ProjectScope(String projectId) implements Scope {}

    public record DomainScope(String domainId) implements Scope {}

    public record SystemScope() implements Scope {}

    public static final Scope UNSCOPED = new Unscoped();
    public static final Scope SYSTEM = new SystemScope();

    /** The same with an earlier end. */
    public Token ending(Instant end) {
        return new Token(
                userId,
                methods,
                scope,
                trustId,
                credentialId,
                accessTokenId,
                thumbprint,
                issuedAt,
                end.truncatedTo(ChronoUnit.SECONDS),
                auditIds,
                federation);
    }

    public String auditId() {
        return auditIds.getFirst();
    }

    /** The audit id of the first token of the chain. */
    public String chainId() {
        return auditIds.getLast();
    }

    public @Nullable String projectId() {
        return scope instanceof ProjectScope(String id) ? id : null;
    }

    public @Nullable String domainId() {
        return scope instanceof DomainScope(String id) ? id : null;
    }
}

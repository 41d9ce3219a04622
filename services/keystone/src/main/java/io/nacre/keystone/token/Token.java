package io.nacre.keystone.token;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is written in a token: who, how they proved it, for what, until when. Everything else (names, roles, catalog) is
 * looked up when the token is used.
 *
 * @param methods names of the authentication methods used, over the whole chain of tokens
 * @param trustId set for a token that a trustee got from a trust
 * @param credentialId set for a token that an application credential got
 * @param issuedAt whole seconds
 * @param expiresAt whole seconds
 * @param auditIds the token's own, and that of the first token of its chain when it was got from another token
 */
public record Token(
        String userId,
        List<String> methods,
        Scope scope,
        @Nullable String trustId,
        @Nullable String credentialId,
        Instant issuedAt,
        Instant expiresAt,
        List<String> auditIds) {

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

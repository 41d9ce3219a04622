package io.nacre.keystone.auth;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.oauth.AccessToken;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.token.Token;
import io.nacre.keystone.trust.Trust;
import io.nacre.keystone.user.User;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a token stands for at one moment.
 *
 * @param user who it speaks for: the trustor when a trust impersonates
 * @param userDomain the domain of that user
 * @param project of a token for a project
 * @param domain of a token for a domain, or the domain of the project
 * @param roles effective ones, in the order of their names
 * @param validUntil the earliest end of the token and of what it was got with
 * @param generation of everything tokens depend on, when this was looked up
 */
public record Authorization(
        Token token,
        User user,
        Project userDomain,
        @Nullable Project project,
        @Nullable Project domain,
        List<Role> roles,
        @Nullable Trust trust,
        @Nullable ApplicationCredential credential,
        @Nullable AccessToken accessToken,
        Instant validUntil,
        long generation) {

    /** Faults with FORBIDDEN for a token that somebody else has lent. */
    public void requireUndelegated(String message) {
        if (trust != null || accessToken != null) {
            throw Fault.forbidden(message);
        }
    }

    /** Whether it is good only for who comes with a certificate, which nothing made with it would ask for. */
    public boolean isBoundToCertificate() {
        return token.thumbprint() != null;
    }

    /** What another token of the same user, scope and origin stands for. */
    Authorization of(Token other) {
        return new Authorization(
                other,
                user,
                userDomain,
                project,
                domain,
                roles,
                trust,
                credential,
                accessToken,
                validUntil.isBefore(other.expiresAt()) ? validUntil : other.expiresAt(),
                generation);
    }

    boolean isSystem() {
        return token.scope() instanceof Token.SystemScope;
    }

    /** Who is asking, for the services. */
    Caller caller(String requestId, @Nullable String globalRequestId) {
        Caller.Person person = new Caller.Person(user.id(), user.name(), userDomain.id(), userDomain.name());
        Caller.Scope scope = new Caller.Scope(
                project == null || domain == null
                        ? null
                        : new Caller.Person(project.id(), project.name(), domain.id(), domain.name()),
                project != null || domain == null
                        ? null
                        : new Caller.Person(domain.id(), domain.name(), domain.id(), domain.name()),
                isSystem());
        return new Caller(requestId, globalRequestId, person, scope, roleNames(), null);
    }

    /** As services know them. */
    Set<String> roleNames() {
        return roles.stream().map(role -> role.name().toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }
}

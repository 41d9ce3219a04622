package io.nacre.base;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who is asking, on whose behalf, and until when an answer is of use. Built once at the edge from a validated
 * token and handed down everywhere, also over the bus and into tasks; it holds no secret.
 *
 * @param roles role names, lower case, implied roles included
 * @param user null for anonymous callers and for Nacre itself
 * @param scope what the token is scoped to
 * @param serviceRoles roles of the service that passes on what the user asked of it, lower case; none when nobody does
 * @param deadline when the caller stops waiting; null for none
 */
public record Caller(
        String requestId,
        @Nullable String globalRequestId,
        @Nullable Person user,
        Scope scope,
        Set<String> roles,
        Set<String> serviceRoles,
        @Nullable Instant deadline) {
    private static final String SERVICE = "service";

    public Caller {
        // Tasks that were started before there were any know of none.
        serviceRoles = Objects.requireNonNullElse(serviceRoles, Set.of());
    }

    /** One who asks for themselves. */
    public Caller(
            String requestId,
            @Nullable String globalRequestId,
            @Nullable Person user,
            Scope scope,
            Set<String> roles,
            @Nullable Instant deadline) {
        this(requestId, globalRequestId, user, scope, roles, Set.of(), deadline);
    }

    /** A user or project with the names that logs and policies want. */
    public record Person(String id, String name, String domainId, String domainName) {}

    /** What a token is good for: exactly one of project, domain, system, or nothing of these. */
    public record Scope(@Nullable Person project, @Nullable Person domain, boolean system) {
        public static final Scope NONE = new Scope(null, null, false);
    }

    /**
     * What a request says of who sends it, before anybody has looked whether it is true.
     *
     * @param headers the first value of a header by its name, null for one that was not sent
     * @param path as it was sent, nothing decoded
     */
    public record Claim(
            String token,
            Function<String, @Nullable String> headers,
            String method,
            String path,
            String requestId,
            @Nullable String globalRequestId) {

        /** Names no secret. */
        @Override
        public String toString() {
            return "Claim[" + requestId + "]";
        }
    }

    public static Caller anonymous(String requestId) {
        return new Caller(requestId, null, null, Scope.NONE, Set.of(), null);
    }

    /** Nacre acting for itself, as a reconciler or a service does: every role of the service persona. */
    public static Caller nacre(String requestId) {
        return new Caller(
                requestId, null, null, new Scope(null, null, true), Set.of("admin", "member", "reader", SERVICE), null);
    }

    public boolean hasRole(String role) {
        return roles.contains(role);
    }

    @JsonIgnore
    public boolean isAdmin() {
        return roles.contains("admin");
    }

    /** Whether another service asks, for itself or for a user. */
    @JsonIgnore
    public boolean isService() {
        return roles.contains(SERVICE) || serviceRoles.contains(SERVICE);
    }

    /** The project the token is scoped to, or null. */
    @JsonIgnore
    public @Nullable String projectId() {
        return scope.project() == null ? null : scope.project().id();
    }

    @JsonIgnore
    public @Nullable String userId() {
        return user == null ? null : user.id();
    }

    /** The project, for operations that make no sense without one. */
    @JsonIgnore
    public String requireProject() {
        String id = projectId();
        if (id == null) {
            throw Fault.forbidden("This operation needs a token that is scoped to a project.");
        }
        return id;
    }

    /** The user, for operations that make no sense without one. */
    @JsonIgnore
    public String requireUser() {
        String id = userId();
        if (id == null) {
            throw Fault.unauthenticated("The request you have made requires authentication.");
        }
        return id;
    }

    /** The same who waits so long; null for as long as it takes. */
    public Caller until(@Nullable Instant deadline) {
        return new Caller(requestId, globalRequestId, user, scope, roles, serviceRoles, deadline);
    }

    /** The same user, for whom a service of these roles asks. */
    public Caller by(Set<String> serviceRoles) {
        return new Caller(requestId, globalRequestId, user, scope, roles, serviceRoles, deadline);
    }
}

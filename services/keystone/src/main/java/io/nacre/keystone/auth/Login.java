package io.nacre.keystone.auth;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.keystone.assignment.EffectiveRoles;
import io.nacre.keystone.auth.AuthRequest.Named;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.revocation.Remembered;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.token.Token;
import io.nacre.keystone.token.Tokens;
import io.nacre.keystone.trust.Trust;
import io.nacre.keystone.trust.TrustStore;
import io.nacre.keystone.user.User;
import io.nacre.keystone.user.UserStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a token of a proof and a wish. */
public final class Login {
    private final Transactions transactions;
    private final Stores stores;
    private final Factors factors;
    private final Drafts drafts;
    private final Revocations revocations;
    private final Tokens tokens;
    private final Duration lifetime;
    private final InstantSource clock;
    private final Remembered<AuthRequest.Wish, Token.Scope> scopes;

    /** Where it looks things up. */
    public record Stores(UserStore users, ProjectStore projects, TrustStore trusts, EffectiveRoles roles) {}

    /** What becomes of a login that was not refused. */
    sealed interface Outcome permits Issued, Partial {}

    /** A new token and what it stands for. */
    public record Issued(String text, Authorization authorization) implements Outcome {}

    public Login(
            Remembered.Memory memory, Stores stores, Factors factors, Drafts drafts, Tokens tokens, Duration lifetime) {
        this.transactions = memory.transactions();
        this.stores = stores;
        this.factors = factors;
        this.drafts = drafts;
        this.revocations = memory.revocations();
        this.tokens = tokens;
        this.lifetime = lifetime;
        this.clock = memory.clock();
        this.scopes = memory.of();
    }

    /** @param receipt of an earlier login that was not enough; null for none */
    Outcome login(AuthRequest request, @Nullable String receipt) {
        Instant began = clock.instant();
        revocations.refresh();
        Proof proof = factors.prove(request, receipt);
        Optional<Partial> missing = factors.missing(proof);
        if (missing.isPresent()) {
            return missing.get();
        }
        String bound = proof.boundTo();
        Trust trust = bound == null ? trust(request.wish()) : null;
        Token.Scope scope = bound == null ? scope(request.wish(), proof, trust) : new Token.ProjectScope(bound);
        Instant now = began.truncatedTo(ChronoUnit.SECONDS);
        Instant end = now.plus(lifetime);
        if (proof.end() != null && proof.end().isBefore(end)) {
            end = proof.end();
        }
        String auditId = tokens.auditId();
        return issue(
                new Token(
                        proof.userId(),
                        Tokens.told(proof.methods()),
                        scope,
                        trust == null ? null : trust.id(),
                        proof.credential() == null ? null : proof.credential().id(),
                        proof.accessToken() == null ? null : proof.accessToken().id(),
                        null,
                        now,
                        end,
                        proof.origin() == null
                                ? List.of(auditId)
                                : List.of(auditId, proof.origin().token().chainId()),
                        scope instanceof Token.SystemScope || trust != null ? null : proof.federation()),
                trust,
                began);
    }

    /** Of a program. Faults with UNAUTHENTICATED, also when its user has to show more than an application credential. */
    public Issued byCredential(String id, String secret) {
        if (login(AuthRequest.ofCredential(id, secret), null) instanceof Issued issued) {
            return issued;
        }
        throw Authorizations.denied();
    }

    /** Of a user who has come with a certificate; the token is good only with it. */
    public Issued byCertificate(String userId, String projectId, String thumbprint) {
        Instant began = clock.instant();
        Instant now = began.truncatedTo(ChronoUnit.SECONDS);
        return issue(
                new Token(
                        userId,
                        List.of(Token.BY_CERTIFICATE),
                        new Token.ProjectScope(projectId),
                        null,
                        null,
                        null,
                        thumbprint,
                        now,
                        now.plus(lifetime),
                        List.of(tokens.auditId()),
                        null),
                null,
                began);
    }

    /**
     * For whom an identity provider has vouched: a token without scope.
     *
     * @param method the protocol
     * @param federation null for a user who is kept here
     */
    public Issued vouchedFor(String userId, String method, Token.@Nullable Federation federation) {
        Instant began = clock.instant();
        Instant now = began.truncatedTo(ChronoUnit.SECONDS);
        return issue(
                new Token(
                        userId,
                        List.of(Tokens.method(method)),
                        Token.UNSCOPED,
                        null,
                        null,
                        null,
                        null,
                        now,
                        now.plus(lifetime),
                        List.of(tokens.auditId()),
                        federation),
                null,
                began);
    }

    /** A token without a login, for Nacre's own users. */
    public String issue(String userId, Token.Scope scope, Duration lifetime) {
        Instant began = clock.instant();
        Instant now = began.truncatedTo(ChronoUnit.SECONDS);
        Token token = new Token(
                userId, List.of("password"), scope, null, null, now, now.plus(lifetime), List.of(tokens.auditId()));
        return issue(token, null, began).text();
    }

    /**
     * An access key, and what it was made with.
     *
     * @param userId whose it is; the trustor's, when a trustee made it in their place
     */
    public record Key(
            String userId,
            String projectId,
            @Nullable String trustId,
            @Nullable String credentialId,
            @Nullable String accessTokenId) {}

    /** For whoever has signed with the key. It gives what its maker could do with it then, and never longer. */
    public Issued bySignature(Key key) {
        Instant began = clock.instant();
        Instant now = began.truncatedTo(ChronoUnit.SECONDS);
        Token token = new Token(
                key.trustId() == null ? key.userId() : trustee(key.userId(), key.trustId()),
                List.of(Token.BY_SIGNATURE),
                new Token.ProjectScope(key.projectId()),
                key.trustId(),
                key.credentialId(),
                key.accessTokenId(),
                null,
                now,
                now.plus(lifetime),
                List.of(tokens.auditId()),
                null);
        Issued issued = issue(token, null, began);
        if (!issued.authorization().validUntil().isAfter(now)) {
            throw Authorizations.denied();
        }
        return issued;
    }

    private String trustee(String userId, String trustId) {
        return transactions
                .read(tx -> stores.trusts().find(tx, trustId))
                .filter(trust -> userId.equals(trust.impersonation() ? trust.trustorId() : trust.trusteeId()))
                .map(Trust::trusteeId)
                .orElseThrow(Authorizations::denied);
    }

    /**
     * A token does not outlive what it was got with.
     *
     * @param began when its owner began to prove who they are
     */
    private Issued issue(Token token, @Nullable Trust trust, Instant began) {
        Drafts.Draft draft = drafts.of(token);
        if (trust != null) {
            transactions.run(tx -> stores.trusts().use(tx, trust));
        }
        if (draft.over().filter(over -> !token.issuedAt().isAfter(over)).isPresent()) {
            revocations.spare(token, began);
        }
        Instant end = draft.authorization().validUntil();
        Token bounded = end.isBefore(token.expiresAt()) ? token.ending(end) : token;
        return new Issued(tokens.write(bounded), draft.authorization().of(bounded));
    }

    private @Nullable Trust trust(AuthRequest.Wish wish) {
        return wish instanceof AuthRequest.ByTrust(String id)
                ? transactions.read(tx -> stores.trusts().find(tx, id)).orElseThrow(Authorizations::denied)
                : null;
    }

    private Token.Scope scope(AuthRequest.Wish wish, Proof proof, @Nullable Trust trust) {
        return switch (wish) {
            case AuthRequest.NoScope() -> Token.UNSCOPED;
            case AuthRequest.OfSystem() -> Token.SYSTEM;
            case AuthRequest.OfDomain(Named named) ->
                known(
                        wish,
                        tx -> Methods.domain(tx, stores.projects(), named)
                                .map(domain -> new Token.DomainScope(domain.id())));
            case AuthRequest.OfProject(Named named) ->
                known(wish, tx -> project(tx, named).map(project -> new Token.ProjectScope(project.id())));
            case AuthRequest.ByTrust(String id) -> {
                if (trust == null || trust.projectId() == null) {
                    throw Authorizations.denied();
                }
                yield new Token.ProjectScope(trust.projectId());
            }
            case AuthRequest.Unsaid() -> transactions.read(tx -> defaultScope(tx, proof.userId()));
        };
    }

    private Token.Scope known(AuthRequest.Wish wish, Function<Tx, Optional<Token.Scope>> read) {
        return scopes.find(wish, read).orElseThrow(Authorizations::denied);
    }

    private Optional<Project> project(Tx tx, Named named) {
        String name = named.name();
        if (name == null || named.domain() == null) {
            return stores.projects().find(tx, String.valueOf(named.id()));
        }
        return Methods.domain(tx, stores.projects(), named.domain())
                .flatMap(domain -> stores.projects().findByName(tx, domain.id(), name));
    }

    /** The user's default project when it can be used, else no scope. */
    private Token.Scope defaultScope(Tx tx, String userId) {
        User user = stores.users().find(tx, userId).orElseThrow(Authorizations::denied);
        if (user.defaultProjectId() == null) {
            return Token.UNSCOPED;
        }
        boolean usable = stores.projects()
                .find(tx, user.defaultProjectId())
                .filter(project -> project.enabled()
                        && stores.projects()
                                .requireDomain(tx, project.ownDomain())
                                .enabled()
                        && !stores.roles().onProject(tx, userId, project).isEmpty())
                .isPresent();
        return usable ? new Token.ProjectScope(user.defaultProjectId()) : Token.UNSCOPED;
    }
}

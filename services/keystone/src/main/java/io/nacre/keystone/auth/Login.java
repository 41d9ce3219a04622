package io.nacre.keystone.auth;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.keystone.assignment.EffectiveRoles;
import io.nacre.keystone.auth.AuthRequest.Named;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
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
import org.jspecify.annotations.Nullable;

/** Makes a token of a proof and a wish. */
public final class Login {
    private final Transactions transactions;
    private final Stores stores;
    private final Factors factors;
    private final Authorizations authorizations;
    private final Revocations revocations;
    private final Tokens tokens;
    private final Duration lifetime;
    private final InstantSource clock;

    /** Where it looks things up. */
    public record Stores(UserStore users, ProjectStore projects, TrustStore trusts, EffectiveRoles roles) {}

    /** What becomes of a login that was not refused. */
    sealed interface Outcome permits Issued, Partial {}

    /** A new token and what it stands for. */
    public record Issued(String text, Authorization authorization) implements Outcome {}

    public Login(
            Transactions transactions,
            Stores stores,
            Factors factors,
            Authorizations authorizations,
            Revocations revocations,
            Tokens tokens,
            Duration lifetime,
            InstantSource clock) {
        this.transactions = transactions;
        this.stores = stores;
        this.factors = factors;
        this.authorizations = authorizations;
        this.revocations = revocations;
        this.tokens = tokens;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** @param receipt of an earlier login that was not enough; null for none */
    Outcome login(AuthRequest request, @Nullable String receipt) {
        Proof proof = factors.prove(request, receipt);
        Optional<Partial> missing = factors.missing(proof);
        if (missing.isPresent()) {
            return missing.get();
        }
        Trust trust = trust(request.wish());
        Token.Scope scope = transactions.read(tx -> scope(tx, request.wish(), proof, trust));
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant end = now.plus(lifetime);
        if (proof.end() != null && proof.end().isBefore(end)) {
            end = proof.end();
        }
        String auditId = tokens.auditId();
        return issue(
                new Token(
                        proof.userId(),
                        proof.methods(),
                        scope,
                        trust == null ? null : trust.id(),
                        proof.credential() == null ? null : proof.credential().id(),
                        now,
                        end,
                        proof.origin() == null
                                ? List.of(auditId)
                                : List.of(auditId, proof.origin().token().chainId())),
                trust);
    }

    /** A token without a login, for Nacre's own users. */
    public String issue(String userId, Token.Scope scope, Duration lifetime) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Token token = new Token(
                userId, List.of("password"), scope, null, null, now, now.plus(lifetime), List.of(tokens.auditId()));
        return issue(token, null).text();
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
            @Nullable String credentialId) {}

    /** For whoever has signed with the key. It gives what its maker could do with it then, and never longer. */
    public Issued bySignature(Key key) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Token token = new Token(
                key.trustId() == null ? key.userId() : trustee(key.userId(), key.trustId()),
                List.of(Token.BY_SIGNATURE),
                new Token.ProjectScope(key.projectId()),
                key.trustId(),
                key.credentialId(),
                now,
                now.plus(lifetime),
                List.of(tokens.auditId()));
        Issued issued = issue(token, null);
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

    private Issued issue(Token token, @Nullable Trust trust) {
        Authorizations.Draft draft = transactions.read(tx -> authorizations.draft(tx, token));
        if (trust != null) {
            transactions.run(tx -> stores.trusts().use(tx, trust));
        }
        revocations.issued(token, draft.users(), draft.domains());
        Instant end = draft.authorization().validUntil();
        if (!end.isBefore(token.expiresAt())) {
            return new Issued(tokens.write(token), draft.authorization());
        }
        Token bounded = ending(token, end);
        return new Issued(
                tokens.write(bounded),
                transactions.read(tx -> authorizations.draft(tx, bounded)).authorization());
    }

    /** A token does not outlive the credential or trust it was got with. */
    private static Token ending(Token token, Instant end) {
        return new Token(
                token.userId(),
                token.methods(),
                token.scope(),
                token.trustId(),
                token.credentialId(),
                token.issuedAt(),
                end.truncatedTo(ChronoUnit.SECONDS),
                token.auditIds());
    }

    private @Nullable Trust trust(AuthRequest.Wish wish) {
        return wish instanceof AuthRequest.ByTrust(String id)
                ? transactions.read(tx -> stores.trusts().find(tx, id)).orElseThrow(Authorizations::denied)
                : null;
    }

    private Token.Scope scope(Tx tx, AuthRequest.Wish wish, Proof proof, @Nullable Trust trust) {
        if (proof.credential() != null) {
            return new Token.ProjectScope(proof.credential().projectId());
        }
        return switch (wish) {
            case AuthRequest.NoScope() -> Token.UNSCOPED;
            case AuthRequest.OfSystem() -> Token.SYSTEM;
            case AuthRequest.OfDomain(Named named) ->
                new Token.DomainScope(Methods.domain(tx, stores.projects(), named)
                        .orElseThrow(Authorizations::denied)
                        .id());
            case AuthRequest.OfProject(Named named) ->
                new Token.ProjectScope(
                        project(tx, named).orElseThrow(Authorizations::denied).id());
            case AuthRequest.ByTrust(String id) -> {
                if (trust == null || trust.projectId() == null) {
                    throw Authorizations.denied();
                }
                yield new Token.ProjectScope(trust.projectId());
            }
            case AuthRequest.Unsaid() -> defaultScope(tx, proof.userId());
        };
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

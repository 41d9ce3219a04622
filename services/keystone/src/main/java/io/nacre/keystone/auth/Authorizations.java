package io.nacre.keystone.auth;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.assignment.EffectiveRoles;
import io.nacre.keystone.oauth.AccessToken;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleStore;
import io.nacre.keystone.token.Token;
import io.nacre.keystone.trust.Trust;
import io.nacre.keystone.trust.TrustStore;
import io.nacre.keystone.user.User;
import io.nacre.keystone.user.UserStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a token stands for, from what is in the database now; and whether it stands for anything at all. Every
 * reason for which it does not is the same UNAUTHENTICATED fault, so that nothing is learnt from it.
 */
public final class Authorizations {
    private final UserStore users;
    private final ProjectStore projects;
    private final EffectiveRoles effective;
    private final RoleStore roles;
    private final TrustStore trusts;
    private final Lent lent;
    private final Revocations revocations;
    private final Vouching vouching;

    public Authorizations(
            UserStore users,
            ProjectStore projects,
            EffectiveRoles effective,
            RoleStore roles,
            TrustStore trusts,
            Lent lent,
            Revocations revocations,
            Vouching vouching) {
        this.users = users;
        this.projects = projects;
        this.effective = effective;
        this.roles = roles;
        this.trusts = trusts;
        this.lent = lent;
        this.revocations = revocations;
        this.vouching = vouching;
    }

    public static FaultException denied() {
        return Fault.unauthenticated("The request you have made requires authentication.");
    }

    /** @param cause told to the log alone */
    public static FaultException denied(Throwable cause) {
        return denied().because(cause);
    }

    /**
     * What a token stands for when it is not revoked. Expiry is not looked at: {@link Authorization#validUntil} tells it.
     *
     * @param users who have a part in it
     * @param domains of these users and of the project
     */
    record Draft(Authorization authorization, Set<String> users, Set<String> domains) {}

    Draft draft(Tx tx, Token token) {
        Subjects subjects = new Subjects(tx);
        User holder = subjects.user(token.userId());
        Trust trust = token.trustId() == null ? null : trust(tx, token.trustId(), holder, subjects);
        ApplicationCredential credential = lent.credential(tx, token);
        AccessToken access = lent.accessToken(tx, token);
        Trust source =
                credential == null || credential.trustId() == null ? null : source(tx, credential.trustId(), subjects);
        User user = trust != null && trust.impersonation() ? subjects.user(trust.trustorId()) : holder;
        Project project = null;
        Project domain = null;
        List<Role> granted = List.of();
        EffectiveRoles effective = vouching.roles(tx, token, this.effective);
        switch (token.scope()) {
            case Token.Unscoped() -> {}
            case Token.ProjectScope(String id) -> {
                project = subjects.project(id);
                domain = project.isDomain() ? project : subjects.domain(project.ownDomain());
                if (source != null) {
                    requireStanding(tx, source, project, this.effective);
                }
                granted = trust == null
                        ? lent.narrowed(tx, effective.onProject(tx, holder.id(), project), credential, access)
                        : throughTrust(tx, project, trust, effective);
            }
            case Token.DomainScope(String id) -> {
                domain = subjects.domain(id);
                granted = effective.onDomain(tx, holder.id(), id);
            }
            case Token.SystemScope() -> granted = effective.onSystem(tx, holder.id());
        }
        if (granted.isEmpty() && !(token.scope() instanceof Token.Unscoped)) {
            throw denied();
        }
        Authorization authorization = new Authorization(
                token,
                user,
                projects.requireDomain(tx, user.domainId()),
                project,
                domain,
                granted,
                trust,
                credential,
                access,
                end(
                        token,
                        trust == null ? null : trust.expiresAt(),
                        credential == null ? null : credential.expiresAt(),
                        access == null ? null : access.expiresAt(),
                        granted.isEmpty() ? null : effective.end(tx, subjects.users)),
                revocations.generation(tx));
        return new Draft(authorization, Set.copyOf(subjects.users), Set.copyOf(subjects.domains));
    }

    /** Collects who has a part in a token. Each must be enabled; a revocation of any of them is one of the token. */
    private final class Subjects {
        private final Tx tx;
        private final Set<String> users = new HashSet<>();
        private final Set<String> domains = new HashSet<>();

        private Subjects(Tx tx) {
            this.tx = tx;
        }

        User user(String id) {
            User user =
                    Authorizations.this.users.find(tx, id).filter(User::enabled).orElseThrow(Authorizations::denied);
            domain(user.domainId());
            users.add(id);
            return user;
        }

        Project domain(String id) {
            domains.add(id);
            return projects.find(tx, id)
                    .filter(found -> found.isDomain() && found.enabled())
                    .orElseThrow(Authorizations::denied);
        }

        Project project(String id) {
            Project project = projects.find(tx, id)
                    .filter(found -> found.enabled() && !found.isDomain())
                    .orElseThrow(Authorizations::denied);
            domain(project.ownDomain());
            return project;
        }
    }

    private Trust trust(Tx tx, String id, User trustee, Subjects subjects) {
        Trust trust = trusts.findUsed(tx, id).orElseThrow(Authorizations::denied);
        if (!trust.trusteeId().equals(trustee.id())) {
            throw Fault.forbidden("You are not authorized to perform the requested action.");
        }
        trustors(tx, trust, subjects);
        return trust;
    }

    private void trustors(Tx tx, Trust trust, Subjects subjects) {
        for (Trust each : trusts.chain(tx, trust)) {
            subjects.user(each.trustorId());
        }
    }

    /** The trust that a credential was made with. */
    private Trust source(Tx tx, String id, Subjects subjects) {
        Trust trust = trusts.findUsed(tx, id).orElseThrow(Authorizations::denied);
        subjects.user(trust.trusteeId());
        trustors(tx, trust, subjects);
        return trust;
    }

    /** Never more than the first trustor has there now. */
    private List<Role> throughTrust(Tx tx, Project project, Trust trust, EffectiveRoles effective) {
        if (!project.id().equals(trust.projectId())) {
            throw denied();
        }
        requireStanding(tx, trust, project, effective);
        return roles.graph(tx).effective(trust.roleIds());
    }

    /** The first trustor of the chain must still have every role that the trust gives. */
    private void requireStanding(Tx tx, Trust trust, Project project, EffectiveRoles effective) {
        String trustor = trusts.chain(tx, trust).getLast().trustorId();
        Set<String> delegated = roles.graph(tx).expand(trust.roleIds());
        if (!effective.allOnProject(tx, trustor, project).containsAll(delegated)) {
            throw Fault.forbidden("You are not authorized to perform the requested action.");
        }
    }

    private static Instant end(Token token, @Nullable Instant... others) {
        return Stream.concat(Stream.of(token.expiresAt()), Stream.of(others).filter(Objects::nonNull))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }
}

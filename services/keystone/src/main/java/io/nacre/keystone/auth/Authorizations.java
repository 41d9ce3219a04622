package io.nacre.keystone.auth;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.applicationcredential.ApplicationCredentialStore;
import io.nacre.keystone.assignment.EffectiveRoles;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    private final ApplicationCredentialStore credentials;
    private final Revocations revocations;

    public Authorizations(
            UserStore users,
            ProjectStore projects,
            EffectiveRoles effective,
            RoleStore roles,
            TrustStore trusts,
            ApplicationCredentialStore credentials,
            Revocations revocations) {
        this.users = users;
        this.projects = projects;
        this.effective = effective;
        this.roles = roles;
        this.trusts = trusts;
        this.credentials = credentials;
        this.revocations = revocations;
    }

    public static FaultException denied() {
        return Fault.unauthenticated("The request you have made requires authentication.");
    }

    /** @param cause told to the log alone */
    public static FaultException denied(Throwable cause) {
        return denied().because(cause);
    }

    /** Expiry is not looked at: {@link Authorization#validUntil} tells it. */
    Authorization of(Tx tx, Token token) {
        Draft draft = draft(tx, token);
        if (revocations.isRevoked(tx, token, draft.users(), draft.domains())) {
            throw denied();
        }
        return draft.authorization();
    }

    /**
     * What a token would stand for that is about to be issued.
     *
     * @param users who have a part in it
     * @param domains of these users and of the project
     */
    record Draft(Authorization authorization, Set<String> users, Set<String> domains) {}

    Draft draft(Tx tx, Token token) {
        Subjects subjects = new Subjects(tx);
        User holder = subjects.user(token.userId());
        Trust trust = token.trustId() == null ? null : trust(tx, token.trustId(), holder, subjects);
        ApplicationCredential credential =
                token.credentialId() == null ? null : credential(tx, token.credentialId(), token, holder);
        User user = trust != null && trust.impersonation() ? subjects.user(trust.trustorId()) : holder;
        Project project = null;
        Project domain = null;
        List<Role> granted = List.of();
        switch (token.scope()) {
            case Token.Unscoped() -> {}
            case Token.ProjectScope(String id) -> {
                project = subjects.project(id);
                domain = project.isDomain() ? project : subjects.domain(project.ownDomain());
                granted = onProject(tx, holder, project, trust, credential);
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
                end(token, trust, credential),
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
            Project project = projects.find(tx, id).filter(Project::enabled).orElseThrow(Authorizations::denied);
            domain(project.ownDomain());
            return project;
        }
    }

    private Trust trust(Tx tx, String id, User trustee, Subjects subjects) {
        Trust trust = trusts.findUsed(tx, id)
                .filter(found -> found.trusteeId().equals(trustee.id()))
                .orElseThrow(Authorizations::denied);
        for (Trust each : trusts.chain(tx, trust)) {
            subjects.user(each.trustorId());
        }
        return trust;
    }

    private ApplicationCredential credential(Tx tx, String id, Token token, User user) {
        return credentials
                .find(tx, id)
                .filter(found ->
                        found.userId().equals(user.id()) && found.projectId().equals(token.projectId()))
                .orElseThrow(Authorizations::denied);
    }

    /** Never more than the user, and through a trust never more than the first trustor, has there now. */
    private List<Role> onProject(
            Tx tx, User holder, Project project, @Nullable Trust trust, @Nullable ApplicationCredential credential) {
        if (trust != null) {
            if (!project.id().equals(trust.projectId())) {
                throw denied();
            }
            List<Trust> chain = trusts.chain(tx, trust);
            Set<String> trustorHas = effective.allOnProject(tx, chain.getLast().trustorId(), project);
            Set<String> delegated = roles.graph(tx).expand(trust.roleIds());
            if (!trustorHas.containsAll(delegated)) {
                throw Fault.forbidden("You are not authorized to perform the requested action.");
            }
            return roles.graph(tx).effective(trust.roleIds());
        }
        List<Role> all = effective.onProject(tx, holder.id(), project);
        return credential == null
                ? all
                : all.stream()
                        .filter(role -> credential.roleIds().contains(role.id()))
                        .toList();
    }

    private static Instant end(Token token, @Nullable Trust trust, @Nullable ApplicationCredential credential) {
        Instant end = token.expiresAt();
        if (trust != null && trust.expiresAt() != null && trust.expiresAt().isBefore(end)) {
            end = trust.expiresAt();
        }
        if (credential != null
                && credential.expiresAt() != null
                && credential.expiresAt().isBefore(end)) {
            end = credential.expiresAt();
        }
        return end;
    }
}

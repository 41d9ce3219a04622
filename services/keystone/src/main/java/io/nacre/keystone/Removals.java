package io.nacre.keystone;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.keystone.assignment.Grant.Actor;
import io.nacre.keystone.assignment.Grant.Target;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.group.Group;
import io.nacre.keystone.identityprovider.IdentityProvider;
import io.nacre.keystone.identityprovider.Protocol;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.revocation.Revocation.Kind;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.user.User;
import java.util.List;
import java.util.Objects;

/** What goes, and which tokens end, when something is removed or disabled; all in the caller's transaction. */
public final class Removals {
    private final Stores stores;
    private final Revocations revocations;

    Removals(Stores stores, Revocations revocations) {
        this.stores = stores;
        this.revocations = revocations;
    }

    /** A user who is disabled or has another password needs new tokens; one with another name needs them read anew. */
    public void userChanged(Tx tx, User present, User changed) {
        boolean disabled = present.enabled() && !changed.enabled();
        if (disabled || !Objects.equals(present.passwordHash(), changed.passwordHash())) {
            revocations.revokeAll(tx, Kind.USER, changed.id());
        } else {
            revocations.changed(tx);
        }
    }

    /** A project or domain that is disabled ends its tokens; they do not come back when it is enabled again. */
    public void projectChanged(Tx tx, Project present, Project changed) {
        if (present.enabled() && !changed.enabled()) {
            revocations.revokeAll(tx, changed.isDomain() ? Kind.DOMAIN : Kind.PROJECT, changed.id());
        } else {
            revocations.changed(tx);
        }
    }

    public void user(Tx tx, User user) {
        stores.grants.deleteOfActor(tx, Actor.USER, user.id());
        stores.groups.leaveAll(tx, user.id());
        stores.credentials.deleteOfUser(tx, user.id());
        stores.trusts.deleteOfUser(tx, user.id());
        stores.oauthTokens.deleteOfUser(tx, user.id());
        stores.applicationCredentials.deleteOfUser(tx, user.id());
        stores.failures.forget(tx, user.id());
        stores.history.forget(tx, user.id());
        stores.federatedUsers.deleteOfUser(tx, user.id());
        stores.users.delete(tx, user.id());
        revocations.changed(tx);
    }

    public void group(Tx tx, Group group) {
        stores.grants.deleteOfActor(tx, Actor.GROUP, group.id());
        stores.groups.delete(tx, group.id());
        revocations.changed(tx);
    }

    public void role(Tx tx, Role role) {
        stores.grants.deleteOfRole(tx, role.id());
        stores.roles.delete(tx, role.id());
        revocations.changed(tx);
    }

    public void project(Tx tx, Project project) {
        stores.grants.deleteOnTarget(tx, Target.PROJECT, project.id());
        stores.credentials.deleteOfProject(tx, project.id());
        stores.trusts.deleteOfProject(tx, project.id());
        stores.oauthTokens.deleteOfProject(tx, project.id());
        stores.applicationCredentials.deleteOfProject(tx, project.id());
        stores.limits.deleteOfProject(tx, project.id());
        stores.users.forgetDefaultProject(tx, project.id());
        stores.endpointProjects.deleteOfProject(tx, project.id());
        stores.groupProjects.deleteOfProject(tx, project.id());
        stores.projects.delete(tx, project.id());
        revocations.changed(tx);
    }

    /** With everything in it. Only a disabled one, so that nobody removes a domain by a slip. */
    public void domain(Tx tx, Project domain) {
        if (domain.enabled()) {
            throw Fault.forbidden("Cannot delete a domain that is enabled, please disable it first.");
        }
        List<Filter> inDomain = List.of(Filter.equal("domain_id", domain.id()));
        stores.users.list(tx, inDomain).forEach(user -> user(tx, user));
        stores.groups.list(tx, inDomain).forEach(group -> group(tx, group));
        stores.projects.list(tx, inDomain).forEach(project -> project(tx, project));
        stores.roles.list(tx, domain.id(), List.of()).forEach(role -> role(tx, role));
        stores.identityProviders.list(tx, inDomain).forEach(provider -> identityProvider(tx, provider));
        stores.grants.deleteOnTarget(tx, Target.DOMAIN, domain.id());
        stores.limits.deleteOfDomain(tx, domain.id());
        stores.domainConfigs.deleteOfDomain(tx, domain.id());
        stores.idMappings.deleteOfDomain(tx, domain.id());
        project(tx, domain);
    }

    /** A provider that is disabled vouches for nobody, also in tokens that are out. */
    public void identityProviderChanged(Tx tx) {
        revocations.changed(tx);
    }

    public void identityProvider(Tx tx, IdentityProvider provider) {
        stores.federatedUsers.deleteOfProvider(tx, provider.id());
        stores.expiring.deleteOfProvider(tx, provider.id());
        stores.protocols.deleteOfProvider(tx, provider.id());
        stores.identityProviders.delete(tx, provider.id());
        revocations.changed(tx);
    }

    public void protocol(Tx tx, Protocol protocol) {
        stores.federatedUsers.deleteOfProtocol(tx, protocol.identityProviderId(), protocol.id());
        stores.protocols.delete(tx, protocol);
        revocations.changed(tx);
    }

    /** A user who loses a role on a project loses the application credentials made there. */
    public void grantRevoked(Tx tx, String userId, String projectId) {
        stores.applicationCredentials.deleteOfUserOnProject(tx, userId, projectId);
    }
}

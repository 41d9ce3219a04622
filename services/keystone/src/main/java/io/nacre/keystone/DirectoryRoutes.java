package io.nacre.keystone;

import io.nacre.http.Route;
import io.nacre.keystone.assignment.AssignmentApi;
import io.nacre.keystone.assignment.GrantApi;
import io.nacre.keystone.assignment.SystemGrantApi;
import io.nacre.keystone.domain.DomainApi;
import io.nacre.keystone.domainconfig.DomainConfigApi;
import io.nacre.keystone.entity.Listings;
import io.nacre.keystone.group.GroupApi;
import io.nacre.keystone.group.MembershipApi;
import io.nacre.keystone.project.ProjectApi;
import io.nacre.keystone.project.ProjectTree;
import io.nacre.keystone.project.TagApi;
import io.nacre.keystone.role.ImpliedRoleApi;
import io.nacre.keystone.role.RoleApi;
import io.nacre.keystone.user.FederatedIdentities;
import io.nacre.keystone.user.PasswordApi;
import io.nacre.keystone.user.UserApi;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who and where: domains, projects, users, groups, roles and who has which. */
final class DirectoryRoutes {
    private DirectoryRoutes() {}

    static Stream<Route> of(Parts of) {
        Stores in = of.stores;
        ProjectTree tree = new ProjectTree(
                in.projects, of.effective, of.config.limitModel().deepest());
        ProjectApi projects = new ProjectApi(of.transactions, of.listings, in.projects, tree, of.removals, of.ids);
        Function<@Nullable String, Listings> listings = of.directories.listings(of.listings);
        return Stream.of(
                        new DomainApi(of.transactions, of.listings, in.projects, projects, of.removals, of.ids)
                                .routes(),
                        new DomainConfigApi(
                                        of.transactions, in.domainConfigs, in.projects, of.config.securityCompliance())
                                .routes(),
                        projects.routes(),
                        new TagApi(of.transactions, in.projects).routes(),
                        new UserApi(
                                        of.transactions,
                                        listings,
                                        new UserApi.Stores(
                                                in.users,
                                                in.projects,
                                                in.failures,
                                                new FederatedIdentities(
                                                        in.federatedUsers, in.identityProviders, in.protocols)),
                                        of.passwordRules,
                                        of.passwords,
                                        of.removals,
                                        of.ids,
                                        of.clock)
                                .routes(),
                        new PasswordApi(
                                        of.transactions,
                                        in.users,
                                        of.passwordLogins,
                                        of.passwordRules,
                                        of.passwords,
                                        of.removals)
                                .routes(),
                        new GroupApi(of.transactions, listings, in.groups, in.projects, of.removals, of.ids).routes(),
                        new MembershipApi(of.transactions, in.groups, in.expiring, in.users, listings, of.revocations)
                                .routes(),
                        new RoleApi(
                                        of.transactions,
                                        of.listings,
                                        in.roles,
                                        in.projects,
                                        of.revocations,
                                        of.removals,
                                        of.ids)
                                .routes(),
                        new ImpliedRoleApi(of.transactions, in.roles, of.revocations).routes(),
                        new GrantApi(
                                        of.transactions,
                                        in.grants,
                                        in.roles,
                                        in.users,
                                        in.groups,
                                        in.projects,
                                        of.revocations,
                                        of.removals)
                                .routes(),
                        new SystemGrantApi(of.transactions, in.grants, in.roles, in.users, in.groups, of.revocations)
                                .routes(),
                        new AssignmentApi(of.transactions, in.grants, in.groups, in.projects, in.roles, in.users)
                                .routes())
                .flatMap(List::stream);
    }
}

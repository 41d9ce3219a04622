package io.nacre.keystone.assignment;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.assignment.Grant.Actor;
import io.nacre.keystone.assignment.Grant.Target;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleApi;
import io.nacre.keystone.role.RoleStore;
import io.nacre.keystone.user.UserStore;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** API reference "System role assignments": roles on the deployment itself. */
public final class SystemGrantApi {
    private final Transactions transactions;
    private final AssignmentStore grants;
    private final RoleStore roles;
    private final UserStore users;
    private final GroupStore groups;
    private final Revocations revocations;

    public SystemGrantApi(
            Transactions transactions,
            AssignmentStore grants,
            RoleStore roles,
            UserStore users,
            GroupStore groups,
            Revocations revocations) {
        this.transactions = transactions;
        this.grants = grants;
        this.roles = roles;
        this.users = users;
        this.groups = groups;
        this.revocations = revocations;
    }

    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (Actor actor : Actor.values()) {
            String word = actor.name().toLowerCase(Locale.ROOT);
            String all = "/v3/system/" + word + "s/{actor_id}/roles";
            String one = all + "/{role_id}";
            routes.add(Route.get(all)
                    .policy(read("list_system_grants_for_" + word))
                    .to(request -> list(request, actor)));
            routes.add(Route.get(one)
                    .policy(read("check_system_grant_for_" + word))
                    .to(request -> check(request, actor)));
            routes.add(Route.put(one)
                    .policy(KeystonePolicy.cloud("create_system_grant_for_" + word, ADMIN))
                    .to(request -> create(request, actor)));
            routes.add(Route.delete(one)
                    .policy(KeystonePolicy.cloud("revoke_system_grant_for_" + word, ADMIN))
                    .to(request -> revoke(request, actor)));
        }
        return routes;
    }

    private static PolicyRule read(String name) {
        return KeystonePolicy.cloud(name, ADMIN_OR_SYSTEM_READER);
    }

    private void requireActor(Tx tx, Request request, Actor actor) {
        if (actor == Actor.USER) {
            users.require(tx, request.param("actor_id"));
        } else {
            groups.require(tx, request.param("actor_id"));
        }
    }

    private static Grant grant(Request request, Actor actor) {
        return Grant.onSystem(actor, request.param("actor_id"), request.param("role_id"));
    }

    private Response list(Request request, Actor actor) {
        List<Role> found = transactions.read(tx -> {
            requireActor(tx, request, actor);
            List<Grant> held = grants.list(
                    tx, new AssignmentStore.Filter(actor, request.param("actor_id"), Target.SYSTEM, null, null, false));
            return roles.graph(tx).known(held.stream().map(Grant::roleId).toList());
        });
        return Envelope.collection(request, "roles", found, RoleApi::show);
    }

    private Response check(Request request, Actor actor) {
        boolean granted = transactions.read(tx -> {
            roles.require(tx, request.param("role_id"));
            requireActor(tx, request, actor);
            return grants.exists(tx, grant(request, actor));
        });
        if (!granted) {
            throw GrantApi.notGranted(grant(request, actor));
        }
        return Response.empty(204);
    }

    private Response create(Request request, Actor actor) {
        transactions.run(tx -> {
            Role role = roles.require(tx, request.param("role_id"));
            requireActor(tx, request, actor);
            if (role.domainId() != null) {
                throw Fault.invalid(
                        "Role " + role.id() + " is a domain-specific role. Unable to use a domain-specific role in a"
                                + " system assignment.");
            }
            grants.create(tx, grant(request, actor));
            revocations.changed(tx);
        });
        return Response.empty(204);
    }

    private Response revoke(Request request, Actor actor) {
        transactions.run(tx -> {
            roles.require(tx, request.param("role_id"));
            if (!grants.delete(tx, grant(request, actor))) {
                throw GrantApi.notGranted(grant(request, actor));
            }
            revocations.changed(tx);
        });
        return Response.empty(204);
    }
}

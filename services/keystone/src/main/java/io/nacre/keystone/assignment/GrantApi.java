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
import io.nacre.keystone.Removals;
import io.nacre.keystone.assignment.Grant.Actor;
import io.nacre.keystone.assignment.Grant.Target;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleApi;
import io.nacre.keystone.role.RoleStore;
import io.nacre.keystone.user.UserStore;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API reference "Roles", assignments on projects and domains, and "OS-INHERIT". */
public final class GrantApi {
    private static final PolicyRule CHECK = KeystonePolicy.domain(
            "check_grant", ADMIN_OR_SYSTEM_READER + " or (" + both("reader") + " and " + roleOfDomain() + ")");
    private static final PolicyRule LIST =
            KeystonePolicy.domain("list_grants", ADMIN_OR_SYSTEM_READER + " or " + both("reader"));
    private static final PolicyRule CREATE =
            KeystonePolicy.domain("create_grant", ADMIN + " or (" + both("admin") + " and " + roleOfDomain() + ")");
    private static final PolicyRule REVOKE =
            KeystonePolicy.domain("revoke_grant", ADMIN + " or (" + both("admin") + " and " + roleOfDomain() + ")");

    /** Both the actor and the target belong to the token's domain. */
    private static String both(String role) {
        String rule = "(role:" + role + " and domain_id:%(target.ACTOR.domain_id)s and domain_id:%(target.TARGET)s)";
        List<String> any = new ArrayList<>();
        for (String actor : List.of("user", "group")) {
            for (String target : List.of("project.domain_id", "domain.id")) {
                any.add(rule.replace("ACTOR", actor).replace("TARGET", target));
            }
        }
        return "(" + String.join(" or ", any) + ")";
    }

    private static String roleOfDomain() {
        return "(domain_id:%(target.role.domain_id)s or None:%(target.role.domain_id)s)";
    }

    private final Transactions transactions;
    private final AssignmentStore grants;
    private final RoleStore roles;
    private final UserStore users;
    private final GroupStore groups;
    private final ProjectStore projects;
    private final Revocations revocations;
    private final Removals removals;

    public GrantApi(
            Transactions transactions,
            AssignmentStore grants,
            RoleStore roles,
            UserStore users,
            GroupStore groups,
            ProjectStore projects,
            Revocations revocations,
            Removals removals) {
        this.transactions = transactions;
        this.grants = grants;
        this.roles = roles;
        this.users = users;
        this.groups = groups;
        this.projects = projects;
        this.revocations = revocations;
        this.removals = removals;
    }

    /** The same four routes for each kind of actor and target, on the target itself and on what is below it. */
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (Actor actor : Actor.values()) {
            for (Target target : List.of(Target.PROJECT, Target.DOMAIN)) {
                String path = "/" + plural(target) + "/{target_id}/" + plural(actor) + "/{actor_id}/roles";
                routes.addAll(new Kind(actor, target, false).routes("/v3" + path, ""));
                routes.addAll(new Kind(actor, target, true).routes("/v3/OS-INHERIT" + path, "/inherited_to_projects"));
            }
        }
        return routes;
    }

    private static String plural(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "s";
    }

    /** The routes for one kind of actor and target. */
    private final class Kind {
        private final Actor actor;
        private final Target target;
        private final boolean inherited;

        Kind(Actor actor, Target target, boolean inherited) {
            this.actor = actor;
            this.target = target;
            this.inherited = inherited;
        }

        List<Route> routes(String path, String suffix) {
            String one = path + "/{role_id}" + suffix;
            return List.of(
                    Route.get(path + suffix)
                            .policy(LIST, this::collectionTarget)
                            .to(this::list),
                    Route.get(one).policy(CHECK, this::memberTarget).to(this::check),
                    Route.put(one).policy(CREATE, this::memberTarget).to(this::create),
                    Route.delete(one).policy(REVOKE, this::memberTarget).to(this::revoke));
        }

        private Map<String, @Nullable Object> collectionTarget(Request request) {
            return transactions.read(tx -> {
                Map<String, @Nullable Object> about = new HashMap<>();
                about(tx, request, about);
                return about;
            });
        }

        private Map<String, @Nullable Object> memberTarget(Request request) {
            return transactions.read(tx -> {
                Map<String, @Nullable Object> about = new HashMap<>();
                about(tx, request, about);
                roles.find(tx, request.param("role_id"))
                        .ifPresent(role -> about.put("target.role.domain_id", role.domainId()));
                return about;
            });
        }

        private void about(Tx tx, Request request, Map<String, @Nullable Object> about) {
            String actorId = request.param("actor_id");
            if (actor == Actor.USER) {
                users.find(tx, actorId).ifPresent(user -> about.put("target.user.domain_id", user.domainId()));
            } else {
                groups.find(tx, actorId).ifPresent(group -> about.put("target.group.domain_id", group.domainId()));
            }
            projects.find(tx, request.param("target_id")).ifPresent(project -> {
                if (target == Target.DOMAIN) {
                    about.put("target.domain.id", project.id());
                } else {
                    about.put("target.project.domain_id", project.domainId());
                }
            });
        }

        private void requireActor(Tx tx, Request request) {
            if (actor == Actor.USER) {
                users.require(tx, request.param("actor_id"));
            } else {
                groups.require(tx, request.param("actor_id"));
            }
        }

        private Project requireTarget(Tx tx, Request request) {
            String id = request.param("target_id");
            return target == Target.DOMAIN ? projects.requireDomain(tx, id) : projects.require(tx, id);
        }

        private Grant grant(Request request) {
            return new Grant(
                    actor,
                    request.param("actor_id"),
                    target,
                    request.param("target_id"),
                    request.param("role_id"),
                    inherited);
        }

        private Response list(Request request) {
            List<Role> found = transactions.read(tx -> {
                requireActor(tx, request);
                Project on = requireTarget(tx, request);
                List<Grant> held = grants.list(
                        tx,
                        new AssignmentStore.Filter(
                                actor, request.param("actor_id"), target, List.of(on.id()), null, inherited));
                return roles.graph(tx).known(held.stream().map(Grant::roleId).toList());
            });
            return Envelope.collection(request, "roles", found, RoleApi::show);
        }

        private Response check(Request request) {
            boolean granted = transactions.read(tx -> {
                roles.require(tx, request.param("role_id"));
                requireActor(tx, request);
                requireTarget(tx, request);
                return grants.exists(tx, grant(request));
            });
            if (!granted) {
                throw notGranted(grant(request));
            }
            return Response.empty(204);
        }

        private Response create(Request request) {
            transactions.run(tx -> {
                Role role = roles.require(tx, request.param("role_id"));
                requireActor(tx, request);
                Project on = requireTarget(tx, request);
                if (role.domainId() != null && !role.domainId().equals(on.ownDomain())) {
                    throw Fault.forbidden("Project " + on.id() + " must be in the same domain as the role " + role.id()
                            + " being assigned.");
                }
                grants.create(tx, grant(request));
                revocations.changed(tx);
            });
            return Response.empty(204);
        }

        /** Also for an actor that is gone, so that leftovers can be cleaned up. */
        private Response revoke(Request request) {
            transactions.run(tx -> {
                roles.require(tx, request.param("role_id"));
                requireTarget(tx, request);
                if (!grants.delete(tx, grant(request))) {
                    throw notGranted(grant(request));
                }
                if (actor == Actor.USER && target == Target.PROJECT) {
                    removals.grantRevoked(tx, request.param("actor_id"), request.param("target_id"));
                }
                revocations.changed(tx);
            });
            return Response.empty(204);
        }
    }

    static RuntimeException notGranted(Grant grant) {
        return Fault.notFound("Could not find role assignment with role: " + grant.roleId() + ", user or group: "
                + grant.actorId() + ", project, domain, or system: "
                + (grant.targetId().equals(Grant.SYSTEM_ID) ? "system" : grant.targetId()) + ".");
    }
}

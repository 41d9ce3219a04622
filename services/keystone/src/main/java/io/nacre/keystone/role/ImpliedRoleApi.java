package io.nacre.keystone.role;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** API reference "Roles", implied roles: who has one role has the other too. */
public final class ImpliedRoleApi {
    private static final PolicyRule GET = KeystonePolicy.cloud("get_implied_role", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CHECK = KeystonePolicy.cloud("check_implied_role", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule LIST = KeystonePolicy.cloud("list_implied_roles", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule LIST_ALL =
            KeystonePolicy.cloud("list_role_inference_rules", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_implied_role", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_implied_role", ADMIN);

    /** Would let every token be one of an operator. */
    private static final Set<String> NEVER_IMPLIED = Set.of("admin");

    private final Transactions transactions;
    private final RoleStore roles;
    private final Revocations revocations;

    public ImpliedRoleApi(Transactions transactions, RoleStore roles, Revocations revocations) {
        this.transactions = transactions;
        this.roles = roles;
        this.revocations = revocations;
    }

    public List<Route> routes() {
        String one = "/v3/roles/{prior_role_id}/implies/{implied_role_id}";
        return List.of(
                Route.get("/v3/role_inferences").policy(LIST_ALL).to(this::listAll),
                Route.get("/v3/roles/{prior_role_id}/implies").policy(LIST).to(this::list),
                Route.get(one).policy(GET).to(this::show),
                Route.head(one).policy(CHECK).to(this::check),
                Route.put(one).policy(CREATE).to(this::create),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private static Map<String, Object> named(Request request, Role role) {
        return Map.of(
                "id",
                role.id(),
                "name",
                role.name(),
                "links",
                Map.of("self", Envelope.url(request, "/roles/" + role.id())));
    }

    private Response listAll(Request request) {
        RoleGraph graph = transactions.read(roles::graph);
        List<Map<String, Object>> inferences = new ArrayList<>();
        graph.implied()
                .forEach((prior, implied) -> inferences.add(Map.of(
                        "prior_role",
                        named(request, role(graph, prior)),
                        "implies",
                        implied(request, graph, implied))));
        return Response.json(200, "role_inferences", inferences);
    }

    private static List<Map<String, Object>> implied(Request request, RoleGraph graph, Set<String> implied) {
        return implied.stream().map(id -> named(request, role(graph, id))).toList();
    }

    private static Role role(RoleGraph graph, String id) {
        return Objects.requireNonNull(graph.roles().get(id));
    }

    private Response list(Request request) {
        String priorId = request.param("prior_role_id");
        RoleGraph graph = transactions.read(tx -> {
            roles.require(tx, priorId);
            return roles.graph(tx);
        });
        return inference(
                request,
                200,
                role(graph, priorId),
                implied(request, graph, graph.implied().getOrDefault(priorId, Set.of())));
    }

    private Response inference(Request request, int status, Role prior, Object implies) {
        return Response.json(
                status,
                Map.of(
                        "role_inference",
                        Map.of("prior_role", named(request, prior), "implies", implies),
                        "links",
                        Map.of("self", request.baseUrl() + request.path())));
    }

    private record Pair(Role prior, Role implied) {}

    private Pair pair(Tx tx, Request request) {
        return new Pair(
                roles.require(tx, request.param("prior_role_id")), roles.require(tx, request.param("implied_role_id")));
    }

    private Pair existing(Request request) {
        return transactions.read(tx -> {
            Pair pair = pair(tx, request);
            if (!isImplied(tx, pair)) {
                throw notImplied(pair);
            }
            return pair;
        });
    }

    private boolean isImplied(Tx tx, Pair pair) {
        return roles.graph(tx)
                .implied()
                .getOrDefault(pair.prior().id(), Set.of())
                .contains(pair.implied().id());
    }

    private static RuntimeException notImplied(Pair pair) {
        return Fault.notFound(
                pair.prior().id() + " does not imply " + pair.implied().id() + ".");
    }

    private Response show(Request request) {
        Pair pair = existing(request);
        return inference(request, 200, pair.prior(), named(request, pair.implied()));
    }

    private Response check(Request request) {
        existing(request);
        return Response.empty(204);
    }

    private Response create(Request request) {
        Pair made = transactions.write(tx -> {
            Pair pair = pair(tx, request);
            boolean beyondDomain =
                    pair.prior().domainId() == null && pair.implied().domainId() != null;
            if (beyondDomain || NEVER_IMPLIED.contains(pair.implied().name())) {
                throw Fault.forbidden(pair.implied().id() + " cannot be an implied roles.");
            }
            if (isImplied(tx, pair)) {
                throw Fault.conflict("Conflict occurred attempting to store implied_role - Duplicate entry.");
            }
            roles.imply(tx, pair.prior().id(), pair.implied().id());
            revocations.changed(tx);
            return pair;
        });
        return inference(request, 201, made.prior(), named(request, made.implied()));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Pair pair = pair(tx, request);
            if (!roles.unimply(tx, pair.prior().id(), pair.implied().id())) {
                throw notImplied(pair);
            }
            revocations.changed(tx);
        });
        return Response.empty(204);
    }
}

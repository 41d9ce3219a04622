package io.nacre.keystone.role;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.policy.Personas;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** API reference "Roles", implied roles and inference rules. */
public final class ImpliedRoleApi {
    private static final String READER = "role:admin or (role:reader and system_scope:all)";
    private static final PolicyRule GET =
            PolicyRule.anyScope("identity:get_implied_role", READER, "Show an implication between two roles.");
    private static final PolicyRule LIST =
            PolicyRule.anyScope("identity:list_implied_roles", READER, "List the roles that a role implies.");
    private static final PolicyRule CREATE =
            PolicyRule.anyScope("identity:create_implied_role", Personas.ADMIN, "Let a role imply another.");
    private static final PolicyRule DELETE =
            PolicyRule.anyScope("identity:delete_implied_role", Personas.ADMIN, "End an implication.");
    private static final PolicyRule RULES =
            PolicyRule.anyScope("identity:list_role_inference_rules", READER, "List all implications.");
    private static final PolicyRule CHECK =
            PolicyRule.anyScope("identity:check_implied_role", READER, "Check an implication between two roles.");

    private static final String ALL = "/v3/roles/{prior_role_id}/implies";
    private static final String ONE = ALL + "/{implied_role_id}";

    private final Transactions transactions;
    private final RoleStore roles;

    public ImpliedRoleApi(Transactions transactions, RoleStore roles) {
        this.transactions = transactions;
        this.roles = roles;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/role_inferences").policy(RULES).to(this::rules),
                Route.get(ALL).policy(LIST).to(this::list),
                Route.get(ONE).policy(GET).to(this::show),
                Route.head(ONE).policy(CHECK).to(this::check),
                Route.put(ONE).policy(CREATE).to(this::create),
                Route.delete(ONE).policy(DELETE).to(this::delete));
    }

    /** An implication, whose roles were found. */
    private record Pair(Role prior, Role implied) {}

    private Response rules(Request request) {
        List<Map<String, Object>> rules = transactions.read(tx -> roles.implications(tx).entrySet().stream()
                .map(entry -> rule(request, tx, roles.require(tx, entry.getKey()), entry.getValue()))
                .toList());
        return Response.json(200, Map.of("role_inferences", rules, "links", links(request)));
    }

    private Response list(Request request) {
        return transactions.read(tx -> {
            Role prior = roles.require(tx, request.param("prior_role_id"));
            Set<String> implied = roles.implications(tx).getOrDefault(prior.id(), Set.of());
            return Response.json(
                    200, Map.of("role_inference", rule(request, tx, prior, implied), "links", links(request)));
        });
    }

    private Map<String, Object> rule(Request request, Tx tx, Role prior, Set<String> impliedIds) {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("prior_role", RoleApi.view(request, prior));
        rule.put(
                "implies",
                roles.byId(tx, new TreeSet<>(impliedIds)).values().stream()
                        .map(role -> RoleApi.view(request, role))
                        .toList());
        return rule;
    }

    private Response show(Request request) {
        return Response.json(200, body(request, transactions.read(tx -> requireImplied(tx, request))));
    }

    private Response check(Request request) {
        transactions.read(tx -> requireImplied(tx, request));
        return Response.empty(204);
    }

    private Response create(Request request) {
        Pair pair = transactions.write(tx -> {
            Pair found = pair(tx, request);
            if (found.implied().domainId() != null) {
                throw Fault.invalid(
                        "The domain-specific role " + found.implied().id() + " cannot be implied.");
            }
            Map<String, Set<String>> implications = roles.implications(tx);
            if (RoleStore.closure(Set.of(found.implied().id()), implications)
                    .contains(found.prior().id())) {
                throw Fault.invalid("The role " + found.prior().id() + " would imply itself.");
            }
            roles.imply(tx, found.prior().id(), found.implied().id());
            return found;
        });
        return Response.json(201, body(request, pair));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Pair pair = pair(tx, request);
            if (!roles.endImplication(tx, pair.prior().id(), pair.implied().id())) {
                throw notImplied(pair);
            }
        });
        return Response.empty(204);
    }

    private Pair pair(Tx tx, Request request) {
        return new Pair(
                roles.require(tx, request.param("prior_role_id")), roles.require(tx, request.param("implied_role_id")));
    }

    private Pair requireImplied(Tx tx, Request request) {
        Pair pair = pair(tx, request);
        if (!roles.implications(tx)
                .getOrDefault(pair.prior().id(), Set.of())
                .contains(pair.implied().id())) {
            throw notImplied(pair);
        }
        return pair;
    }

    private static RuntimeException notImplied(Pair pair) {
        return Fault.notFound(
                pair.prior().id() + " does not imply " + pair.implied().id() + ".");
    }

    private static Map<String, Object> body(Request request, Pair pair) {
        Map<String, Object> inference = new LinkedHashMap<>();
        inference.put("prior_role", RoleApi.view(request, pair.prior()));
        inference.put("implies", RoleApi.view(request, pair.implied()));
        return Map.of("role_inference", inference, "links", links(request));
    }

    private static Map<String, Object> links(Request request) {
        return Map.of("self", request.url(Map.of()));
    }
}

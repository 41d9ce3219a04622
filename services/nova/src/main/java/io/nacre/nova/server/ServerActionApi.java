package io.nacre.nova.server;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.nova.NovaPolicy;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** API reference "Servers - run an action": one path, many actions told apart by the body's only member. */
public final class ServerActionApi {
    /** The path is everybody's; each action has a rule of its own. */
    private static final PolicyRule ANY = NovaPolicy.any("servers:action");

    private final Transactions transactions;
    private final ServerStore servers;
    private final Map<String, List<ServerAction>> actions = new HashMap<>();

    public ServerActionApi(Transactions transactions, ServerStore servers, List<ServerAction> actions) {
        this.transactions = transactions;
        this.servers = servers;
        for (ServerAction action : actions) {
            this.actions
                    .computeIfAbsent(action.name(), name -> new ArrayList<>())
                    .add(action);
        }
    }

    public List<Route> routes() {
        return List.of(Route.post("/servers/{id}/action").policy(ANY).to(this::act));
    }

    public List<PolicyRule> rules() {
        return actions.values().stream()
                .flatMap(List::stream)
                .map(ServerAction::policy)
                .distinct()
                .toList();
    }

    private Response act(Request request) {
        JsonNode body = request.json();
        if (!body.isObject() || body.isEmpty()) {
            throw Fault.invalid("Malformed request body");
        }
        ServerAction action = find(body, request.minor());
        if (action.body() != null) {
            action.body().check(body);
        }
        String id = request.param("id");
        Server server = transactions.read(tx -> servers.require(tx, request.caller(), id));
        request.enforce(action.policy(), server.target());
        return action.handler().handle(request, id, body.get(action.name()));
    }

    private ServerAction find(JsonNode body, int minor) {
        String first = body.propertyNames().iterator().next();
        for (ServerAction action : actions.getOrDefault(first, List.of())) {
            if (minor >= action.since() && minor <= action.until()) {
                return action;
            }
        }
        throw Fault.invalid("There is no such action: " + first + ".");
    }
}

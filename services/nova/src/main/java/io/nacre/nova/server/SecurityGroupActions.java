package io.nacre.nova.server;

import io.nacre.base.Transactions;
import io.nacre.contracts.peer.Networks;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Shapes;
import io.nacre.policy.PolicyRule;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** API reference "Servers - run an action": addSecurityGroup and removeSecurityGroup, on every port of the server. */
final class SecurityGroupActions {
    private static final PolicyRule ADD = NovaPolicy.member("os-security-groups:add");
    private static final PolicyRule REMOVE = NovaPolicy.member("os-security-groups:remove");
    private static final String SHAPE = """
            {"type": "object", "additionalProperties": false, "required": ["name"], "properties": {"name": %s}}""".formatted(Shapes.NAME);

    private final Transactions transactions;
    private final ServerStore servers;
    private final Networks networks;

    SecurityGroupActions(Transactions transactions, ServerStore servers, Networks networks) {
        this.transactions = transactions;
        this.servers = servers;
        this.networks = networks;
    }

    List<ServerAction> actions() {
        return List.of(
                ServerAction.of("addSecurityGroup", ADD, (request, id, argument) -> change(request, id, argument, true))
                        .shaped(SHAPE),
                ServerAction.of(
                                "removeSecurityGroup",
                                REMOVE,
                                (request, id, argument) -> change(request, id, argument, false))
                        .shaped(SHAPE));
    }

    private Response change(Request request, String id, JsonNode argument, boolean add) {
        String group = argument.get("name").asString();
        transactions.run(tx -> {
            Server server = servers.require(tx, request.caller(), id);
            networks.changeSecurityGroup(tx, request.caller(), server.id(), group, add);
        });
        return Response.empty(202);
    }
}

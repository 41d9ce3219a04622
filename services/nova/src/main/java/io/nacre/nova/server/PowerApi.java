package io.nacre.nova.server;

import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.server.action.ServerPower;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** API reference "Servers - run an action": start, stop, reboot, pause, unpause, suspend and resume. */
final class PowerApi {
    private final Transactions transactions;
    private final ServerStore servers;
    private final ServerPower power;

    PowerApi(Transactions transactions, ServerStore servers, ServerPower power) {
        this.transactions = transactions;
        this.servers = servers;
        this.power = power;
    }

    List<ServerAction> actions() {
        return List.of(
                action("os-start", "servers:start", ServerState.START),
                action("os-stop", "servers:stop", ServerState.STOP),
                ServerAction.of("reboot", NovaPolicy.member("servers:reboot"), this::reboot)
                        .shaped("""
                                {"type": "object", "additionalProperties": false, "required": ["type"], "properties":
                                  {"type": {"enum": ["HARD", "Hard", "hard", "SOFT", "Soft", "soft"]}}}"""),
                action("pause", "os-pause-server:pause", ServerState.PAUSE),
                action("unpause", "os-pause-server:unpause", ServerState.UNPAUSE),
                action("suspend", "os-suspend-server:suspend", ServerState.SUSPEND),
                action("resume", "os-suspend-server:resume", ServerState.RESUME));
    }

    private ServerAction action(String name, String rule, ServerState state) {
        return ServerAction.of(name, NovaPolicy.member(rule), (request, id, argument) -> run(request, id, state))
                .shaped("{}");
    }

    private Response reboot(Request request, String id, JsonNode argument) {
        boolean hard = argument.get("type").asString().toLowerCase(Locale.ROOT).equals("hard");
        return run(request, id, hard ? ServerState.REBOOT_HARD : ServerState.REBOOT_SOFT);
    }

    private Response run(Request request, String id, ServerState action) {
        transactions.run(tx -> {
            Server server = servers.require(tx, request.caller(), id);
            server.requireUnlocked(request.caller());
            power.start(tx, request.caller(), server, action);
        });
        return Response.empty(202);
    }
}

package io.nacre.nova.server;

import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Wire;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** API reference "Servers - run an action": lock, unlock, and an operator's reset of the state. */
final class LockApi {
    private static final PolicyRule LOCK = NovaPolicy.member("os-lock-server:lock");
    private static final PolicyRule UNLOCK = NovaPolicy.member("os-lock-server:unlock");
    static final PolicyRule OVERRIDE = NovaPolicy.admin("os-lock-server:unlock:unlock_override");
    private static final PolicyRule RESET = NovaPolicy.admin("os-admin-actions:reset_state");
    private static final int REASON_SINCE = 73;

    private final Transactions transactions;
    private final ServerStore servers;
    private final InstantSource clock;

    LockApi(Transactions transactions, ServerStore servers, InstantSource clock) {
        this.transactions = transactions;
        this.servers = servers;
        this.clock = clock;
    }

    List<ServerAction> actions() {
        return List.of(
                ServerAction.of("lock", LOCK, this::lock).shaped("{}").until(REASON_SINCE - 1),
                ServerAction.of("lock", LOCK, this::lock).shaped("""
                                {"type": ["object", "null"], "additionalProperties": false,
                                  "properties": {"locked_reason":
                                    {"type": "string", "minLength": 1, "maxLength": 255}}}""").since(REASON_SINCE),
                ServerAction.of("unlock", UNLOCK, this::unlock).shaped("{}"),
                ServerAction.of("os-resetState", RESET, this::reset).shaped("""
                                {"type": "object", "additionalProperties": false, "required": ["state"],
                                  "properties": {"state": {"enum": ["active", "error"]}}}"""));
    }

    private Response lock(Request request, String id, JsonNode argument) {
        String reason =
                request.minor() >= REASON_SINCE && argument.isObject() ? Wire.text(argument, "locked_reason") : null;
        transactions.run(tx -> {
            Server server = servers.require(tx, request.caller(), id);
            boolean owner = server.projectId().equals(request.caller().projectId());
            // An owner does not turn an operator's lock into their own.
            if (server.lock() == null || !owner || server.lock().by().equals("owner")) {
                servers.change(tx, server, clock.instant())
                        .lock(new Server.Lock(owner ? "owner" : "admin", reason))
                        .apply();
            }
        });
        return Response.empty(202);
    }

    private Response unlock(Request request, String id, JsonNode argument) {
        transactions.run(tx -> {
            Server server = servers.require(tx, request.caller(), id);
            boolean owner = server.projectId().equals(request.caller().projectId());
            if (server.lock() != null && !(owner && server.lock().by().equals("owner"))) {
                request.enforce(OVERRIDE, server.target());
            }
            servers.change(tx, server, clock.instant()).lock(null).apply();
        });
        return Response.empty(202);
    }

    private Response reset(Request request, String id, JsonNode argument) {
        VmState state = argument.get("state").asString().equals("active") ? VmState.ACTIVE : VmState.ERROR;
        transactions.run(tx -> {
            Server server = servers.require(tx, request.caller(), id);
            servers.change(tx, server, clock.instant()).vm(state).task(null).apply();
        });
        return Response.empty(202);
    }
}

package io.nacre.nova.server;

import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.server.action.ServerDelete;
import io.nacre.policy.PolicyRule;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * API reference "Servers - run an action": forceDelete and restore. A delete is never deferred here, as in the original
 * without {@code reclaim_instance_interval}: there is nothing to restore, and force means the same as delete.
 */
final class DeferredDeleteActions {
    private static final PolicyRule FORCE = NovaPolicy.member("os-deferred-delete:force");
    private static final PolicyRule RESTORE = NovaPolicy.member("os-deferred-delete:restore");

    private final Transactions transactions;
    private final ServerStore servers;
    private final ServerDelete deletion;

    DeferredDeleteActions(Transactions transactions, ServerStore servers, ServerDelete deletion) {
        this.transactions = transactions;
        this.servers = servers;
        this.deletion = deletion;
    }

    List<ServerAction> actions() {
        return List.of(
                ServerAction.of("forceDelete", FORCE, this::force).shaped("{}"),
                ServerAction.of("restore", RESTORE, this::restore).shaped("{}"));
    }

    private Response force(Request request, String id, JsonNode argument) {
        transactions.run(tx -> {
            Server server = servers.require(tx, request.caller(), id);
            server.requireUnlocked(request.caller());
            deletion.start(tx, request.caller(), server);
        });
        return Response.empty(202);
    }

    private Response restore(Request request, String id, JsonNode argument) {
        Server server = transactions.read(tx -> servers.require(tx, request.caller(), id));
        throw ServerState.refused(
                server, "restore", "vm_state " + server.vmState().wire());
    }
}

package io.nacre.nova.serverpassword;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerStore;
import io.nacre.policy.PolicyRule;
import java.util.List;

/** API reference "Servers password". */
public final class PasswordApi {
    private static final PolicyRule SHOW = NovaPolicy.reader("os-server-password:show");
    private static final PolicyRule CLEAR = NovaPolicy.member("os-server-password:clear");

    private final Transactions transactions;
    private final ServerStore servers;
    private final PasswordStore passwords;

    public PasswordApi(Transactions transactions, ServerStore servers, PasswordStore passwords) {
        this.transactions = transactions;
        this.servers = servers;
        this.passwords = passwords;
    }

    public List<Route> routes() {
        String path = "/servers/{id}/os-server-password";
        return List.of(
                Route.get(path).policy(SHOW).to(this::show),
                Route.delete(path).policy(CLEAR).to(this::clear));
    }

    private Server require(Tx tx, Request request, PolicyRule rule) {
        Server server = servers.require(tx, request.caller(), request.param("id"));
        request.enforce(rule, server.target());
        return server;
    }

    private Response show(Request request) {
        return Response.json(
                200,
                "password",
                transactions.read(
                        tx -> passwords.of(tx, require(tx, request, SHOW).id())));
    }

    /** Only here; the guest keeps what it has. */
    private Response clear(Request request) {
        transactions.run(tx -> passwords.clear(tx, require(tx, request, CLEAR).id()));
        return Response.empty(204);
    }
}

package io.nacre.nova.securitygroup;

import io.nacre.base.Transactions;
import io.nacre.contracts.peer.Networks;
import io.nacre.contracts.peer.SecurityGroups;
import io.nacre.contracts.peer.SecurityGroups.Group;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerStore;
import io.nacre.policy.PolicyRule;
import java.util.List;

/** API reference "Servers security groups": those that the ports of a server have. */
public final class ServerGroupsApi {
    private static final PolicyRule LIST = NovaPolicy.reader("os-security-groups:list");

    private final Transactions transactions;
    private final ServerStore servers;
    private final Networks networks;
    private final SecurityGroups groups;

    public ServerGroupsApi(Transactions transactions, ServerStore servers, Networks networks, SecurityGroups groups) {
        this.transactions = transactions;
        this.servers = servers;
        this.networks = networks;
        this.groups = groups;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/servers/{id}/os-security-groups").policy(LIST).to(this::list));
    }

    private Response list(Request request) {
        List<Group> found = transactions.read(tx -> {
            Server server = servers.require(tx, request.caller(), request.param("id"));
            request.enforce(LIST, server.target());
            List<String> ids = networks.ports(tx, List.of(server.id())).getOrDefault(server.id(), List.of()).stream()
                    .flatMap(port -> port.securityGroups().stream())
                    .map(SecurityGroups.GroupName::id)
                    .distinct()
                    .toList();
            return groups.all(tx, ids);
        });
        return Response.json(200, "security_groups", GroupView.all(found));
    }
}

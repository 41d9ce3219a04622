package io.nacre.nova.server;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.contracts.peer.Networks;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.View;
import io.nacre.nova.NovaPolicy;
import io.nacre.policy.PolicyRule;
import java.util.List;
import java.util.Map;

/** API reference "Servers IPs" and "Port interfaces", as far as they only look. */
final class AddressApi {
    private static final PolicyRule INDEX = NovaPolicy.reader("ips:index");
    private static final PolicyRule SHOW = NovaPolicy.reader("ips:show");
    private static final PolicyRule INTERFACES = NovaPolicy.reader("os-attach-interfaces:list");
    private static final PolicyRule INTERFACE = NovaPolicy.reader("os-attach-interfaces:show");
    private static final int TAG_SINCE = 70;

    private static final View<Networks.Port> PORT = new View<Networks.Port>()
            .field("net_id", Networks.Port::networkId)
            .field("port_id", Networks.Port::id)
            .field("mac_addr", Networks.Port::mac)
            .field("port_state", Networks.Port::status)
            .field("fixed_ips", AddressApi::fixed)
            .field("tag", TAG_SINCE, Networks.Port::tag);

    private final Transactions transactions;
    private final ServerStore servers;
    private final Networks networks;

    AddressApi(Transactions transactions, ServerStore servers, Networks networks) {
        this.transactions = transactions;
        this.servers = servers;
        this.networks = networks;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/servers/{id}/ips").policy(INDEX).to(this::addresses),
                Route.get("/servers/{id}/ips/{network}").policy(SHOW).to(this::addressesOf),
                Route.get("/servers/{id}/os-interface").policy(INTERFACES).to(this::interfaces),
                Route.get("/servers/{id}/os-interface/{port}").policy(INTERFACE).to(this::oneInterface));
    }

    private List<Networks.Port> ports(Request request, PolicyRule rule) {
        return transactions.read(tx -> {
            Server server = servers.require(tx, request.caller(), request.param("id"));
            request.enforce(rule, server.target());
            return networks.ports(tx, List.of(server.id())).getOrDefault(server.id(), List.of());
        });
    }

    private Response addresses(Request request) {
        return Response.json(200, "addresses", ServerView.addresses(ports(request, INDEX), false));
    }

    private Response addressesOf(Request request) {
        String network = request.param("network");
        List<Map<String, Object>> found =
                ServerView.addresses(ports(request, SHOW), false).get(network);
        if (found == null) {
            throw Fault.notFound("Instance is not a member of specified network");
        }
        return Response.json(200, network, found);
    }

    private Response interfaces(Request request) {
        return Response.json(200, "interfaceAttachments", PORT.showAll(ports(request, INTERFACES), request.minor()));
    }

    private Response oneInterface(Request request) {
        String port = request.param("port");
        Networks.Port found = ports(request, INTERFACE).stream()
                .filter(one -> one.id().equals(port))
                .findFirst()
                .orElseThrow(() ->
                        Fault.notFound("Instance " + request.param("id") + " does not have a port with id " + port));
        return Response.json(200, "interfaceAttachment", PORT.show(found, request.minor()));
    }

    private static List<Map<String, String>> fixed(Networks.Port port) {
        return port.addresses().stream()
                .filter(address -> address.subnet() != null)
                .map(AddressApi::fixed)
                .toList();
    }

    private static Map<String, String> fixed(Networks.Address address) {
        Networks.Subnet subnet = address.subnet();
        return Map.of("ip_address", address.address(), "subnet_id", subnet == null ? "" : subnet.id());
    }
}

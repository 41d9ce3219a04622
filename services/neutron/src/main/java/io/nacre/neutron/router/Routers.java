package io.nacre.neutron.router;

import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.port.IpWish;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.Port.Binding;
import io.nacre.neutron.port.Port.Device;
import io.nacre.neutron.port.Port.Dns;
import io.nacre.neutron.port.Port.FixedIp;
import io.nacre.neutron.port.Port.Protection;
import io.nacre.neutron.port.Ports;
import io.nacre.neutron.quota.ProjectQuotas;
import io.nacre.neutron.resource.Standard;
import io.nacre.neutron.router.Router.Gateway;
import io.nacre.neutron.router.Router.Route;
import io.nacre.neutron.subnet.Subnet;
import io.nacre.neutron.subnet.SubnetStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Making, changing and removing routers, and what they are connected to. */
public final class Routers {
    /** Who depends on a router's connections: floating addresses. */
    public interface Users {
        /** Whether one of them goes through this router's gateway. */
        boolean needGateway(Tx tx, String routerId);

        /** Whether one of them leads through this router to the subnet. */
        boolean needInterface(Tx tx, String routerId, Subnet subnet);
    }

    private final RouterStore routers;
    private final NetworkStore networks;
    private final SubnetStore subnets;
    private final Ports ports;
    private final RouterHosts hosts;
    private final ProjectQuotas quotas;
    private final Ids ids;
    private @Nullable Users users;

    public Routers(
            RouterStore routers,
            NetworkStore networks,
            SubnetStore subnets,
            Ports ports,
            RouterHosts hosts,
            ProjectQuotas quotas,
            Ids ids) {
        this.routers = routers;
        this.networks = networks;
        this.subnets = subnets;
        this.ports = ports;
        this.hosts = hosts;
        this.quotas = quotas;
        this.ids = ids;
    }

    public RouterStore store() {
        return routers;
    }

    public void ask(Users users) {
        this.users = users;
    }

    private Users users() {
        return Objects.requireNonNull(users);
    }

    static FaultException bad(String reason) {
        return NeutronFault.invalid("BadRequest", "Bad router request: " + reason + ".");
    }

    /** What a request says about the gateway. */
    record GatewayWish(String networkId, List<IpWish> addresses) {}

    Router create(Tx tx, Router draft, @Nullable GatewayWish wish) {
        quotas.take(tx, draft.projectId(), "router");
        routers.insert(tx, draft);
        if (wish == null) {
            return draft;
        }
        Router router = connect(tx, next(draft), wish);
        return save(tx, router);
    }

    Router next(Router router) {
        return router.with(router.standard().changed(ports.now()));
    }

    private Router save(Tx tx, Router router) {
        Router placed = hosts.place(tx, router);
        routers.update(tx, placed);
        hosts.changed(tx, placed);
        return placed;
    }

    /**
     * @param changed the next revision, its gateway still as it was
     * @param sent whether the request says anything of the gateway
     * @param wish null for none
     */
    Router update(Tx tx, Router present, Router changed, boolean sent, @Nullable GatewayWish wish) {
        Router router = changed;
        Gateway old = present.gateway();
        if (sent && old != null && (wish == null || !wish.networkId().equals(old.networkId()))) {
            requireGatewayUnused(tx, present, old);
            ports.delete(tx, ports.store().require(tx, old.portId()));
            router = router.with((Gateway) null);
        }
        if (sent && wish != null) {
            router = router.gateway() == null ? connect(tx, router, wish) : readdress(tx, router, wish);
        }
        if (!router.routes().equals(present.routes())) {
            requireReachable(tx, router);
        }
        return save(tx, router);
    }

    private void requireGatewayUnused(Tx tx, Router router, Gateway gateway) {
        if (users().needGateway(tx, router.id())) {
            throw NeutronFault.conflict(
                    "RouterExternalGatewayInUseByFloatingIp",
                    "Gateway cannot be updated for router " + router.id() + ", since a gateway to external network "
                            + gateway.networkId() + " is required by one or more floating IPs.");
        }
    }

    private Router connect(Tx tx, Router router, GatewayWish wish) {
        Network network = networks.require(tx, wish.networkId());
        if (!network.external()) {
            throw bad("Network " + network.id() + " is not an external network");
        }
        if (subnets.of(tx, network.id()).isEmpty()) {
            throw bad("No addresses can be had on external network " + network.id());
        }
        Port port = ports.create(
                tx,
                draft(network, router, "", Router.GATEWAY),
                wish.addresses().isEmpty() ? null : wish.addresses(),
                List.of());
        return router.with(new Gateway(network.id(), port.id(), port.fixedIps()));
    }

    private Router readdress(Tx tx, Router router, GatewayWish wish) {
        Gateway gateway = Objects.requireNonNull(router.gateway());
        if (wish.addresses().isEmpty()) {
            return router;
        }
        Port port = ports.store().require(tx, gateway.portId());
        Port changed = ports.update(tx, port, ports.next(port), wish.addresses());
        return router.with(new Gateway(gateway.networkId(), port.id(), changed.fixedIps()));
    }

    private Port draft(Network network, Router router, String project, String owner) {
        return new Port(
                Standard.fresh(ids.uuid(), project, "", ports.now()),
                network.id(),
                network.projectId(),
                "",
                "",
                true,
                "DOWN",
                new Device(router.id(), owner, true, null, ports.now()),
                Ports.bound(Binding.NONE, router.host()),
                new Protection(false, List.of(), List.of()),
                new Dns("", ""),
                List.of(),
                List.of());
    }

    /** Every next hop must be on one of the router's networks, and be somebody else. */
    private void requireReachable(Tx tx, Router router) {
        List<Port> own = new ArrayList<>(routers.interfaces(tx, router.id()));
        Gateway gateway = router.gateway();
        if (gateway != null) {
            own.add(ports.store().require(tx, gateway.portId()));
        }
        Set<String> addresses =
                own.stream().flatMap(port -> port.addresses().stream()).collect(Collectors.toSet());
        List<Cidr> connected = own.stream()
                .flatMap(port -> port.fixedIps().stream())
                .map(ip -> subnets.require(tx, ip.subnetId()).cidr())
                .toList();
        for (Route route : router.routes()) {
            if (connected.stream().noneMatch(cidr -> cidr.contains(route.nexthop()))) {
                throw invalidRoutes(router, "the nexthop is not connected with router");
            }
            if (addresses.contains(route.nexthop())) {
                throw invalidRoutes(router, "the nexthop is used by router");
            }
        }
    }

    private static FaultException invalidRoutes(Router router, String reason) {
        return NeutronFault.invalid(
                "InvalidRoutes", "Invalid format for routes: " + show(router.routes()) + ", " + reason);
    }

    private static String show(List<Route> routes) {
        return routes.stream()
                .map(r -> "{'destination': '" + r.destination() + "', 'nexthop': '" + r.nexthop() + "'}")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    void delete(Tx tx, Router router) {
        if (!routers.interfaces(tx, router.id()).isEmpty()) {
            throw NeutronFault.conflict("RouterInUse", "Router " + router.id() + " still has ports");
        }
        Gateway gateway = router.gateway();
        if (gateway != null) {
            requireGatewayUnused(tx, router, gateway);
            ports.delete(tx, ports.store().require(tx, gateway.portId()));
        }
        hosts.removed(tx, router);
        routers.delete(tx, router);
        quotas.give(tx, router.projectId(), "router");
    }

    /** What came of connecting a router: its port, and the subnet that was meant. */
    record Connected(Router router, Port port, String subnetId) {}

    Connected addSubnet(Tx tx, Router router, Subnet subnet) {
        if (subnet.gateway() == null) {
            throw bad("Subnet for router interface must have a gateway IP");
        }
        requireDistinct(tx, router, List.of(subnet));
        Network network = networks.require(tx, subnet.networkId());
        List<IpWish> wish = new ArrayList<>();
        wish.add(new IpWish(subnet.id(), subnet.gateway()));
        Port shared = subnet.version() == 6 ? sixOn(tx, router, network.id()) : null;
        Port port;
        if (shared != null) {
            for (FixedIp ip : shared.fixedIps()) {
                wish.add(new IpWish(ip.subnetId(), ip.address()));
            }
            port = ports.update(tx, shared, ports.next(shared), wish);
        } else {
            port = ports.create(tx, draft(network, router, router.projectId(), Router.INTERFACE), wish, List.of());
        }
        return new Connected(saved(tx, router), port, subnet.id());
    }

    /** IPv6 subnets of one network share a port. */
    private @Nullable Port sixOn(Tx tx, Router router, String networkId) {
        for (Port port : routers.interfaces(tx, router.id())) {
            if (port.networkId().equals(networkId)
                    && port.addresses().stream().allMatch(address -> address.contains(":"))) {
                return port;
            }
        }
        return null;
    }

    private Router saved(Tx tx, Router router) {
        return save(tx, next(routers.require(tx, router.id())));
    }

    private void requireDistinct(Tx tx, Router router, List<Subnet> wanted) {
        for (Port port : ports.store().ofDevice(tx, router.id())) {
            for (FixedIp ip : port.fixedIps()) {
                Subnet other = subnets.require(tx, ip.subnetId());
                for (Subnet subnet : wanted) {
                    if (other.id().equals(subnet.id())) {
                        throw bad("Router already has a port on subnet " + subnet.id());
                    }
                    if (other.cidr().overlaps(subnet.cidr())) {
                        throw bad("Cidr " + subnet.cidr() + " of subnet " + subnet.id() + " overlaps with cidr "
                                + other.cidr() + " of subnet " + other.id());
                    }
                }
            }
        }
    }

    Connected addPort(Tx tx, Router router, Port port) {
        if (!port.device().id().isEmpty()) {
            throw NeutronFault.conflict(
                    "PortInUse",
                    "Unable to complete operation on port " + port.id() + " for network " + port.networkId()
                            + ". Port already has an attached device "
                            + port.device().id() + ".");
        }
        if (port.fixedIps().isEmpty()) {
            throw bad("Router port must have at least one fixed IP");
        }
        List<Subnet> on = port.fixedIps().stream()
                .map(ip -> subnets.require(tx, ip.subnetId()))
                .toList();
        if (on.stream().filter(subnet -> subnet.version() == 4).count() > 1) {
            throw bad("Cannot have multiple IPv4 subnets on router port");
        }
        requireDistinct(tx, router, on);
        Port changed = ports.update(
                tx,
                port,
                ports.next(port)
                        .with(new Device(router.id(), Router.INTERFACE, true, null, ports.now()))
                        .with(Ports.bound(port.binding(), router.host()))
                        .with(new Protection(false, List.of(), List.of())),
                null);
        return new Connected(saved(tx, router), changed, on.getFirst().id());
    }

    Connected removeSubnet(Tx tx, Router router, Subnet subnet) {
        for (Port port : routers.interfaces(tx, router.id())) {
            if (port.fixedIps().stream().anyMatch(ip -> ip.subnetId().equals(subnet.id()))) {
                return remove(tx, router, port, subnet);
            }
        }
        throw NeutronFault.notFound(
                "RouterInterfaceNotFoundForSubnet",
                "Router " + router.id() + " has no interface on subnet " + subnet.id());
    }

    Connected removePort(Tx tx, Router router, String portId, @Nullable String subnetId) {
        Port port = routers.interfaces(tx, router.id()).stream()
                .filter(one -> one.id().equals(portId))
                .findFirst()
                .orElseThrow(() -> NeutronFault.notFound(
                        "RouterInterfaceNotFound",
                        "Router " + router.id() + " does not have an interface with id " + portId));
        List<String> on = port.fixedIps().stream().map(FixedIp::subnetId).toList();
        if (subnetId != null && !on.contains(subnetId)) {
            throw NeutronFault.invalid(
                    "SubnetMismatchForPort",
                    "Subnet on port " + portId + " does not match the requested subnet " + subnetId + ".");
        }
        on.forEach(id -> requireUnused(tx, router, subnets.require(tx, id)));
        ports.delete(tx, port);
        return new Connected(saved(tx, router), port, on.isEmpty() ? "" : on.getFirst());
    }

    private void requireUnused(Tx tx, Router router, Subnet subnet) {
        if (users().needInterface(tx, router.id(), subnet)) {
            throw NeutronFault.conflict(
                    "RouterInterfaceInUseByFloatingIP",
                    "Router interface for subnet " + subnet.id() + " on router " + router.id()
                            + " cannot be deleted, as it is required by one or more floating IPs.");
        }
        for (Route route : router.routes()) {
            if (subnet.cidr().contains(route.nexthop())) {
                throw NeutronFault.conflict(
                        "RouterInterfaceInUseByRoute",
                        "Router interface for subnet " + subnet.id() + " on router " + router.id()
                                + " cannot be deleted, as it is required by one or more routes.");
            }
        }
    }

    private Connected remove(Tx tx, Router router, Port port, Subnet subnet) {
        requireUnused(tx, router, subnet);
        List<IpWish> left = port.fixedIps().stream()
                .filter(ip -> !ip.subnetId().equals(subnet.id()))
                .map(ip -> new IpWish(ip.subnetId(), ip.address()))
                .toList();
        if (left.isEmpty()) {
            ports.delete(tx, port);
        } else {
            ports.update(tx, port, ports.next(port), left);
        }
        return new Connected(saved(tx, router), port, subnet.id());
    }
}

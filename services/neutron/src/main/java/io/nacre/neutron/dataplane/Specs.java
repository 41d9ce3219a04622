package io.nacre.neutron.dataplane;

import io.nacre.base.Tx;
import io.nacre.contracts.node.NetworkNode;
import io.nacre.contracts.node.NetworkNode.AddressPair;
import io.nacre.contracts.node.NetworkNode.DhcpSubnet;
import io.nacre.contracts.node.NetworkNode.Filter;
import io.nacre.contracts.node.NetworkNode.FilterRule;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.contracts.node.NetworkNode.Reservation;
import io.nacre.contracts.node.NetworkNode.RouterLeg;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import io.nacre.neutron.address.Addresses;
import io.nacre.neutron.agent.AgentStore;
import io.nacre.neutron.deployment.Deployment.Kind;
import io.nacre.neutron.deployment.DeploymentStore;
import io.nacre.neutron.floatingip.FloatingIpStore;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.PortStore;
import io.nacre.neutron.router.Router;
import io.nacre.neutron.router.Router.Gateway;
import io.nacre.neutron.router.RouterStore;
import io.nacre.neutron.securitygroup.SecurityRule;
import io.nacre.neutron.securitygroup.SecurityRuleStore;
import io.nacre.neutron.subnet.Subnet;
import io.nacre.neutron.subnet.SubnetStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What hosts are told, computed from one snapshot. */
public final class Specs {
    /** Where everything is read from. */
    public record Stores(
            NetworkStore networks,
            SubnetStore subnets,
            PortStore ports,
            SecurityRuleStore rules,
            AgentStore agents,
            DeploymentStore deployments,
            DhcpStore dhcp,
            RouterStore routers,
            FloatingIpStore floatingIps) {}

    private final Stores stores;
    private final String domain;

    /** @param domain what guests get as their domain, with or without the dot at its end */
    public Specs(Stores stores, String domain) {
        this.stores = stores;
        this.domain = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }

    /** Empty when the network is gone. */
    Optional<NetworkSpec> network(Tx tx, String host, String networkId, long generation) {
        return stores.networks().find(tx, networkId).map(network -> {
            Integer segment = network.segment().id();
            return new NetworkSpec(
                    networkId,
                    generation,
                    segment == null ? 0 : segment,
                    network.mtu(),
                    peers(tx, host, networkId),
                    network.segment().physical(),
                    dhcp(tx, host, network));
        });
    }

    private List<String> peers(Tx tx, String host, String networkId) {
        Set<String> peers = new TreeSet<>();
        for (String other : stores.deployments().hosts(tx, Kind.NETWORK, networkId)) {
            String tunnel = other.equals(host) ? null : stores.agents().tunnelIp(tx, other);
            if (tunnel != null) {
                peers.add(tunnel);
            }
        }
        return List.copyOf(peers);
    }

    private NetworkNode.@Nullable Dhcp dhcp(Tx tx, String host, Network network) {
        Optional<DhcpStore.Service> service =
                stores.dhcp().find(tx, network.id()).filter(s -> s.host().equals(host));
        Optional<Port> own = service.flatMap(s -> stores.ports().find(tx, s.portId()));
        if (own.isEmpty()) {
            return null;
        }
        Map<String, Subnet> served = new LinkedHashMap<>();
        stores.subnets().of(tx, network.id()).stream()
                .filter(Subnet::dhcp)
                .forEach(subnet -> served.put(subnet.id(), subnet));
        List<Port> ports = stores.ports().onNetwork(tx, network.id());
        Set<String> routed = ports.stream()
                .filter(port -> port.device().owner().equals(Router.INTERFACE))
                .flatMap(port -> port.fixedIps().stream())
                .map(Port.FixedIp::subnetId)
                .collect(Collectors.toSet());
        return new NetworkNode.Dhcp(
                own.get().id(),
                own.get().mac(),
                withPrefix(own.get(), served),
                served.values().stream()
                        .map(subnet -> subnet(subnet, routed.contains(subnet.id())))
                        .toList(),
                ports.stream()
                        .filter(port -> !port.device().owner().equals(io.nacre.neutron.port.Ports.DHCP))
                        .map(port -> reservation(port, served))
                        .flatMap(Optional::stream)
                        .toList(),
                network.dnsDomain().isEmpty() ? domain : network.dnsDomain().replaceFirst("\\.$", ""));
    }

    private static List<String> withPrefix(Port port, Map<String, Subnet> subnets) {
        List<String> addresses = new ArrayList<>();
        for (Port.FixedIp ip : port.fixedIps()) {
            Subnet subnet = subnets.get(ip.subnetId());
            if (subnet != null) {
                addresses.add(ip.address() + "/" + subnet.cidr().prefix());
            }
        }
        return addresses;
    }

    private static DhcpSubnet subnet(Subnet subnet, boolean routed) {
        Map<String, String> routes = new LinkedHashMap<>();
        subnet.routes().forEach(route -> routes.put(route.destination(), route.nexthop()));
        return new DhcpSubnet(
                subnet.id(),
                subnet.cidr().toString(),
                subnet.gateway(),
                subnet.dnsServers(),
                routes,
                subnet.raMode(),
                routed);
    }

    private static Optional<Reservation> reservation(Port port, Map<String, Subnet> served) {
        List<String> addresses = port.fixedIps().stream()
                .filter(ip -> served.containsKey(ip.subnetId()))
                .map(Port.FixedIp::address)
                .toList();
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> options = new LinkedHashMap<>();
        port.dhcpOptions().forEach(option -> options.put(option.name(), option.value() == null ? "" : option.value()));
        String name = port.dns().name();
        return Optional.of(new Reservation(
                port.id(),
                port.mac(),
                addresses,
                name.isEmpty() ? Port.hostname(addresses.getFirst()) : name,
                options));
    }

    /** Empty when the port is gone. */
    Optional<PortSpec> port(Tx tx, String portId, long generation) {
        return stores.ports()
                .find(tx, portId)
                .flatMap(port -> stores.networks()
                        .find(tx, port.networkId())
                        .map(network -> new PortSpec(
                                portId,
                                generation,
                                port.networkId(),
                                port.mac(),
                                port.addresses(),
                                port.protection().pairs().stream()
                                        .map(pair -> new AddressPair(block(pair.address()), pair.mac()))
                                        .toList(),
                                network.mtu(),
                                port.adminUp() && network.adminUp(),
                                filter(tx, port))));
    }

    /** Empty when the router is gone, or switched off: then it connects nothing. */
    Optional<RouterSpec> router(Tx tx, String routerId, long generation) {
        return stores.routers().find(tx, routerId).filter(Router::adminUp).map(router -> {
            Gateway gateway = router.gateway();
            Optional<Port> port =
                    gateway == null ? Optional.empty() : stores.ports().find(tx, gateway.portId());
            Map<String, String> routes = new LinkedHashMap<>();
            router.routes().forEach(route -> routes.put(route.destination(), route.nexthop()));
            return new RouterSpec(
                    routerId,
                    generation,
                    stores.routers().interfaces(tx, routerId).stream()
                            .map(leg -> leg(tx, leg))
                            .toList(),
                    port.map(one -> leg(tx, one)).orElse(null),
                    port.map(one -> nextHop(tx, one)).orElse(null),
                    router.snat(),
                    routes,
                    stores.floatingIps().through(tx, routerId).stream()
                            .flatMap(floating -> Optional.ofNullable(floating.target()).stream()
                                    .map(target -> new NetworkNode.FloatingIp(
                                            floating.id(), floating.address(), target.fixedAddress())))
                            .toList());
        });
    }

    private RouterLeg leg(Tx tx, Port port) {
        Map<String, Subnet> on = new LinkedHashMap<>();
        stores.subnets().of(tx, port.networkId()).forEach(subnet -> on.put(subnet.id(), subnet));
        int mtu = stores.networks().require(tx, port.networkId()).mtu();
        return new RouterLeg(port.id(), port.networkId(), port.mac(), withPrefix(port, on), mtu);
    }

    /** The gateway of the external subnet that the router has an IPv4 address of. */
    private @Nullable String nextHop(Tx tx, Port port) {
        for (Port.FixedIp ip : port.fixedIps()) {
            Subnet subnet = stores.subnets().require(tx, ip.subnetId());
            if (subnet.version() == 4 && subnet.gateway() != null) {
                return subnet.gateway();
            }
        }
        return null;
    }

    private static String block(String address) {
        return address.contains("/") ? address : address + (Addresses.version(address) == 4 ? "/32" : "/128");
    }

    private @Nullable Filter filter(Tx tx, Port port) {
        if (!port.protection().enabled()) {
            return null;
        }
        List<FilterRule> rules = new ArrayList<>();
        for (SecurityRule rule : stores.rules().of(tx, port.protection().groups())) {
            rules.add(new FilterRule(
                    rule.ingress(),
                    rule.ethertype(),
                    rule.protocol(),
                    rule.portMin(),
                    rule.portMax(),
                    remotes(tx, rule),
                    rule.stateful()));
        }
        return new Filter(rules);
    }

    private @Nullable List<String> remotes(Tx tx, SecurityRule rule) {
        String group = rule.remoteGroupId();
        if (group == null) {
            return rule.remotePrefix() == null ? null : List.of(rule.remotePrefix());
        }
        int version = rule.ethertype().equals("IPv4") ? 4 : 6;
        return stores.ports().memberAddresses(tx, group).stream()
                .filter(member -> Addresses.version(member) == version)
                .map(Specs::block)
                .distinct()
                .toList();
    }
}

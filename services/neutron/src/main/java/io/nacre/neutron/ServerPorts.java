package io.nacre.neutron;

import io.nacre.base.Tx;
import io.nacre.contracts.peer.Networks.Address;
import io.nacre.contracts.peer.Networks.Port;
import io.nacre.contracts.peer.SecurityGroups.GroupName;
import io.nacre.neutron.floatingip.FloatingIp;
import io.nacre.neutron.floatingip.FloatingIpStore;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.port.PortStore;
import io.nacre.neutron.securitygroup.SecurityGroupStore;
import io.nacre.neutron.subnet.Subnet;
import io.nacre.neutron.subnet.SubnetStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The ports of servers as the Compute service shows them, with few queries for many servers. */
final class ServerPorts {
    private final NetworkStore networks;
    private final SubnetStore subnets;
    private final PortStore ports;
    private final FloatingIpStore floatingIps;
    private final SecurityGroupStore groups;

    ServerPorts(
            NetworkStore networks,
            SubnetStore subnets,
            PortStore ports,
            FloatingIpStore floatingIps,
            SecurityGroupStore groups) {
        this.networks = networks;
        this.subnets = subnets;
        this.ports = ports;
        this.floatingIps = floatingIps;
        this.groups = groups;
    }

    Map<String, List<Port>> of(Tx tx, Collection<String> serverIds) {
        List<io.nacre.neutron.port.Port> found = ports.ofDevices(tx, serverIds);
        List<String> networkIds = found.stream()
                .map(io.nacre.neutron.port.Port::networkId)
                .distinct()
                .toList();
        Map<String, Network> networkById = new HashMap<>();
        networks.findAll(tx, networkIds).forEach(network -> networkById.put(network.id(), network));
        Map<String, Subnet> subnetById = new HashMap<>();
        subnets.ofAll(tx, networkIds).forEach(subnet -> subnetById.put(subnet.id(), subnet));
        Map<String, List<FloatingIp>> floating = new HashMap<>();
        for (FloatingIp one : floatingIps.to(
                tx, found.stream().map(io.nacre.neutron.port.Port::id).toList())) {
            FloatingIp.Target target = one.target();
            if (target != null) {
                floating.computeIfAbsent(target.portId(), id -> new ArrayList<>())
                        .add(one);
            }
        }
        Map<String, GroupName> groupById = groups.names(
                tx,
                found.stream()
                        .flatMap(port -> port.protection().groups().stream())
                        .distinct()
                        .toList());
        Map<String, List<Port>> byServer = new HashMap<>();
        for (io.nacre.neutron.port.Port port : found) {
            Network network = networkById.get(port.networkId());
            if (network != null) {
                byServer.computeIfAbsent(port.device().id(), id -> new ArrayList<>())
                        .add(port(port, network, subnetById, floating.getOrDefault(port.id(), List.of()), groupById));
            }
        }
        return byServer;
    }

    private static Port port(
            io.nacre.neutron.port.Port port,
            Network network,
            Map<String, Subnet> subnetById,
            List<FloatingIp> floating,
            Map<String, GroupName> groupById) {
        List<Address> addresses = new ArrayList<>();
        for (io.nacre.neutron.port.Port.FixedIp ip : port.fixedIps()) {
            Subnet subnet = subnetById.get(ip.subnetId());
            if (subnet != null) {
                addresses.add(new Address(subnet.version(), ip.address(), "fixed", show(subnet)));
            }
        }
        for (FloatingIp one : floating) {
            addresses.add(new Address(4, one.address(), "floating", null));
        }
        return new Port(
                port.id(),
                network.id(),
                network.name(),
                port.mac(),
                port.status(),
                network.mtu(),
                port.device().madeForIt(),
                port.device().tag(),
                addresses,
                port.protection().groups().stream()
                        .map(groupById::get)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private static io.nacre.contracts.peer.Networks.Subnet show(Subnet subnet) {
        Map<String, String> routes = new LinkedHashMap<>();
        subnet.routes().forEach(route -> routes.put(route.destination(), route.nexthop()));
        return new io.nacre.contracts.peer.Networks.Subnet(
                subnet.id(), subnet.cidr().toString(), subnet.gateway(), subnet.dnsServers(), routes, subnet.dhcp());
    }
}

package io.nacre.neutron.dataplane;

import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.agent.Agent;
import io.nacre.neutron.agent.Agents;
import io.nacre.neutron.dataplane.DhcpStore.Service;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.network.Networks;
import io.nacre.neutron.port.IpWish;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.Port.Binding;
import io.nacre.neutron.port.Port.Device;
import io.nacre.neutron.port.Port.Dns;
import io.nacre.neutron.port.Port.FixedIp;
import io.nacre.neutron.port.Port.Protection;
import io.nacre.neutron.port.PortStore;
import io.nacre.neutron.port.Ports;
import io.nacre.neutron.resource.Standard;
import io.nacre.neutron.subnet.Subnet;
import io.nacre.neutron.subnet.SubnetStore;
import io.nacre.neutron.subnet.Subnets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Gives every network with a DHCP subnet a host that serves it, and a port with an address of each such subnet. What
 * was made on its own goes on its own when subnet or network go.
 */
public final class Dhcp implements Subnets.Listener, Networks.Listener {
    /** Ports that vanish with the subnet or network, for they were not made by users. */
    private static final Set<String> AUTOMATIC = Set.of(Ports.DHCP, "network:distributed");

    private final DhcpStore services;
    private final NetworkStore networks;
    private final SubnetStore subnets;
    private final Subnets subnetOperations;
    private final Ports ports;
    private final Agents agents;
    private final Ids ids;

    public Dhcp(
            DhcpStore services,
            NetworkStore networks,
            SubnetStore subnets,
            Subnets subnetOperations,
            Ports ports,
            Agents agents,
            Ids ids) {
        this.services = services;
        this.networks = networks;
        this.subnets = subnets;
        this.subnetOperations = subnetOperations;
        this.ports = ports;
        this.agents = agents;
        this.ids = ids;
    }

    /** The host that serves the network. */
    Optional<String> hostOf(Tx tx, String networkId) {
        return services.find(tx, networkId).map(Service::host);
    }

    /** Makes, moves or removes the network's service as its subnets and the hosts that live ask for. */
    void settle(Tx tx, String networkId) {
        List<Subnet> served =
                subnets.of(tx, networkId).stream().filter(Subnet::dhcp).toList();
        Optional<Service> present = services.find(tx, networkId);
        if (served.isEmpty()) {
            present.ifPresent(service -> remove(tx, service));
            return;
        }
        if (present.isEmpty()) {
            host(tx).ifPresent(host -> make(tx, networks.require(tx, networkId), host, served));
            return;
        }
        Port port = ports.store().require(tx, present.get().portId());
        List<String> has = port.fixedIps().stream().map(FixedIp::subnetId).toList();
        if (!Set.copyOf(has).equals(Set.copyOf(served.stream().map(Subnet::id).toList()))) {
            ports.update(tx, port, ports.next(port), wishes(served));
        }
    }

    private static List<IpWish> wishes(List<Subnet> served) {
        return served.stream().map(subnet -> new IpWish(subnet.id(), null)).toList();
    }

    /** The host that serves the fewest networks, of those that live. */
    private Optional<String> host(Tx tx) {
        Map<String, Integer> load = services.load(tx);
        return agents.hosts(tx, Agent.DHCP).stream()
                .min(Comparator.comparing((String host) -> load.getOrDefault(host, 0))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private void make(Tx tx, Network network, String host, List<Subnet> served) {
        String device = "dhcp" + UUID.nameUUIDFromBytes(host.getBytes(StandardCharsets.UTF_8)) + "-" + network.id();
        Port draft = new Port(
                Standard.fresh(ids.uuid(), network.projectId(), "", ports.now()),
                network.id(),
                network.projectId(),
                "",
                "",
                true,
                "DOWN",
                new Device(device, Ports.DHCP, true, null, ports.now()),
                Ports.bound(Binding.NONE, host),
                new Protection(false, List.of(), List.of()),
                new Dns("", ""),
                List.of(),
                List.of());
        Port port = ports.create(tx, draft, wishes(served), List.of());
        services.insert(tx, new Service(network.id(), host, port.id()));
    }

    private void remove(Tx tx, Service service) {
        services.delete(tx, service.networkId());
        ports.store().find(tx, service.portId()).ifPresent(port -> ports.delete(tx, port));
    }

    /** Gives networks without a service one; for when a host comes. */
    void settleUnserved(Tx tx) {
        for (String networkId : subnets.servedNetworks(tx)) {
            if (services.find(tx, networkId).isEmpty()) {
                settle(tx, networkId);
            }
        }
    }

    /** Hosts that serve networks and are not heard of, while others are. */
    List<String> silentHosts(Tx tx) {
        Set<String> serving = services.load(tx).keySet();
        return agents.silent(tx, Agent.DHCP).stream().filter(serving::contains).toList();
    }

    /** Gives the networks of a host that is gone to others. Returns them. */
    List<String> leave(Tx tx, String deadHost) {
        List<String> left = services.networksOf(tx, deadHost);
        for (String networkId : left) {
            Service service = services.find(tx, networkId).orElseThrow();
            host(tx).filter(host -> !host.equals(deadHost)).ifPresent(host -> {
                services.move(tx, networkId, host);
                ports.bind(tx, ports.store().require(tx, service.portId()), host);
            });
        }
        return left;
    }

    @Override
    public void created(Tx tx, Subnet subnet) {
        settle(tx, subnet.networkId());
        if (subnet.isAutoAddressed()) {
            addressAll(tx, subnet);
        }
    }

    /** Ports that were there before get their address of a stateless subnet now. */
    private void addressAll(Tx tx, Subnet subnet) {
        for (Port port : ports.store().onNetwork(tx, subnet.networkId())) {
            boolean has = port.fixedIps().stream().anyMatch(ip -> ip.subnetId().equals(subnet.id()));
            if (!has && !port.isInfrastructure()) {
                List<IpWish> same = new ArrayList<>();
                port.fixedIps().forEach(ip -> same.add(new IpWish(ip.subnetId(), ip.address())));
                ports.update(tx, port, ports.next(port), same);
            }
        }
    }

    @Override
    public void changed(Tx tx, Subnet before, Subnet subnet) {
        settle(tx, subnet.networkId());
    }

    @Override
    public void deleting(Tx tx, Subnet subnet) {
        List<Port> users = ports.store().withAddressOf(tx, subnet.id());
        for (Port port : users) {
            boolean automatic = AUTOMATIC.contains(port.device().owner());
            boolean router = port.device().owner().startsWith("network:router");
            if (!automatic && (router || !subnet.isAutoAddressed())) {
                throw NeutronFault.conflict(
                        "SubnetInUse",
                        "Unable to complete operation on subnet " + subnet.id()
                                + ": One or more ports have an IP allocation from this subnet.");
            }
        }
        for (Port port : users) {
            ports.updateWithout(tx, port, subnet.id());
        }
    }

    @Override
    public void deleted(Tx tx, Subnet subnet) {
        settle(tx, subnet.networkId());
    }

    @Override
    public void changed(Tx tx, Network network) {}

    @Override
    public void deleting(Tx tx, Network network) {
        PortStore store = ports.store();
        for (Port port : store.onNetwork(tx, network.id())) {
            if (!AUTOMATIC.contains(port.device().owner())) {
                throw NeutronFault.conflict(
                        "NetworkInUse",
                        "Unable to complete operation on network " + network.id()
                                + ". There are one or more ports still in use on the network.");
            }
        }
        services.find(tx, network.id()).ifPresent(service -> remove(tx, service));
        for (Port port : store.onNetwork(tx, network.id())) {
            ports.delete(tx, port);
        }
        for (Subnet subnet : subnets.of(tx, network.id())) {
            subnetOperations.delete(tx, subnet);
        }
    }

    @Override
    public void unsharing(Tx tx, Network network, Set<String> allowed) {
        for (Port port : ports.store().onNetwork(tx, network.id())) {
            boolean own = port.projectId().isEmpty() || allowed.contains(port.projectId());
            if (!own && !AUTOMATIC.contains(port.device().owner())) {
                throw NeutronFault.conflict(
                        "InvalidSharedSetting",
                        "Unable to reconfigure sharing settings for network " + network.id()
                                + ". Multiple tenants are using it.");
            }
        }
    }
}

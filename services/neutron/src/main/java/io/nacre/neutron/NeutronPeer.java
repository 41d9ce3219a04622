package io.nacre.neutron;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.peer.Networks;
import io.nacre.neutron.dataplane.DataPlane;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.port.IpWish;
import io.nacre.neutron.port.Port.Binding;
import io.nacre.neutron.port.Port.Device;
import io.nacre.neutron.port.Port.Dns;
import io.nacre.neutron.port.Port.Protection;
import io.nacre.neutron.port.Ports;
import io.nacre.neutron.resource.Standard;
import io.nacre.neutron.securitygroup.SecurityGroup;
import io.nacre.neutron.securitygroup.SecurityGroups;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The Networking service as the Compute service of the same controller uses it. */
final class NeutronPeer implements Networks {
    private static final String OWNER = "compute:nova";

    private final NetworkStore networks;
    private final Ports ports;
    private final SecurityGroups groups;
    private final DataPlane plane;
    private final ServerPortStore views = new ServerPortStore();
    private final Ids ids;

    NeutronPeer(NetworkStore networks, Ports ports, SecurityGroups groups, DataPlane plane, Ids ids) {
        this.networks = networks;
        this.ports = ports;
        this.groups = groups;
        this.plane = plane;
        this.ids = ids;
    }

    @Override
    public List<Wish> resolve(Tx tx, Caller caller, List<Wish> wishes) {
        if (wishes.isEmpty()) {
            return only(tx, caller.requireProject());
        }
        Set<String> named = new HashSet<>();
        List<Wish> resolved = new ArrayList<>();
        for (Wish wish : wishes) {
            if (wish.portId() == null) {
                requireNetwork(tx, caller, Objects.requireNonNull(wish.networkId()));
                resolved.add(wish);
                continue;
            }
            if (!named.add(wish.portId())) {
                throw Fault.invalid("Duplicate port " + wish.portId() + " in the request.");
            }
            io.nacre.neutron.port.Port port = requirePort(tx, caller, wish.portId());
            resolved.add(new Wish(port.networkId(), port.id(), wish.fixedAddress(), wish.tag()));
        }
        return resolved;
    }

    /** The project's one network, or no network at all when there is none. */
    private List<Wish> only(Tx tx, String project) {
        List<Network> own = networks.where(tx, networks.project().eq(project));
        List<Network> usable = new ArrayList<>(own);
        for (Network shared : networks.where(tx, networks.usableBy(project))) {
            if (!usable.contains(shared)) {
                usable.add(shared);
            }
        }
        if (usable.size() > 1) {
            throw Fault.conflict("Multiple possible networks found, use a Network ID to be more specific.");
        }
        return usable.stream()
                .map(network -> new Wish(network.id(), null, null, null))
                .toList();
    }

    private void requireNetwork(Tx tx, Caller caller, String id) {
        Network network = networks.find(tx, id)
                .filter(n -> caller.isAdmin() || n.external() || n.isUsableBy(caller.projectId()))
                .orElseThrow(() -> Fault.notFound("Network " + id + " could not be found."));
        if (network.external() && !network.isUsableBy(caller.projectId()) && !caller.isAdmin()) {
            throw Fault.forbidden("It is not allowed to create an interface on external network " + id);
        }
        if (network.subnets().isEmpty()) {
            throw Fault.invalid("Network " + id + " requires a subnet in order to boot instances on.");
        }
    }

    private io.nacre.neutron.port.Port requirePort(Tx tx, Caller caller, String id) {
        io.nacre.neutron.port.Port port = ports.store()
                .find(tx, id)
                .filter(p -> caller.isAdmin() || p.projectId().equals(caller.projectId()))
                .orElseThrow(() -> Fault.notFound("Port " + id + " could not be found."));
        if (!port.device().id().isEmpty()) {
            throw Fault.conflict("Port " + id + " is still in use.");
        }
        if (port.fixedIps().isEmpty()) {
            throw Fault.invalid("Port " + id + " requires a FixedIP in order to be used.");
        }
        return port;
    }

    @Override
    public List<Port> allocate(Tx tx, Caller caller, Allocation allocation) {
        if (ports.store().ofDevice(tx, allocation.serverId()).isEmpty()) {
            List<String> groupIds = groupIds(tx, allocation);
            for (Wish wish : allocation.wishes()) {
                if (wish.portId() != null) {
                    attach(tx, wish.portId(), allocation, wish);
                } else {
                    make(tx, Objects.requireNonNull(wish.networkId()), allocation, wish, groupIds);
                }
            }
        }
        return views.of(tx, List.of(allocation.serverId())).getOrDefault(allocation.serverId(), List.of());
    }

    private List<String> groupIds(Tx tx, Allocation allocation) {
        Set<String> found = new LinkedHashSet<>();
        for (String name : allocation.securityGroups()) {
            found.add(group(tx, allocation.projectId(), name).id());
        }
        return List.copyOf(found);
    }

    @Override
    public void requireSecurityGroups(Tx tx, Caller caller, Collection<String> wanted) {
        String project = caller.requireProject();
        wanted.stream().filter(name -> !name.equals("default")).forEach(name -> group(tx, project, name));
    }

    /** By identifier or name; {@code default} is made when it is not there yet. */
    private SecurityGroup group(Tx tx, String project, String nameOrId) {
        if (nameOrId.equals("default")) {
            return groups.store().require(tx, groups.defaultOf(tx, project));
        }
        List<SecurityGroup> named = groups.store().named(tx, project, nameOrId);
        for (SecurityGroup one : named) {
            if (one.id().equals(nameOrId)) {
                return one;
            }
        }
        if (named.isEmpty()) {
            throw Fault.notFound("Security group " + nameOrId + " not found.");
        }
        if (named.size() > 1) {
            throw Fault.conflict("Multiple security_group matches found for name '" + nameOrId
                    + "', use an ID to be more specific.");
        }
        return named.getFirst();
    }

    private void attach(Tx tx, String portId, Allocation allocation, Wish wish) {
        io.nacre.neutron.port.Port present = ports.store().require(tx, portId);
        if (!present.device().id().isEmpty()) {
            throw Fault.conflict("Port " + portId + " is still in use.");
        }
        Device device = new Device(allocation.serverId(), OWNER, false, wish.tag(), ports.now());
        ports.update(tx, present, ports.next(present).with(device), null);
    }

    private void make(Tx tx, String networkId, Allocation allocation, Wish wish, List<String> groupIds) {
        Network network = networks.require(tx, networkId);
        io.nacre.neutron.port.Port draft = new io.nacre.neutron.port.Port(
                Standard.fresh(ids.uuid(), allocation.projectId(), "", ports.now()),
                networkId,
                network.projectId(),
                "",
                "",
                true,
                "DOWN",
                new Device(allocation.serverId(), OWNER, true, wish.tag(), ports.now()),
                Binding.NONE,
                new Protection(network.portSecurity(), List.of(), List.of()),
                new Dns(dnsName(allocation.hostname()), ""),
                List.of(),
                List.of());
        List<IpWish> wanted = wish.fixedAddress() == null ? null : List.of(new IpWish(null, wish.fixedAddress()));
        boolean plain = !network.portSecurity();
        ports.create(tx, draft, wanted, plain ? List.of() : groupIds.isEmpty() ? null : groupIds);
    }

    /** A host name as DNS allows it: letters, digits and hyphens. */
    static String dnsName(String hostname) {
        String name =
                hostname.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-").replaceAll("^-+", "");
        return name.substring(0, Math.min(63, name.length())).replaceAll("-+$", "");
    }

    @Override
    public void bind(Tx tx, String serverId, @Nullable String host) {
        for (io.nacre.neutron.port.Port port : ports.store().ofDevice(tx, serverId)) {
            ports.bind(tx, port, host);
        }
    }

    @Override
    public List<ComputeNode.Vif> plug(String serverId, String host) {
        return plane.plug(serverId, host);
    }

    @Override
    public void unplug(String serverId, String host) {
        plane.unplug(serverId, host);
    }

    @Override
    public void release(Tx tx, String serverId) {
        ports.store().ofDevice(tx, serverId).forEach(port -> release(tx, port));
    }

    @Override
    public void releasePort(Tx tx, String serverId, String portId) {
        ports.store().ofDevice(tx, serverId).stream()
                .filter(port -> port.id().equals(portId))
                .forEach(port -> release(tx, port));
    }

    private void release(Tx tx, io.nacre.neutron.port.Port port) {
        if (port.device().madeForIt()) {
            ports.delete(tx, port);
            return;
        }
        Binding freed = Ports.bound(new Binding("", port.binding().vnicType(), "unbound", Map.of(), Map.of()), "");
        ports.update(
                tx,
                port,
                ports.next(port)
                        .with(new Device("", "", false, null, ports.now()))
                        .with(freed)
                        .withStatus("DOWN"),
                null);
    }

    @Override
    public Map<String, List<Port>> ports(Tx tx, Collection<String> serverIds) {
        return views.of(tx, serverIds);
    }

    @Override
    public void changeSecurityGroup(Tx tx, Caller caller, String serverId, String group, boolean add) {
        String groupId = group(tx, caller.requireProject(), group).id();
        boolean found = false;
        for (io.nacre.neutron.port.Port port : ports.store().ofDevice(tx, serverId)) {
            Protection old = port.protection();
            boolean has = old.groups().contains(groupId);
            found |= has;
            if (!old.enabled() || port.fixedIps().isEmpty() || has == add) {
                continue;
            }
            Set<String> changed = new java.util.TreeSet<>(old.groups());
            if (add) {
                changed.add(groupId);
            } else {
                changed.remove(groupId);
            }
            ports.update(
                    tx, port, ports.next(port).with(new Protection(true, old.pairs(), List.copyOf(changed))), null);
        }
        if (!add && !found) {
            throw Fault.notFound(
                    "Security group " + groupId + " is not associated with the instance " + serverId + ".");
        }
    }

    @Override
    public Optional<String> serverAt(Tx tx, String networkId, String address) {
        return ports.store().at(tx, networkId, address).stream()
                .filter(port -> port.device().owner().startsWith("compute:"))
                .map(port -> port.device().id())
                .findFirst();
    }
}

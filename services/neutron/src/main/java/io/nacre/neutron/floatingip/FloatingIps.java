package io.nacre.neutron.floatingip;

import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.address.Addresses;
import io.nacre.neutron.floatingip.FloatingIp.Target;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.network.Networks;
import io.nacre.neutron.port.IpWish;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.Port.Binding;
import io.nacre.neutron.port.Port.Device;
import io.nacre.neutron.port.Port.FixedIp;
import io.nacre.neutron.port.Port.Protection;
import io.nacre.neutron.port.Ports;
import io.nacre.neutron.quota.ProjectQuotas;
import io.nacre.neutron.resource.Standard;
import io.nacre.neutron.router.Router;
import io.nacre.neutron.router.Router.Gateway;
import io.nacre.neutron.router.RouterHosts;
import io.nacre.neutron.router.RouterStore;
import io.nacre.neutron.router.Routers;
import io.nacre.neutron.subnet.Subnet;
import io.nacre.neutron.subnet.SubnetStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Making, associating and removing floating addresses. */
public final class FloatingIps implements Routers.Users, Ports.Listener, Networks.Listener {
    private static final String OWNER = "network:floatingip";

    /** What they stand on. */
    public record Stores(
            FloatingIpStore floatingIps, NetworkStore networks, SubnetStore subnets, RouterStore routers) {}

    private final Stores stores;
    private final Ports ports;
    private final RouterHosts hosts;
    private final ProjectQuotas quotas;
    private final Ids ids;

    public FloatingIps(Stores stores, Ports ports, RouterHosts hosts, ProjectQuotas quotas, Ids ids) {
        this.stores = stores;
        this.ports = ports;
        this.hosts = hosts;
        this.quotas = quotas;
        this.ids = ids;
    }

    public FloatingIpStore store() {
        return stores.floatingIps();
    }

    static FaultException bad(String reason) {
        return NeutronFault.invalid("BadRequest", "Bad floatingip request: " + reason + ".");
    }

    /**
     * What is asked for beside the draft.
     *
     * @param address on the external network; null for any
     * @param portId null to leave it unassociated
     * @param fixedAddress null for the port's only one
     */
    record Wanted(
            @Nullable String subnetId,
            @Nullable String address,
            @Nullable String portId,
            @Nullable String fixedAddress) {}

    FloatingIp create(Tx tx, Standard standard, String networkId, Port.Dns dns, Wanted wanted) {
        Network network = stores.networks().require(tx, networkId);
        if (!network.external()) {
            throw bad("Network " + networkId + " is not a valid external network");
        }
        List<Subnet> fours = stores.subnets().of(tx, networkId).stream()
                .filter(subnet -> subnet.version() == 4)
                .toList();
        if (fours.isEmpty()) {
            throw bad("Network " + networkId + " does not contain any IPv4 subnet");
        }
        quotas.take(tx, standard.projectId(), "floatingip");
        Port held = hold(tx, network, standard.id(), fours, wanted);
        FloatingIp made =
                new FloatingIp(standard, networkId, held.addresses().getFirst(), held.id(), "DOWN", null, dns);
        FloatingIp done = made.with(standard, "DOWN", target(tx, made, wanted.portId(), wanted.fixedAddress()));
        stores.floatingIps().insert(tx, done);
        touch(tx, done);
        return done;
    }

    private Port hold(Tx tx, Network network, String id, List<Subnet> fours, Wanted wanted) {
        Port draft = new Port(
                Standard.fresh(ids.uuid(), "", "", ports.now()),
                network.id(),
                network.projectId(),
                "",
                "",
                true,
                "N/A",
                new Device(id, OWNER, true, null, ports.now()),
                Binding.NONE,
                new Protection(false, List.of(), List.of()),
                new Port.Dns("", ""),
                List.of(),
                List.of());
        if (wanted.subnetId() != null || wanted.address() != null) {
            return ports.create(tx, draft, List.of(new IpWish(wanted.subnetId(), wanted.address())), List.of());
        }
        for (Subnet subnet : fours) {
            try {
                return ports.create(tx, draft, List.of(new IpWish(subnet.id(), null)), List.of());
            } catch (FaultException e) {
                if (!e.fault().code().equals("IpAddressGenerationFailure")) {
                    throw e;
                }
            }
        }
        throw NeutronFault.invalid(
                "ExternalIpAddressExhausted",
                "Unable to find any IP address on external network " + network.id() + ".");
    }

    /** Where the floating address shall lead, and through which router. */
    private @Nullable Target target(
            Tx tx, FloatingIp floating, @Nullable String portId, @Nullable String fixedAddress) {
        if (portId == null) {
            if (fixedAddress != null) {
                throw bad("fixed_ip_address cannot be specified without a port_id");
            }
            return null;
        }
        Port port = ports.store().require(tx, portId);
        if (!port.projectId().equals(floating.projectId())
                && !port.projectId().isEmpty()
                && !floating.projectId().isEmpty()) {
            throw bad("Port " + portId + " is associated with a different project than Floating IP " + floating.id()
                    + " and therefore cannot be bound");
        }
        FixedIp fixed = fixed(port, fixedAddress);
        for (FloatingIp other : stores.floatingIps().to(tx, List.of(portId))) {
            Target target = other.target();
            if (!other.id().equals(floating.id())
                    && target != null
                    && target.fixedAddress().equals(fixed.address())
                    && other.networkId().equals(floating.networkId())) {
                throw NeutronFault.conflict(
                        "FloatingIPPortAlreadyAssociated",
                        "Cannot associate floating IP " + floating.address() + " (" + floating.id() + ") with port "
                                + portId + " using fixed IP " + fixed.address()
                                + ", as that fixed IP already has a floating IP on external network "
                                + floating.networkId() + ".");
            }
        }
        String router = router(tx, floating.networkId(), port, fixed);
        return new Target(portId, fixed.address(), router, port);
    }

    private static FixedIp fixed(Port port, @Nullable String wanted) {
        if (wanted != null) {
            return port.fixedIps().stream()
                    .filter(ip -> ip.address().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> bad("Port " + port.id() + " does not have fixed ip " + wanted));
        }
        List<FixedIp> fours = port.fixedIps().stream()
                .filter(ip -> Addresses.version(ip.address()) == 4)
                .toList();
        if (fours.isEmpty()) {
            throw bad("Cannot add floating IP to port " + port.id() + " that has no fixed IPv4 addresses");
        }
        if (fours.size() > 1) {
            throw bad("Port " + port.id() + " has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address"
                    + " when assigning a floating IP");
        }
        return fours.getFirst();
    }

    /** The router that connects the port's subnet with the external network. */
    private String router(Tx tx, String networkId, Port port, FixedIp fixed) {
        List<String> candidates = new ArrayList<>();
        for (Port leg : ports.store().withAddressOf(tx, fixed.subnetId())) {
            if (leg.device().owner().equals(Router.INTERFACE)) {
                Optional<Router> router = stores.routers().find(tx, leg.device().id());
                Gateway gateway = router.map(Router::gateway).orElse(null);
                if (router.isPresent() && gateway != null && gateway.networkId().equals(networkId)) {
                    candidates.add(router.get().id());
                }
            }
        }
        if (candidates.isEmpty()) {
            throw NeutronFault.notFound(
                    "ExternalGatewayForFloatingIPNotFound",
                    "External network " + networkId + " is not reachable from subnet " + fixed.subnetId()
                            + ".  Therefore, cannot associate Port " + port.id() + " with a Floating IP.");
        }
        return candidates.getFirst();
    }

    private void touch(Tx tx, FloatingIp floating) {
        Target target = floating.target();
        if (target != null) {
            hosts.touched(tx, target.routerId());
        }
    }

    FloatingIp associate(
            Tx tx, FloatingIp present, FloatingIp changed, @Nullable String portId, @Nullable String fixed) {
        Target target = target(tx, present, portId, fixed);
        boolean same = target != null
                && present.target() != null
                && target.portId().equals(present.target().portId())
                && target.fixedAddress().equals(present.target().fixedAddress());
        FloatingIp done = changed.with(changed.standard(), same ? present.status() : "DOWN", target);
        stores.floatingIps().update(tx, done);
        touch(tx, present);
        touch(tx, done);
        return done;
    }

    private void dissociate(Tx tx, FloatingIp floating) {
        FloatingIp changed = floating.with(floating.standard().changed(ports.now()), "DOWN", null);
        stores.floatingIps().update(tx, changed);
        touch(tx, floating);
    }

    void delete(Tx tx, FloatingIp floating) {
        stores.floatingIps().delete(tx, floating);
        ports.store().find(tx, floating.floatingPortId()).ifPresent(port -> ports.delete(tx, port));
        quotas.give(tx, floating.projectId(), "floatingip");
        touch(tx, floating);
    }

    /** A router has its addresses in place now. */
    public void active(Tx tx, String routerId) {
        for (FloatingIp floating : stores.floatingIps().through(tx, routerId)) {
            if (!floating.status().equals("ACTIVE")) {
                stores.floatingIps()
                        .update(
                                tx,
                                floating.with(floating.standard().changed(ports.now()), "ACTIVE", floating.target()));
            }
        }
    }

    @Override
    public boolean needGateway(Tx tx, String routerId) {
        return !stores.floatingIps().through(tx, routerId).isEmpty();
    }

    @Override
    public boolean needInterface(Tx tx, String routerId, Subnet subnet) {
        return stores.floatingIps().through(tx, routerId).stream()
                .map(FloatingIp::target)
                .anyMatch(target -> target != null && subnet.cidr().contains(target.fixedAddress()));
    }

    /** An address or port that goes takes its association with it. */
    @Override
    public void changed(Tx tx, @Nullable Port before, @Nullable Port now) {
        if (before == null || before.fixedIps().isEmpty()) {
            return;
        }
        Set<String> gone = new HashSet<>(before.addresses());
        if (now != null) {
            now.addresses().forEach(gone::remove);
        }
        if (gone.isEmpty()) {
            return;
        }
        for (FloatingIp floating : stores.floatingIps().to(tx, List.of(before.id()))) {
            Target target = floating.target();
            if (target != null && gone.contains(target.fixedAddress())) {
                dissociate(tx, floating);
            }
        }
    }

    @Override
    public void changed(Tx tx, Network network) {}

    /** Addresses that lead nowhere do not keep a network. */
    @Override
    public void deleting(Tx tx, Network network) {
        stores.floatingIps().unassociated(tx, network.id()).forEach(floating -> delete(tx, floating));
    }

    @Override
    public void unsharing(Tx tx, Network network, Set<String> allowed) {}
}

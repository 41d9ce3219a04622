package io.nacre.neutron.port;

import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.port.Port.Binding;
import io.nacre.neutron.port.Port.Protection;
import io.nacre.neutron.quota.ProjectQuotas;
import io.nacre.neutron.securitygroup.SecurityGroups;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Making, changing, binding and removing ports. */
public final class Ports {
    /** Who cares about ports. Told in the transaction of the change, with what was before and what is now. */
    public interface Listener {
        /**
         * @param before null for a new port
         * @param now null for one that goes
         */
        void changed(Tx tx, @Nullable Port before, @Nullable Port now);
    }

    public static final String DHCP = "network:dhcp";

    private final PortStore ports;
    private final NetworkStore networks;
    private final SecurityGroups groups;
    private final PortAddresses addresses;
    private final ProjectQuotas quotas;
    private final InstantSource clock;
    private final List<Listener> listeners = new ArrayList<>();

    public Ports(
            PortStore ports,
            NetworkStore networks,
            SecurityGroups groups,
            PortAddresses addresses,
            ProjectQuotas quotas,
            InstantSource clock) {
        this.ports = ports;
        this.networks = networks;
        this.groups = groups;
        this.addresses = addresses;
        this.quotas = quotas;
        this.clock = clock;
    }

    public void tell(Listener listener) {
        listeners.add(listener);
    }

    public PortStore store() {
        return ports;
    }

    Network network(Tx tx, String id) {
        return networks.require(tx, id);
    }

    /**
     * @param draft without addresses; an empty MAC address is made up
     * @param wishes null for one address of each version
     * @param chosenGroups null for the project's default group, where the port is protected at all
     */
    public Port create(Tx tx, Port draft, @Nullable List<IpWish> wishes, @Nullable List<String> chosenGroups) {
        Network network = networks.require(tx, draft.networkId());
        if (!draft.mac().isEmpty() && ports.isMacTaken(tx, network.id(), draft.mac())) {
            throw macInUse(network.id(), draft.mac());
        }
        if (isCounted(draft)) {
            quotas.take(tx, draft.projectId(), "port");
        }
        Port port = draft.mac().isEmpty() ? draft.withMac(addresses.mac(tx, network.id())) : draft;
        port = port.withFixedIps(addresses.choose(tx, port, wishes));
        port = port.with(protection(tx, port, chosenGroups));
        ports.insert(tx, port);
        Port made = port;
        listeners.forEach(listener -> listener.changed(tx, null, made));
        return made;
    }

    private static RuntimeException macInUse(String networkId, String mac) {
        return NeutronFault.conflict(
                "MacAddressInUse",
                "Unable to complete operation for network " + networkId + ". The mac address " + mac + " is in use.");
    }

    private Protection protection(Tx tx, Port port, @Nullable List<String> chosen) {
        Protection wanted = port.protection();
        boolean enabled = wanted.enabled() && !port.isInfrastructure();
        List<String> groupIds = chosen;
        if (groupIds == null) {
            groupIds = enabled && !port.projectId().isEmpty()
                    ? List.of(groups.defaultOf(tx, port.projectId()))
                    : List.of();
        }
        Protection protection = new Protection(enabled, wanted.pairs(), List.copyOf(groupIds));
        requireConsistent(tx, port, protection, chosen != null);
        return protection;
    }

    /** Groups and address pairs need port security; groups must be there for the port's project. */
    private void requireConsistent(Tx tx, Port port, Protection protection, boolean groupsChosen) {
        if (!protection.enabled() && !protection.pairs().isEmpty()) {
            throw NeutronFault.conflict(
                    "AddressPairAndPortSecurityRequired",
                    "Port Security must be enabled in order to have allowed address pairs on a port.");
        }
        if (!protection.enabled() && !protection.groups().isEmpty()) {
            throw NeutronFault.invalid(
                    "PortSecurityAndIPRequiredForSecurityGroups",
                    "Port security must be enabled and port must have an IP address in order to use security groups.");
        }
        if (groupsChosen) {
            for (String group : protection.groups()) {
                var found = groups.store().find(tx, group);
                if (found.isEmpty()
                        || groups.store().named(tx, port.projectId(), group).isEmpty()) {
                    throw groups.store().missing(group);
                }
            }
        }
    }

    /**
     * @param changed with everything but addresses as it shall be, next revision included
     * @param wishes null to keep the addresses
     */
    public Port update(Tx tx, Port present, Port changed, @Nullable List<IpWish> wishes) {
        Port port = changed;
        if (!port.mac().equals(present.mac())) {
            if (present.isBound()) {
                throw NeutronFault.conflict(
                        "PortBound",
                        "Unable to complete operation on port " + port.id() + ", port is already bound, port type: "
                                + present.binding().vifType() + ", old_mac " + present.mac() + ", new_mac "
                                + port.mac() + ".");
            }
            if (ports.isMacTaken(tx, port.networkId(), port.mac())) {
                throw macInUse(port.networkId(), port.mac());
            }
        }
        if (wishes != null) {
            port = port.withFixedIps(addresses.choose(tx, port, wishes));
        }
        boolean groupsChanged =
                !port.protection().groups().equals(present.protection().groups());
        requireConsistent(tx, port, port.protection(), groupsChanged);
        ports.update(tx, port);
        Port done = port;
        listeners.forEach(listener -> listener.changed(tx, present, done));
        return done;
    }

    /** Takes the addresses of a subnet that goes away from a port; those of stateless subnets do not come back. */
    public Port updateWithout(Tx tx, Port present, String subnetId) {
        Port port = next(present)
                .withFixedIps(present.fixedIps().stream()
                        .filter(ip -> !ip.subnetId().equals(subnetId))
                        .toList());
        ports.update(tx, port);
        listeners.forEach(listener -> listener.changed(tx, present, port));
        return port;
    }

    /** The next revision of a port, to be changed further and handed to {@link #update}. */
    public Port next(Port present) {
        return present.with(present.standard().changed(clock.instant()));
    }

    public Instant now() {
        return clock.instant();
    }

    /** Gives the port to a host; null takes it from where it is. */
    public Port bind(Tx tx, Port present, @Nullable String host) {
        String wanted = host == null ? "" : host;
        if (present.binding().host().equals(wanted)) {
            return present;
        }
        Binding old = present.binding();
        Port next = next(present).withStatus("DOWN");
        return update(tx, present, next.with(bound(old, wanted)), null);
    }

    /** The binding a port has on a host of the Linux data plane. */
    public static Binding bound(Binding old, String host) {
        if (host.isEmpty()) {
            return new Binding("", old.vnicType(), "unbound", Map.of(), old.profile());
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("port_filter", true);
        details.put("connectivity", "l2");
        return new Binding(host, old.vnicType(), "bridge", details, old.profile());
    }

    /** Removes the port; who else holds on to it was asked before. */
    public void delete(Tx tx, Port port) {
        listeners.forEach(listener -> listener.changed(tx, port, null));
        ports.delete(tx, port);
        if (isCounted(port)) {
            quotas.give(tx, port.projectId(), "port");
        }
    }

    /** Nobody asked for a DHCP port, so it must not fail for want of quota. */
    private static boolean isCounted(Port port) {
        return !port.device().owner().equals(DHCP);
    }

    /** Faults with CONFLICT when ports of others use a group that is no longer to be shared with them. */
    public void requireGroupWithdrawable(Tx tx, String groupId, String target) {
        String owner = groups.store().require(tx, groupId).projectId();
        for (Port port : ports.inGroups(tx, List.of(groupId))) {
            boolean loses = target.equals("*")
                    ? !port.projectId().equals(owner)
                    : port.projectId().equals(target);
            if (loses) {
                throw NeutronFault.conflict(
                        "RbacPolicyInUse",
                        "RBAC policy on object " + groupId + " cannot be removed because other objects depend on it.");
            }
        }
    }

    /** Records that the host has connected the port or taken it out. True when that is news. */
    public boolean setStatus(Tx tx, Port present, String status) {
        if (present.status().equals(status)) {
            return false;
        }
        ports.writeStatus(tx, next(present).withStatus(status));
        return true;
    }
}

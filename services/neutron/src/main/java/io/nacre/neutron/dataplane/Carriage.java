package io.nacre.neutron.dataplane;

import io.nacre.base.Tx;
import io.nacre.neutron.deployment.Deployment.Kind;
import io.nacre.neutron.deployment.Deployments;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.network.Networks;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.PortStore;
import io.nacre.neutron.port.Ports;
import io.nacre.neutron.securitygroup.SecurityGroups;
import io.nacre.neutron.securitygroup.SecurityRuleStore;
import io.nacre.neutron.subnet.Subnet;
import io.nacre.neutron.subnet.Subnets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices what a change means for hosts. A host carries a network when a port of it is bound there; it carries a port
 * when that is bound there and is not one of those that come with a network or router.
 */
public final class Carriage implements Ports.Listener, Subnets.Listener, Networks.Listener, SecurityGroups.Listener {
    /** Members of a group that come and go in a row are told at once: each telling goes to every member. */
    private static final Duration TOGETHER = Duration.ofMillis(200);

    private final Deployments deployments;
    private final PortStore ports;
    private final SecurityRuleStore rules;

    public Carriage(Deployments deployments, PortStore ports, SecurityRuleStore rules) {
        this.deployments = deployments;
        this.ports = ports;
        this.rules = rules;
    }

    @Override
    public void changed(Tx tx, @Nullable Port before, @Nullable Port now) {
        String from = before == null ? "" : before.binding().host();
        String to = now == null ? "" : now.binding().host();
        if (before != null && !from.isEmpty() && !from.equals(to)) {
            leave(tx, before, from, now == null);
        }
        if (now != null && !to.isEmpty()) {
            if (!from.equals(to)) {
                arrive(tx, now, to);
            } else if (before != null && !looksSame(before, now) && !now.isInfrastructure()) {
                deployments.changed(tx, Kind.PORT, now.id());
            }
        }
        Port either = now == null ? before : now;
        if (either == null) {
            return;
        }
        // A service that moves is ended on one host and begun on the other, whatever else they carry.
        boolean moved = either.isInfrastructure() && !from.equals(to);
        boolean reserved = before == null || now == null || !isReservedAlike(before, now);
        if (reserved || moved) {
            deployments.changed(tx, Kind.NETWORK, either.networkId());
        }
        members(tx, before, now);
    }

    private void arrive(Tx tx, Port port, String host) {
        if (deployments.want(tx, host, Kind.NETWORK, port.networkId())) {
            // The hosts that carry it already learn of a new peer.
            deployments.changed(tx, Kind.NETWORK, port.networkId());
        }
        if (!port.isInfrastructure()) {
            deployments.want(tx, host, Kind.PORT, port.id());
        }
    }

    private void leave(Tx tx, Port port, String host, boolean deleted) {
        if (!port.isInfrastructure()) {
            deployments.unwant(tx, host, Kind.PORT, port.id());
        }
        boolean last = deleted
                ? ports.countOnHost(tx, host, port.networkId()) <= 1
                : !ports.isOnHost(tx, host, port.networkId());
        if (last && deployments.unwant(tx, host, Kind.NETWORK, port.networkId())) {
            deployments.changed(tx, Kind.NETWORK, port.networkId());
        }
    }

    private static boolean looksSame(Port a, Port b) {
        return a.mac().equals(b.mac())
                && a.adminUp() == b.adminUp()
                && a.protection().equals(b.protection())
                && a.addresses().equals(b.addresses());
    }

    /** Whether DHCP says the same of both. */
    private static boolean isReservedAlike(Port a, Port b) {
        return a.mac().equals(b.mac())
                && a.addresses().equals(b.addresses())
                && a.dns().equals(b.dns())
                && a.dhcpOptions().equals(b.dhcpOptions());
    }

    /** Filters that let the members of a group through know their addresses. */
    private void members(Tx tx, @Nullable Port before, @Nullable Port now) {
        Set<String> touched = new HashSet<>();
        boolean same = before != null && now != null && looksSame(before, now);
        if (!same) {
            touched.addAll(before == null ? List.of() : before.protection().groups());
            touched.addAll(now == null ? List.of() : now.protection().groups());
        }
        if (!touched.isEmpty()) {
            refilter(tx, rules.referring(tx, touched), TOGETHER);
        }
    }

    private void refilter(Tx tx, Collection<String> groupIds, Duration delay) {
        if (!groupIds.isEmpty()) {
            deployments.changed(tx, Kind.PORT, PortStore.idsInGroups(groupIds), delay);
        }
    }

    @Override
    public void changed(Tx tx, Collection<String> groupIds) {
        refilter(tx, groupIds, Duration.ZERO);
    }

    @Override
    public void created(Tx tx, Subnet subnet) {
        deployments.changed(tx, Kind.NETWORK, subnet.networkId());
    }

    @Override
    public void changed(Tx tx, Subnet before, Subnet subnet) {
        deployments.changed(tx, Kind.NETWORK, subnet.networkId());
    }

    @Override
    public void deleting(Tx tx, Subnet subnet) {}

    @Override
    public void deleted(Tx tx, Subnet subnet) {
        deployments.changed(tx, Kind.NETWORK, subnet.networkId());
    }

    @Override
    public void changed(Tx tx, Network network) {
        deployments.changed(tx, Kind.NETWORK, network.id());
        // Ports carry the network's MTU.
        deployments.changed(
                tx,
                Kind.PORT,
                ports.onNetwork(tx, network.id()).stream().map(Port::id).toList());
    }

    @Override
    public void deleting(Tx tx, Network network) {
        deployments.removed(tx, Kind.NETWORK, network.id());
    }

    @Override
    public void unsharing(Tx tx, Network network, Set<String> allowed) {}
}

package io.nacre.neutron.dataplane;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.event.PortPlugged;
import io.nacre.contracts.node.ComputeNode.Vif;
import io.nacre.contracts.node.NetworkNode;
import io.nacre.contracts.node.NetworkNode.DataPlaneReport;
import io.nacre.contracts.node.NetworkNode.Inventory;
import io.nacre.contracts.node.NetworkNode.Plugged;
import io.nacre.contracts.node.NetworkNode.Ref;
import io.nacre.neutron.agent.Agents;
import io.nacre.neutron.deployment.Deployment;
import io.nacre.neutron.deployment.Deployment.Kind;
import io.nacre.neutron.deployment.Deployments;
import io.nacre.neutron.floatingip.FloatingIps;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.Ports;
import io.nacre.neutron.router.RouterHosts;
import io.nacre.tasks.Reconciler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hosts that move the packets, as the rest of the service uses them. */
public final class DataPlane {
    private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);

    private final Transactions transactions;
    private final Deployments deployments;
    private final Ports ports;
    private final Agents agents;
    private final Dhcp dhcp;
    private final RouterHosts routers;
    private final Function<String, NetworkNode> nodes;
    private final Pusher pusher;
    private final InstantSource clock;

    /** Who has to learn of hosts that come. */
    public record Tenants(Dhcp dhcp, RouterHosts routers, FloatingIps floatingIps) {}

    /**
     * How hosts are reached and who hears of what happened there.
     *
     * @param nodes by host; faults of a call arrive as FaultException
     * @param events told after the commit
     */
    public record Reach(Function<String, NetworkNode> nodes, Consumer<PortPlugged> events) {}

    public DataPlane(
            Transactions transactions,
            Deployments deployments,
            Ports ports,
            Agents agents,
            Tenants tenants,
            Specs specs,
            Reach reach,
            InstantSource clock) {
        this.transactions = transactions;
        this.deployments = deployments;
        this.ports = ports;
        this.agents = agents;
        this.dhcp = tenants.dhcp();
        this.routers = tenants.routers();
        this.nodes = reach.nodes();
        this.pusher = new Pusher(
                transactions,
                deployments.store(),
                specs,
                ports,
                tenants.floatingIps(),
                reach.nodes(),
                reach.events(),
                clock);
        this.clock = clock;
    }

    public Reconciler pusher() {
        return pusher;
    }

    /** @param downTime after which a silent host counts as down */
    public Reconciler failover(Duration downTime) {
        return new DhcpFailover(transactions, dhcp, downTime, clock);
    }

    /**
     * Connects a server's ports on its host; answers when the host knows of them, and the host that serves DHCP, unless
     * that is away: the guest then gets its address when that is back or another one serves.
     */
    public List<Vif> plug(String serverId, String host) {
        List<Port> here = transactions.write(tx -> wantAll(tx, serverId, host));
        List<Vif> vifs = new ArrayList<>();
        Set<String> ready = new HashSet<>();
        for (Port port : here) {
            if (ready.add(port.networkId())) {
                pusher.ensure(host, Kind.NETWORK, port.networkId());
                Optional<String> server = transactions.read(tx -> dhcp.hostOf(tx, port.networkId()));
                if (server.isPresent() && !server.get().equals(host)) {
                    tellDhcp(server.get(), port.networkId());
                }
            }
            Plugged plugged = pusher.ensure(host, Kind.PORT, port.id());
            if (plugged == null) {
                throw Fault.conflict("Port " + port.id() + " was taken away while it was being connected.");
            }
            vifs.add(new Vif(port.id(), port.mac(), plugged.device(), plugged.namespace(), plugged.mtu(), "virtio"));
        }
        return vifs;
    }

    private void tellDhcp(String host, String networkId) {
        try {
            pusher.ensure(host, Kind.NETWORK, networkId);
        } catch (FaultException e) {
            if (!e.is(Fault.Kind.UNAVAILABLE) && !e.is(Fault.Kind.TIMEOUT)) {
                throw e;
            }
            LOG.warn(
                    "{} serves DHCP for network {} and learns of new ports later: {}", host, networkId, e.getMessage());
        }
    }

    private List<Port> wantAll(Tx tx, String serverId, String host) {
        List<Port> here = ports.store().ofDevice(tx, serverId).stream()
                .filter(port -> port.binding().host().equals(host))
                .toList();
        for (Port port : here) {
            boolean wanted = deployments
                    .store()
                    .find(tx, host, Kind.PORT, port.id())
                    .filter(Deployment::wanted)
                    .isPresent();
            if (!wanted) {
                deployments.want(tx, host, Kind.PORT, port.id());
            }
        }
        return here;
    }

    /** Disconnects a server's ports on a host, wherever they are bound by now. */
    public void unplug(String serverId, String host) {
        List<Deployment> gone = transactions.write(tx -> {
            List<Deployment> rows = new ArrayList<>();
            for (Port port : ports.store().ofDevice(tx, serverId)) {
                deployments.unwant(tx, host, Kind.PORT, port.id());
                deployments.store().find(tx, host, Kind.PORT, port.id()).ifPresent(rows::add);
            }
            return rows;
        });
        gone.forEach(pusher::push);
    }

    /** Takes an agent's heartbeat in: a host that is new or began anew is told everything again. */
    public void reported(AgentReported report) {
        DataPlaneReport plane = report.network();
        if (plane == null) {
            return;
        }
        Agents.News news = transactions.write(tx -> {
            Agents.News found = agents.reported(tx, report, plane);
            if (found != Agents.News.NONE && !report.stopping()) {
                dhcp.settleUnserved(tx);
                routers.settleUnplaced(tx);
            }
            return found;
        });
        if (news == Agents.News.RESTARTED && !report.stopping()) {
            resync(report.host());
        }
    }

    /** Removes from the host what it should not have, and has everything else told anew. */
    private void resync(String host) {
        NetworkNode node = nodes.apply(host);
        Inventory inventory = node.inventory();
        List<Deployment> wanted = transactions.write(tx -> {
            deployments.store().forget(tx, host, clock.instant());
            return deployments.store().on(tx, host).stream()
                    .filter(Deployment::wanted)
                    .toList();
        });
        leftovers(inventory.ports(), wanted, Kind.PORT).forEach(node::removePort);
        leftovers(inventory.routers(), wanted, Kind.ROUTER).forEach(node::removeRouter);
        leftovers(inventory.networks(), wanted, Kind.NETWORK).forEach(node::removeNetwork);
        deployments.wake();
    }

    private static List<Ref> leftovers(List<Ref> present, List<Deployment> wanted, Kind kind) {
        Set<String> known = new HashSet<>();
        wanted.stream().filter(d -> d.kind() == kind).forEach(d -> known.add(d.objectId()));
        return present.stream().filter(ref -> !known.contains(ref.id())).toList();
    }
}

package io.nacre.neutron.router;

import io.nacre.base.Tx;
import io.nacre.neutron.agent.Agent;
import io.nacre.neutron.agent.Agents;
import io.nacre.neutron.deployment.Deployment.Kind;
import io.nacre.neutron.deployment.Deployments;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.Ports;
import io.nacre.neutron.subnet.Subnet;
import io.nacre.neutron.subnet.Subnets;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Which host a router lives on, and that this host learns of its changes. */
public final class RouterHosts implements Subnets.Listener {
    private final RouterStore routers;
    private final Ports ports;
    private final Agents agents;
    private final Deployments deployments;

    public RouterHosts(RouterStore routers, Ports ports, Agents agents, Deployments deployments) {
        this.routers = routers;
        this.ports = ports;
        this.agents = agents;
        this.deployments = deployments;
    }

    /** The router on a host, when it has something to connect and there is a host. The caller saves it. */
    Router place(Tx tx, Router router) {
        boolean connects =
                router.gateway() != null || !routers.interfaces(tx, router.id()).isEmpty();
        if (!router.host().isEmpty() || !connects) {
            return router;
        }
        Map<String, Integer> load = routers.load(tx);
        Optional<String> host = agents.hosts(tx, Agent.L3).stream()
                .min(Comparator.comparingInt((String one) -> load.getOrDefault(one, 0))
                        .thenComparing(Comparator.naturalOrder()));
        return host.map(router::withHost).orElse(router);
    }

    /** Has the host learn how the router looks now; its ports go where it is. */
    void changed(Tx tx, Router router) {
        if (router.host().isEmpty()) {
            return;
        }
        for (Port port : ports.store().ofDevice(tx, router.id())) {
            ports.bind(tx, port, router.host());
        }
        deployments.want(tx, router.host(), Kind.ROUTER, router.id());
    }

    void removed(Tx tx, Router router) {
        deployments.removed(tx, Kind.ROUTER, router.id());
    }

    /** Something about the router's addresses is different. */
    public void touched(Tx tx, String routerId) {
        deployments.changed(tx, Kind.ROUTER, routerId);
    }

    /** Gives routers without a host one; for when a host comes. */
    public void settleUnplaced(Tx tx) {
        for (Router router : routers.onHost(tx, "")) {
            Router placed = place(tx, router.with(router.standard().changed(ports.now())));
            if (!placed.host().isEmpty()) {
                routers.update(tx, placed);
                changed(tx, placed);
            }
        }
    }

    @Override
    public void created(Tx tx, Subnet subnet) {}

    @Override
    public void changed(Tx tx, Subnet before, Subnet subnet) {
        for (Port port : ports.store().withAddressOf(tx, subnet.id())) {
            if (port.device().owner().startsWith("network:router")) {
                touched(tx, port.device().id());
            }
        }
    }

    @Override
    public void deleting(Tx tx, Subnet subnet) {}

    @Override
    public void deleted(Tx tx, Subnet subnet) {}
}

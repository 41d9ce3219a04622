package io.nacre.launcher;

import io.nacre.agent.Agent;
import io.nacre.bus.Bus;
import io.nacre.bus.Remote;
import io.nacre.compute.Compute;
import io.nacre.compute.ComputeConfig;
import io.nacre.contracts.node.MetadataSource;
import io.nacre.network.Network;
import io.nacre.network.NetworkConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The bill of materials of a node agent. */
final class NodeAgent implements AutoCloseable {
    private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(10);

    private final Agent agent;
    private final Compute compute;
    private final Network network;

    private NodeAgent(Agent agent, Compute compute, Network network) {
        this.agent = agent;
        this.compute = compute;
        this.network = network;
    }

    static NodeAgent start(Path state, Sections sections, Bus bus) {
        String host = sections.cloud().host();
        InstantSource clock = InstantSource.system();
        MetadataSource metadata = Remote.client(MetadataSource.class, bus, "metadata", METADATA_TIMEOUT);
        Network network = Network.start(sections.network(), state, host, metadata);
        // News of guests may come while they are taken up, before there is an agent to tell them to.
        AtomicReference<Agent> teller = new AtomicReference<>();
        Compute compute = Compute.start(compute(sections, network), state, host, clock, event -> {
            Agent agent = teller.get();
            if (agent != null) {
                agent.changed(event);
            }
        });
        Agent agent = new Agent(host, bus, compute, network, sections.agent(), clock);
        teller.set(agent);
        agent.start();
        return new NodeAgent(agent, compute, network);
    }

    /** Guests without an interface start where one could be given to them later. */
    private static ComputeConfig compute(Sections sections, Network network) {
        String namespace = network.report().namespace();
        return sections.compute().namespace() == null && namespace != null
                ? sections.compute().in(namespace)
                : sections.compute();
    }

    /** What the chosen drivers need on the host. */
    static Requirements requirements(Sections sections) {
        List<Requirements.Tool> tools = new ArrayList<>();
        if (sections.compute().driver() == ComputeConfig.Kind.QEMU) {
            tools.addAll(Requirements.GUESTS);
        }
        if (sections.network().driver() == NetworkConfig.Driver.LINUX) {
            tools.addAll(Requirements.NETWORKS);
        }
        return new Requirements(tools);
    }

    /** Guests and networks stay as they are. */
    @Override
    public void close() {
        agent.close();
        compute.close();
        network.close();
    }
}

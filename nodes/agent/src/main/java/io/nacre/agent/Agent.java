package io.nacre.agent;

import io.nacre.base.Json;
import io.nacre.bus.Bus;
import io.nacre.bus.Remote;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.event.GuestChanged;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.node.NetworkNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One host's agent on the bus. */
public final class Agent implements AutoCloseable {
    /** Published by a controller that wants to know who is there. */
    public static final String HELLO = "agent.hello";

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private final String host;
    private final Bus bus;
    private final @Nullable ComputeNode compute;
    private final @Nullable NetworkNode network;
    private final AgentConfig config;
    private final InstantSource clock;
    private final Instant startedAt;
    private final List<Bus.Registration> registrations = new ArrayList<>();
    private final ScheduledExecutorService pulse = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("agent-pulse").factory());

    /**
     * @param compute null on a host without guests
     * @param network null on a host that moves no packets
     */
    public Agent(
            String host,
            Bus bus,
            @Nullable ComputeNode compute,
            @Nullable NetworkNode network,
            AgentConfig config,
            InstantSource clock) {
        this.host = host;
        this.bus = bus;
        this.compute = compute;
        this.network = network;
        this.config = config;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    public void start() {
        if (compute != null) {
            registrations.add(Remote.serve(ComputeNode.class, compute, bus, "compute." + host));
        }
        if (network != null) {
            registrations.add(Remote.serve(NetworkNode.class, network, bus, "network." + host));
        }
        registrations.add(bus.subscribe(HELLO, event -> pulse.execute(() -> report(false))));
        Future<?> _ = pulse.scheduleWithFixedDelay(
                () -> report(false), 0, config.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A guest did what nobody told it to; also wakes the next report. */
    public void changed(GuestChanged event) {
        publish(GuestChanged.TOPIC, event);
    }

    private void report(boolean stopping) {
        try {
            publish(
                    AgentReported.TOPIC,
                    new AgentReported(
                            host,
                            startedAt,
                            clock.instant(),
                            compute == null ? null : compute.report(),
                            network == null ? null : network.report(),
                            stopping));
        } catch (RuntimeException e) {
            // The next heartbeat tries again; a scheduled task that throws would never run again.
            LOG.warn("The report of {} was not delivered", host, e);
        }
    }

    private void publish(String topic, Object event) {
        bus.publish(topic, Json.tree(event));
    }

    /** Says that the agent goes, and takes no more commands; guests and networks stay as they are. */
    @Override
    public void close() {
        pulse.shutdownNow();
        registrations.forEach(Bus.Registration::close);
        report(true);
    }
}

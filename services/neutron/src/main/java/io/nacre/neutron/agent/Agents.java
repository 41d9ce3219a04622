package io.nacre.neutron.agent;

import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.node.NetworkNode.DataPlaneReport;
import io.nacre.neutron.resource.Standard;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes the heartbeats of node agents in. */
public final class Agents {
    private record Part(String type, String program, String topic) {}

    private static final List<Part> PARTS = List.of(
            new Part(Agent.LINUX_BRIDGE, "neutron-linuxbridge-agent", "N/A"),
            new Part(Agent.DHCP, "neutron-dhcp-agent", "dhcp_agent"),
            new Part(Agent.L3, "neutron-l3-agent", "l3_agent"),
            new Part(Agent.METADATA, "neutron-metadata-agent", "N/A"));

    private final AgentStore agents;
    private final Duration downTime;
    private final Ids ids;
    private final InstantSource clock;

    public Agents(AgentStore agents, Duration downTime, Ids ids, InstantSource clock) {
        this.agents = agents;
        this.downTime = downTime;
        this.ids = ids;
        this.clock = clock;
    }

    /** What a heartbeat tells beside that the agent lives. */
    public enum News {
        NONE,
        /** The host is new here, or its agent was down for long. */
        CAME,
        /** The agent runs anew, and may have lost what it was told. */
        RESTARTED
    }

    /** @param report of an agent that moves packets */
    public News reported(Tx tx, AgentReported report, DataPlaneReport plane) {
        List<Agent> present = agents.ofHost(tx, report.host());
        Instant heartbeat = report.stopping() ? Instant.EPOCH : report.at();
        if (present.isEmpty()) {
            for (Part part : PARTS) {
                agents.insert(tx, agent(report, plane, part));
            }
            return News.RESTARTED;
        }
        Agent first = present.getFirst();
        Map<String, Object> configurations = configurations(plane);
        boolean restarted = !first.startedAt().equals(micros(report.startedAt()));
        if (restarted || !first.configurations().equals(configurations)) {
            for (Agent agent : present) {
                agents.update(tx, renewed(agent, report, configurations));
            }
        }
        agents.beat(tx, report.host(), heartbeat);
        if (restarted) {
            return News.RESTARTED;
        }
        return isAlive(first) ? News.NONE : News.CAME;
    }

    /** The database keeps microseconds. */
    private static Instant micros(Instant instant) {
        return instant.truncatedTo(java.time.temporal.ChronoUnit.MICROS);
    }

    public boolean isAlive(Agent agent) {
        return agent.heartbeatAt().isAfter(since());
    }

    /** A heartbeat from before that does not count any more. */
    public Instant since() {
        return clock.instant().minus(downTime);
    }

    /** Hosts that can serve this part now. */
    public List<String> hosts(Tx tx, String type) {
        return agents.hosts(tx, type, since());
    }

    /** Hosts that should serve this part and do not, while others do; none when no host is heard of at all. */
    public List<String> silent(Tx tx, String type) {
        return hosts(tx, type).isEmpty() ? List.of() : agents.silent(tx, type, since());
    }

    public AgentStore store() {
        return agents;
    }

    private Agent agent(AgentReported report, DataPlaneReport plane, Part part) {
        return new Agent(
                Standard.fresh(ids.uuid(), "", "", clock.instant()),
                report.host(),
                part.type(),
                part.program(),
                part.topic(),
                true,
                report.startedAt(),
                report.at(),
                configurations(plane));
    }

    private Agent renewed(Agent agent, AgentReported report, Map<String, Object> configurations) {
        return new Agent(
                agent.standard().changed(clock.instant()),
                agent.host(),
                agent.type(),
                agent.program(),
                agent.topic(),
                agent.adminUp(),
                report.startedAt(),
                report.at(),
                configurations);
    }

    private static Map<String, Object> configurations(DataPlaneReport plane) {
        Map<String, Object> configurations = new LinkedHashMap<>();
        configurations.put("driver", plane.driver());
        configurations.put("bridge_mappings", new ArrayList<>(plane.physicalNetworks()));
        configurations.put("tunnel_types", List.of("vxlan"));
        if (plane.tunnelIp() != null) {
            configurations.put("tunneling_ip", plane.tunnelIp());
        }
        if (plane.namespace() != null) {
            configurations.put("namespace", plane.namespace());
        }
        return configurations;
    }
}

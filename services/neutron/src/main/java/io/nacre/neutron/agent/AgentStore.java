package io.nacre.neutron.agent;

import io.nacre.base.Tx;
import io.nacre.database.Sql;
import io.nacre.neutron.resource.ResourceStore;
import io.nacre.neutron.resource.Standard;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** The agents. */
public final class AgentStore extends ResourceStore<Agent> {
    final Field<String> host = bind(columns().text("host"), Agent::host);
    final Field<String> type = bind(columns().text("agent_type"), Agent::type);
    final Field<String> program = bind(columns().text("program"), Agent::program);
    final Field<String> topic = bind(columns().text("topic"), Agent::topic);
    final Field<Boolean> adminUp = bind(columns().bool("admin_state_up"), Agent::adminUp);
    final Field<Instant> startedAt = bind(columns().instant("started_at"), Agent::startedAt);
    final Field<Instant> heartbeatAt = bind(columns().instant("heartbeat_at"), Agent::heartbeatAt);
    final Field<Map<String, Object>> configurations =
            bind(columns().json("configurations", new TypeReference<Map<String, Object>>() {}), Agent::configurations);

    public AgentStore() {
        super("Agent", "neutron_agent");
    }

    List<Agent> ofHost(Tx tx, String hostName) {
        return where(tx, host.eq(hostName));
    }

    Condition ofTypes(Set<String> types) {
        return type.in(types);
    }

    Condition beatSince(Instant since) {
        return heartbeatAt.gt(since);
    }

    /** Hosts whose part of this type has reported since then and is not switched off. */
    public List<String> hosts(Tx tx, String agentType, Instant since) {
        return Sql.in(tx)
                .select(host)
                .from(table())
                .where(type.eq(agentType))
                .and(adminUp.isTrue())
                .and(heartbeatAt.ge(since))
                .orderBy(host)
                .fetch(host);
    }

    /** Hosts whose part of this type has not reported since then, though it is not switched off. */
    List<String> silent(Tx tx, String agentType, Instant since) {
        return Sql.in(tx)
                .select(host)
                .from(table())
                .where(type.eq(agentType))
                .and(adminUp.isTrue())
                .and(heartbeatAt.lt(since))
                .orderBy(host)
                .fetch(host);
    }

    public boolean isKnown(Tx tx, String hostName) {
        return count(tx, host.eq(hostName)) > 0;
    }

    /** The host's address in the underlay, null when it runs alone. */
    public @Nullable String tunnelIp(Tx tx, String hostName) {
        Optional<Agent> bridge = where(tx, host.eq(hostName).and(type.eq(Agent.LINUX_BRIDGE))).stream()
                .findFirst();
        return bridge.map(agent -> Objects.toString(agent.configurations().get("tunneling_ip"), null))
                .orElse(null);
    }

    /** A heartbeat is no change of the resource: its revision stays. */
    void beat(Tx tx, String hostName, Instant at) {
        Sql.in(tx).update(table()).set(heartbeatAt, at).where(host.eq(hostName)).execute();
    }

    @Override
    protected Agent of(Record row, Standard standard) {
        return new Agent(
                standard,
                row.get(host),
                row.get(type),
                row.get(program),
                row.get(topic),
                row.get(adminUp),
                row.get(startedAt),
                row.get(heartbeatAt),
                row.get(configurations));
    }
}

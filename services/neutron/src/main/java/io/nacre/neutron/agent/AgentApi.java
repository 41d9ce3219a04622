package io.nacre.neutron.agent;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import io.nacre.http.Route;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.resource.Attribute;
import io.nacre.neutron.resource.Attributes;
import io.nacre.neutron.resource.Checks;
import io.nacre.neutron.resource.Guard;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.ResourceApi;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** API reference "Networking agents". */
public final class AgentApi extends ResourceApi<Agent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final Set<String> WITH_ZONE = Set.of(Agent.DHCP, Agent.L3);

    private final Agents agents;
    private final InstantSource clock;

    public AgentApi(Wiring wiring, Agents agents, String zone, InstantSource clock) {
        super(wiring, attributes(agents, zone), agents.store(), Guard.Rules.ADMIN);
        this.agents = agents;
        this.clock = clock;
    }

    static Attributes<Agent> attributes(Agents agents, String zone) {
        AgentStore store = agents.store();
        Attributes<Agent> table = Attributes.bare("agent", "agents", store);
        return table.add(Attribute.of("agent_type", Agent::type).column(store.type))
                .add(Attribute.of("binary", Agent::program).column(store.program))
                .add(Attribute.of("topic", Agent::topic).column(store.topic))
                .add(Attribute.of("host", Agent::host).column(store.host))
                .add(Attribute.of("admin_state_up", Agent::adminUp)
                        .check(Checks.BOOLEAN)
                        .update()
                        .column(store.adminUp))
                .add(Attribute.<Agent>of("description", a -> description(a))
                        .check(Checks.string(255))
                        .update()
                        .column(store.description()))
                .add(Attribute.<Agent>of("created_at", a -> show(a.standard().createdAt()))
                        .column(store.created()))
                .add(Attribute.<Agent>of("started_at", a -> show(a.startedAt())).column(store.startedAt))
                .add(Attribute.<Agent>of("heartbeat_timestamp", a -> show(a.heartbeatAt()))
                        .column(store.heartbeatAt))
                .add(Attribute.of("alive", agents::isAlive).filter(values -> alive(agents, values)))
                .add(Attribute.of("configurations", Agent::configurations))
                .add(Attribute.<Agent>of("availability_zone", a -> WITH_ZONE.contains(a.type()) ? zone : null)
                        .filter(values -> values.contains(zone) ? store.ofTypes(WITH_ZONE) : DSL.falseCondition()))
                .add(Attribute.<Agent>of("resources_synced", a -> null));
    }

    private static @Nullable String description(Agent agent) {
        String text = agent.standard().description();
        return text.isEmpty() ? null : text;
    }

    private static Condition alive(Agents agents, List<String> values) {
        Condition alive = agents.store().beatSince(agents.since());
        return values.getLast().equalsIgnoreCase("true") ? alive : DSL.not(alive);
    }

    private static String show(Instant instant) {
        return TIME.format(instant);
    }

    /** Nobody makes an agent by hand. */
    @Override
    public List<Route> routes() {
        return super.routes().stream()
                .filter(route -> !route.method().equals("POST"))
                .toList();
    }

    @Override
    protected Condition visible(Caller caller) {
        return DSL.falseCondition();
    }

    @Override
    protected Agent create(Tx tx, Caller caller, Input input) {
        throw NeutronFault.badRequest("Agents are not made by request.");
    }

    @Override
    protected Agent update(Tx tx, Caller caller, Agent present, Input input) {
        return agents.store()
                .update(
                        tx,
                        new Agent(
                                present.standard()
                                        .changed(
                                                input.text(
                                                        "description",
                                                        present.standard().description()),
                                                clock.instant()),
                                present.host(),
                                present.type(),
                                present.program(),
                                present.topic(),
                                input.bool("admin_state_up", present.adminUp()),
                                present.startedAt(),
                                present.heartbeatAt(),
                                present.configurations()));
    }

    @Override
    protected void delete(Tx tx, Caller caller, Agent present) {
        agents.store().delete(tx, present);
    }
}

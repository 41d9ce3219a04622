package io.nacre.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.bus.Bus;
import io.nacre.bus.LocalBus;
import io.nacre.bus.Remote;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.node.NetworkNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AgentTest {
    private final Bus bus = new LocalBus();
    private final BlockingQueue<JsonNode> reports = new LinkedBlockingQueue<>();

    /** A data plane that only tells what it is. */
    private static final NetworkNode NETWORK = new NetworkNode() {
        @Override
        public DataPlaneReport report() {
            return new DataPlaneReport("test", null, null, List.of());
        }

        @Override
        public void applyNetwork(NetworkSpec network) {}

        @Override
        public void removeNetwork(Ref network) {}

        @Override
        public Plugged applyPort(PortSpec port) {
            return new Plugged(port.id(), "tap0", null, port.mtu());
        }

        @Override
        public void removePort(Ref port) {}

        @Override
        public void applyRouter(RouterSpec router) {}

        @Override
        public void removeRouter(Ref router) {}

        @Override
        public Inventory inventory() {
            return new Inventory(List.of(), List.of(), List.of());
        }
    };

    @BeforeEach
    void listen() {
        bus.subscribe(AgentReported.TOPIC, reports::add);
    }

    @AfterEach
    void close() {
        bus.close();
    }

    private Agent agent(Duration heartbeat) {
        return new Agent("h1", bus, null, NETWORK, new AgentConfig(heartbeat), InstantSource.system());
    }

    private AgentReported next() throws InterruptedException {
        JsonNode report = reports.poll(5, TimeUnit.SECONDS);
        assertThat(report).as("a report within 5 s").isNotNull();
        return Json.convert(report, AgentReported.class);
    }

    @Test
    void reportsAtItsStartWhenAskedAndAtItsEnd() throws InterruptedException {
        Agent agent = agent(Duration.ofHours(1));
        agent.start();
        AgentReported first = next();
        assertThat(first.host()).isEqualTo("h1");
        assertThat(first.network().driver()).isEqualTo("test");
        assertThat(first.compute()).isNull();
        bus.publish(Agent.HELLO, Json.object());
        assertThat(next().stopping()).isFalse();
        agent.close();
        assertThat(next().stopping()).isTrue();
    }

    @Test
    void reportsAgainAndAgain() throws InterruptedException {
        try (Agent agent = agent(Duration.ofMillis(20))) {
            agent.start();
            assertThat(next().startedAt()).isEqualTo(next().startedAt());
        }
    }

    @Test
    void answersCommandsAtTheAddressOfItsHost() {
        try (Agent agent = agent(Duration.ofHours(1))) {
            agent.start();
            NetworkNode remote = Remote.client(NetworkNode.class, bus, "network.h1", Duration.ofSeconds(5));
            assertThat(remote.report().driver()).isEqualTo("test");
        }
    }
}

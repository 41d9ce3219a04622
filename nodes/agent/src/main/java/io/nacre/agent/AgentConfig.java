package io.nacre.agent;

import io.nacre.config.Doc;
import java.time.Duration;

@Doc("The node agent.")
public record AgentConfig(
        @Doc("How often the agent says that it is there and what it has.")
        Duration heartbeat) {

    public AgentConfig {
        if (!heartbeat.isPositive()) {
            throw new IllegalArgumentException("heartbeat must be positive");
        }
    }

    public static AgentConfig defaults() {
        return new AgentConfig(Duration.ofSeconds(5));
    }
}

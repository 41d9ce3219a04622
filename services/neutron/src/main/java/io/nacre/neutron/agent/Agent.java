package io.nacre.neutron.agent;

import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.Standard;
import java.time.Instant;
import java.util.Map;

/**
 * One part that a host plays.
 *
 * @param program such as neutron-dhcp-agent
 * @param startedAt when this run of the node agent began
 * @param configurations what the agent says of itself
 */
public record Agent(
        Standard standard,
        String host,
        String type,
        String program,
        String topic,
        boolean adminUp,
        Instant startedAt,
        Instant heartbeatAt,
        Map<String, Object> configurations)
        implements Resource {
    public static final String DHCP = "DHCP agent";
    public static final String L3 = "L3 agent";
    public static final String METADATA = "Metadata agent";
    public static final String LINUX_BRIDGE = "Linux bridge agent";
}

package io.nacre.nova.service;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * The services that a controller is by itself. They are up whenever somebody can ask.
 *
 * @param host the controller's name
 */
public record InternalServices(String host) {

    /** @param number the short identifier that versions before 2.53 show; beyond those of any host */
    public record Internal(String id, long number, String binary) {}

    public List<Internal> all() {
        return List.of(internal("nova-scheduler", 1_000_001), internal("nova-conductor", 1_000_002));
    }

    private Internal internal(String binary, long number) {
        String id = UUID.nameUUIDFromBytes((binary + "@" + host).getBytes(StandardCharsets.UTF_8))
                .toString();
        return new Internal(id, number, binary);
    }
}

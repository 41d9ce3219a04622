package io.nacre.launcher;

import io.nacre.config.Doc;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the cloud as a whole is called and where it listens. */
@Doc("The cloud as a whole.")
record CloudConfig(
        @Doc("Region of every endpoint in the catalog.") String region,
        @Doc("Address that every API listens on.") String listen,

        @Doc("Host name or address that clients reach the APIs by.")
        String publicHost,

        @Doc("Added to every standard port, so that several clouds can run side by side.")
        int portOffset,

        @Doc("Name of this host among the cloud's hosts. No two agents and no two controllers may have the same, and it"
                + " stays the same over restarts.")
        String host,

        @Doc("Directory that all controllers of a cloud share: passwords, the keys that seal tokens, images. When not"
                + " set, the state directory.")
        @Nullable
        Path shared) {

    private static final int LAST_PORT = 65535;

    CloudConfig {
        for (Endpoint endpoint : Endpoint.all()) {
            int port = endpoint.port(portOffset);
            if (port < 1 || port > LAST_PORT) {
                throw new IllegalArgumentException("port_offset: with " + portOffset + " the " + endpoint.type()
                        + " API would listen on port " + port + "; there are 1 to " + LAST_PORT);
            }
        }
    }

    static CloudConfig defaults() {
        return new CloudConfig("RegionOne", "127.0.0.1", "127.0.0.1", 0, hostName(), null);
    }

    /** Where controllers keep what must be the same for all of them. */
    Path shared(Path state) {
        return shared == null ? state : shared;
    }

    /** What this machine calls itself. */
    static String hostName() {
        try {
            String name = java.nio.file.Files.readString(Path.of("/proc/sys/kernel/hostname"))
                    .strip();
            return name.isEmpty() ? "localhost" : name;
        } catch (java.io.IOException e) {
            return "localhost";
        }
    }
}

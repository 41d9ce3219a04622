package io.nacre.launcher;

import io.nacre.config.Doc;

/** What the cloud as a whole is called and where it listens. */
@Doc("The cloud as a whole.")
record CloudConfig(
        @Doc("Region of every endpoint in the catalog.") String region,
        @Doc("Address that every API listens on.") String listen,

        @Doc("Host name or address that clients reach the APIs by.")
        String publicHost,

        @Doc("Added to every standard port, so that several clouds can run side by side.")
        int portOffset,

        @Doc("Name of this host among the cloud's hosts.") String host) {

    static CloudConfig defaults() {
        return new CloudConfig("RegionOne", "127.0.0.1", "127.0.0.1", 0, hostName());
    }

    private static String hostName() {
        try {
            String name = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/sys/kernel/hostname"))
                    .strip();
            return name.isEmpty() ? "localhost" : name;
        } catch (java.io.IOException e) {
            return "localhost";
        }
    }
}

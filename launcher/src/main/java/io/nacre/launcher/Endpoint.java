package io.nacre.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Where each API stands: its standard port, and how the service catalog names it. */
enum Endpoint {
    KEYSTONE("identity", 5000, "/v3"),
    GLANCE("image", 9292, ""),
    PLACEMENT("placement", 8778, ""),
    NOVA("compute", 8774, "/v2.1"),
    NEUTRON("network", 9696, "");

    private final String type;
    private final int port;
    private final String path;

    Endpoint(String type, int port, String path) {
        this.type = type;
        this.port = port;
        this.path = path;
    }

    String service() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The service type of the catalog. */
    String type() {
        return type;
    }

    int port(int offset) {
        return port + offset;
    }

    /** The URL in the catalog. */
    String url(CloudConfig cloud) {
        return "http://" + cloud.publicHost() + ":" + port(cloud.portOffset()) + path;
    }

    /** Where an operator puts the rules that stand in place of a service's own; it need not exist. */
    Path policyFile(Path state) {
        return state.resolve("policy").resolve(service() + ".yaml");
    }

    static List<Endpoint> all() {
        return List.of(values());
    }
}

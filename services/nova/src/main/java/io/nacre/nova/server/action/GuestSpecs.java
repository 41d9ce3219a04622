package io.nacre.nova.server.action;

import io.nacre.contracts.node.ComputeNode;
import io.nacre.nova.flavor.Flavor;
import io.nacre.nova.server.Server;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes a server what a node understands. */
final class GuestSpecs {
    private GuestSpecs() {}

    static ComputeNode.GuestSpec of(
            Server server,
            List<ComputeNode.Vif> vifs,
            ComputeNode.@Nullable ImageSource image,
            @Nullable Map<String, byte[]> configDrive) {
        Flavor flavor = server.flavor();
        return new ComputeNode.GuestSpec(
                server.id(),
                server.instanceName(),
                flavor.vcpus(),
                flavor.ramMiB(),
                flavor.diskGiB(),
                flavor.ephemeralGiB(),
                flavor.swapMiB(),
                image,
                vifs,
                configDrive,
                hardware(server));
    }

    /** The image's hardware properties; the flavor's {@code hw:NAME} overrules the image's {@code hw_NAME}. */
    private static Map<String, String> hardware(Server server) {
        Map<String, String> properties = new TreeMap<>();
        server.source().properties().forEach((name, value) -> {
            if (name.startsWith("hw_") || name.startsWith("os_")) {
                properties.put(name, value);
            }
        });
        server.flavor().extraSpecs().forEach((name, value) -> {
            if (name.startsWith("hw:")) {
                properties.put("hw_" + name.substring("hw:".length()), value);
            }
        });
        return properties;
    }
}

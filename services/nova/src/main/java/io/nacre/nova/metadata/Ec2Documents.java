package io.nacre.nova.metadata;

import io.nacre.contracts.peer.Networks;
import io.nacre.contracts.peer.SecurityGroups;
import io.nacre.nova.server.Server;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the EC2 tree: names to texts, and to further trees (nova/api/metadata/base.py, get_ec2_metadata). */
final class Ec2Documents {
    private Ec2Documents() {}

    static Map<String, Object> of(Server server, List<Networks.Port> ports, String hostname) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("ami-id", id("ami", server.number()));
        tree.put("ami-launch-index", Integer.toString(server.launchIndex()));
        tree.put("ami-manifest-path", "");
        tree.put("block-device-mapping", new TreeMap<>(Map.of("ami", "vda", "root", "/dev/vda")));
        tree.put("hostname", hostname);
        tree.put("instance-action", "none");
        tree.put("instance-id", id("i", server.number()));
        tree.put("instance-type", server.flavor().name());
        tree.put("local-hostname", hostname);
        tree.put("local-ipv4", address(ports, "fixed"));
        tree.put(
                "placement",
                Map.of(
                        "availability-zone",
                        server.place() == null ? "" : server.place().zone()));
        tree.put("public-hostname", hostname);
        tree.put("public-ipv4", address(ports, "floating"));
        String keyName = server.login().keyName();
        String publicKey = server.login().publicKey();
        if (keyName != null && publicKey != null) {
            tree.put("public-keys", Map.of("0=" + keyName, Map.of("openssh-key", publicKey)));
        }
        tree.put("reservation-id", server.reservationId());
        tree.put(
                "security-groups",
                ports.stream()
                        .flatMap(port -> port.securityGroups().stream())
                        .map(SecurityGroups.GroupName::shown)
                        .distinct()
                        .collect(Collectors.joining("\n")));
        return tree;
    }

    private static String id(String kind, long number) {
        return "%s-%08x".formatted(kind, number);
    }

    private static String address(List<Networks.Port> ports, String type) {
        return ports.stream()
                .flatMap(port -> port.addresses().stream())
                .filter(address -> address.version() == 4 && address.type().equals(type))
                .map(Networks.Address::address)
                .findFirst()
                .orElse("");
    }
}

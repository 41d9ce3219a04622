package io.nacre.launcher.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nacre.base.Fault;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What the demo makes, all of it named nacre-demo, each thing once however often the demo runs. */
final class DemoCloud {
    static final String NAME = "nacre-demo";
    /** Nova takes the name in a query for a regular expression. */
    private static final String SERVERS = "/servers?name=" + URLEncoder.encode("^" + NAME + "$", UTF_8);

    private final Client client;

    DemoCloud(Client client) {
        this.client = client;
    }

    String image(Path file) throws IOException {
        for (JsonNode image : client.get("image", "/v2/images?name=" + NAME).get("images")) {
            if (image.get("status").asString().equals("active")) {
                return id(image);
            }
            client.delete("image", "/v2/images/" + id(image));
        }
        String id = id(client.post(
                "image",
                "/v2/images",
                Map.of("name", NAME, "disk_format", "qcow2", "container_format", "bare", "visibility", "public")));
        client.upload("image", "/v2/images/" + id + "/file", file);
        return id;
    }

    String flavor() {
        for (JsonNode flavor : client.get("compute", "/flavors").get("flavors")) {
            if (flavor.get("name").asString().equals(NAME)) {
                return id(flavor);
            }
        }
        return id(client.post(
                        "compute",
                        "/flavors",
                        Map.of("flavor", Map.of("name", NAME, "vcpus", 1, "ram", 128, "disk", 1)))
                .get("flavor"));
    }

    String network() {
        String network = find("networks")
                .orElseGet(() -> id(client.post("network", "/v2.0/networks", Map.of("network", Map.of("name", NAME)))
                        .get("network")));
        if (find("subnets").isEmpty()) {
            client.post(
                    "network",
                    "/v2.0/subnets",
                    Map.of(
                            "subnet",
                            Map.of("name", NAME, "network_id", network, "ip_version", 4, "cidr", "10.77.0.0/24")));
        }
        return network;
    }

    /** A security group that lets SSH and ping in. */
    String securityGroup() {
        return find("security-groups").orElseGet(() -> {
            String id =
                    id(client.post("network", "/v2.0/security-groups", Map.of("security_group", Map.of("name", NAME)))
                            .get("security_group"));
            rule(Map.of(
                    "security_group_id",
                    id,
                    "direction",
                    "ingress",
                    "protocol",
                    "tcp",
                    "port_range_min",
                    22,
                    "port_range_max",
                    22));
            rule(Map.of("security_group_id", id, "direction", "ingress", "protocol", "icmp"));
            return id;
        });
    }

    private void rule(Map<String, Object> rule) {
        client.post("network", "/v2.0/security-group-rules", Map.of("security_group_rule", rule));
    }

    /** Gives the public key to nova under the demo's name. */
    void keyPair(String publicKey) {
        for (JsonNode pair : client.get("compute", "/os-keypairs").get("keypairs")) {
            if (pair.get("keypair").get("name").asString().equals(NAME)) {
                client.delete("compute", "/os-keypairs/" + NAME);
            }
        }
        client.post("compute", "/os-keypairs", Map.of("keypair", Map.of("name", NAME, "public_key", publicKey)));
    }

    String server(String image, String flavor, String network, String group) {
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("name", NAME);
        server.put("imageRef", image);
        server.put("flavorRef", flavor);
        server.put("key_name", NAME);
        server.put("networks", List.of(Map.of("uuid", network)));
        server.put("security_groups", List.of(Map.of("name", group)));
        return id(client.post("compute", "/servers", Map.of("server", server)).get("server"));
    }

    JsonNode awaitActive(String id, Duration limit) {
        return await("the server to become ACTIVE", limit, () -> {
            JsonNode server = client.get("compute", "/servers/" + id).get("server");
            String status = server.get("status").asString();
            if (status.equals("ERROR")) {
                JsonNode fault = server.get("fault");
                throw Fault.internal("The server went to ERROR: "
                        + (fault == null ? "" : fault.get("message").asString()));
            }
            return status.equals("ACTIVE") ? server : null;
        });
    }

    static String address(JsonNode server) {
        for (JsonNode network : server.get("addresses")) {
            for (JsonNode address : network) {
                if (address.get("version").asInt() == 4) {
                    return address.get("addr").asString();
                }
            }
        }
        throw Fault.internal("The server has no IPv4 address.");
    }

    String console(String id, int lines) {
        return client.post(
                        "compute", "/servers/" + id + "/action", Map.of("os-getConsoleOutput", Map.of("length", lines)))
                .get("output")
                .asString();
    }

    /** Removes all the demo made; the server first, for what it uses cannot go before. */
    void clean() {
        for (JsonNode server : client.get("compute", SERVERS).get("servers")) {
            client.delete("compute", "/servers/" + id(server));
        }
        await(
                "the server to be gone",
                Duration.ofMinutes(1),
                () -> client.get("compute", SERVERS).get("servers").isEmpty() ? true : null);
        find("networks").ifPresent(id -> client.delete("network", "/v2.0/networks/" + id));
        find("security-groups").ifPresent(id -> client.delete("network", "/v2.0/security-groups/" + id));
        for (JsonNode pair : client.get("compute", "/os-keypairs").get("keypairs")) {
            if (pair.get("keypair").get("name").asString().equals(NAME)) {
                client.delete("compute", "/os-keypairs/" + NAME);
            }
        }
        for (JsonNode flavor : client.get("compute", "/flavors").get("flavors")) {
            if (flavor.get("name").asString().equals(NAME)) {
                client.delete("compute", "/flavors/" + id(flavor));
            }
        }
        for (JsonNode image : client.get("image", "/v2/images?name=" + NAME).get("images")) {
            client.delete("image", "/v2/images/" + id(image));
        }
    }

    private java.util.Optional<String> find(String collection) {
        JsonNode found =
                client.get("network", "/v2.0/" + collection + "?name=" + NAME).get(collection.replace('-', '_'));
        return found.isEmpty() ? java.util.Optional.empty() : java.util.Optional.of(id(found.get(0)));
    }

    private static String id(JsonNode node) {
        return node.get("id").asString();
    }

    /** Asks again and again until there is an answer. */
    static <T> T await(String what, Duration limit, Supplier<@org.jspecify.annotations.Nullable T> question) {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end) {
            T answer = question.get();
            if (answer != null) {
                return answer;
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.unavailable("Interrupted.").because(e);
            }
        }
        throw Fault.of(Fault.Kind.TIMEOUT, "Timeout", "Waited " + limit.toSeconds() + " s for " + what + ".");
    }
}

package io.nacre.launcher.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a cloud is asked most, a few hundred times over, so that a recording of the program has it warm. */
public final class Rehearsal {
    private static final int ROUNDS = 150;
    private static final int SERVERS = 40;
    private static final List<List<String>> QUESTIONS = List.of(
            List.of("compute", "/servers/detail"),
            List.of("compute", "/flavors/detail"),
            List.of("network", "/v2.0/networks"),
            List.of("network", "/v2.0/ports"),
            List.of("image", "/v2/images"),
            List.of("placement", "/resource_providers"),
            List.of("identity", "/projects"),
            List.of("identity", "/auth/catalog"));

    private final OpenRc openrc;
    private final Path state;

    public Rehearsal(String openrc, Path state) {
        this.openrc = new OpenRc(openrc);
        this.state = state;
    }

    public void run() throws IOException {
        Path data = Files.write(state.resolve("rehearsal.img"), new byte[1 << 20]);
        try (Client client = openrc.login()) {
            DemoCloud cloud = new DemoCloud(client);
            String image = client.post(
                            "image",
                            "/v2/images",
                            Map.of("name", DemoCloud.NAME, "disk_format", "raw", "container_format", "bare"))
                    .get("id")
                    .asString();
            client.upload("image", "/v2/images/" + image + "/file", data);
            String flavor = cloud.flavor();
            String network = cloud.network();
            String group = cloud.securityGroup();
            client.post("compute", "/os-keypairs", Map.of("keypair", Map.of("name", DemoCloud.NAME)));
            for (int i = 0; i < SERVERS; i++) {
                String server = cloud.server(image, flavor, network, group);
                cloud.awaitActive(server, Duration.ofSeconds(20));
                client.delete("compute", "/servers/" + server);
            }
            cloud.awaitActive(cloud.server(image, flavor, network, group), Duration.ofSeconds(20));
            for (int i = 0; i < ROUNDS; i++) {
                QUESTIONS.forEach(question -> client.get(question.getFirst(), question.getLast()));
            }
            cloud.clean();
        }
    }
}

package io.nacre.launcher.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** Boots a server on the cloud that an openrc file tells of, and shows that it is really there. */
public final class Demo {
    private static final Duration ACTIVE_LIMIT = Duration.ofMinutes(2);
    private static final Duration SSH_LIMIT = Duration.ofMinutes(4);

    private final OpenRc openrc;
    private final Path state;
    private final Phases phases;

    public Demo(String openrc, Path state, Phases phases) {
        this.openrc = new OpenRc(openrc);
        this.state = state;
        this.phases = phases;
    }

    /**
     * @param image the guest image
     * @param dhcpNamespace from a network's id to the namespace that reaches its guests
     * @param clean the command that removes all of it again
     */
    public void run(Path image, UnaryOperator<String> dhcpNamespace, String clean) throws IOException {
        Path key = state.resolve("secrets").resolve("demo-key");
        try (Client client = openrc.login()) {
            DemoCloud cloud = new DemoCloud(client);
            String imageId = cloud.image(image);
            phases.done("image uploaded");
            String flavorId = cloud.flavor();
            String networkId = cloud.network();
            String group = cloud.securityGroup();
            cloud.keyPair(Ssh.publicKey(key));
            phases.done("network, key pair and security group made");
            String serverId = cloud.server(imageId, flavorId, networkId, group);
            JsonNode server = cloud.awaitActive(serverId, ACTIVE_LIMIT);
            phases.done("server ACTIVE");
            Ssh ssh = new Ssh(dhcpNamespace.apply(networkId), key, DemoCloud.address(server));
            DemoCloud.await("SSH to answer", SSH_LIMIT, () -> ssh.answers() ? true : null);
            phases.done("SSH answers");
            System.out.println("\nThe end of its console log:\n");
            cloud.console(serverId, 12).lines().forEach(line -> System.out.println("  | " + line.stripTrailing()));
            System.out.println("\nThe server has the address " + ssh.address() + ". Log in with\n  " + ssh.command()
                    + "\nand remove all of it with\n  " + clean);
        }
    }

    public void clean() {
        try (Client client = openrc.login()) {
            new DemoCloud(client).clean();
        }
        System.out.println("The demo is gone.");
    }
}

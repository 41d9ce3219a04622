package io.nacre.bus;

import io.nacre.config.Doc;
import io.nacre.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc("The RabbitMQ broker through which controllers and agents reach each other.")
public record RabbitConfig(
        @Doc("The broker's nodes as host:port; the first that answers is used.")
        List<String> hosts,

        @Doc("Each cloud needs a virtual host of its own.") String virtualHost,

        @Doc("The account, which may configure, write and read everything in the virtual host.")
        String user,

        @Doc("The account's password.") Secret password,

        @Doc("Whether to connect by TLS; the broker's certificate must then carry its host name.")
        boolean tls,

        @Doc("PEM file of the authorities that may have signed the broker's certificate; else those of the JVM.")
        @Nullable
        Path caFile,

        @Doc("Whether what must not be lost is replicated over the nodes of a broker cluster (quorum queues).\n"
                + "Worth it with three nodes or more, and to be the same everywhere in a cloud.")
        boolean quorum,

        @Doc(
                "Whether the exchanges and queues of notifications outlive the broker. To be the same as for the programs that\n"
                        + "listen to them, for the broker refuses who declares them otherwise.")
        boolean amqpDurableQueues,

        @Doc("How often both sides prove that they are alive; silence for twice as long ends the connection.")
        Duration heartbeat,

        @Doc("How long to wait for a connection, and for a lost one to come back, before a message is refused.")
        Duration connectTimeout,

        @Doc("How long a message that must not be lost may take until the broker has it for certain.")
        Duration confirmTimeout) {

    public RabbitConfig {
        if (hosts.isEmpty() || !hosts.stream().allMatch(host -> host.matches("\\S+:\\d{1,5}"))) {
            throw new IllegalArgumentException("hosts must be a list of host:port");
        }
        if (heartbeat.toSeconds() < 1 || !connectTimeout.isPositive() || !confirmTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "heartbeat must be a second at least, connect_timeout and confirm_timeout positive");
        }
    }

    public static RabbitConfig defaults() {
        return new RabbitConfig(
                List.of("127.0.0.1:5672"),
                "/",
                "nacre",
                Secret.NONE,
                false,
                null,
                false,
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
    }
}

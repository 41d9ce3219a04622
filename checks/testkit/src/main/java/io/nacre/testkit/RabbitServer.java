package io.nacre.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A RabbitMQ broker of Debian's package (rabbitmq-server) with ports, state, cookie and port mapper of its own, so that
 * any number of them, and the machine's own, run side by side. A start takes some five seconds of processor time.
 */
public final class RabbitServer implements AutoCloseable {
    public static final String USER = "nacre";
    public static final String PASSWORD = "secret-of-the-test";

    private final Path folder = Daemon.folder("rabbit");
    private final int port = Daemon.freePort();
    private final int mapperPort = Daemon.freePort();
    private final int nodePort = Daemon.freePort();
    private final Daemon mapper;
    private Daemon broker;

    private RabbitServer(String furtherSettings) {
        write("plugins", "[].");
        write("rabbit.conf", """
                listeners.tcp.default = 127.0.0.1:%d
                default_user = %s
                default_pass = %s
                log.console = true
                log.console.level = info
                %s
                """.formatted(port, USER, PASSWORD, furtherSettings));
        // Erlang would start one itself, as a background process that nobody ends.
        mapper = Daemon.start(List.of("/usr/bin/epmd"), environment(), folder.resolve("epmd.log"), "rabbitmq-server");
        mapper.awaitPort(mapperPort);
        broker = broker();
    }

    public static RabbitServer start() {
        return new RabbitServer("");
    }

    /** @param settings further lines for rabbitmq.conf */
    public static RabbitServer start(String settings) {
        return new RabbitServer(settings);
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Ends the broker in good order; what is durable is there again after {@link #startAgain}. */
    public void stop() {
        broker.stop();
    }

    /** Ends the broker as a power failure would. */
    public void kill() {
        broker.kill();
    }

    public void startAgain() {
        broker = broker();
    }

    @Override
    public void close() {
        broker.kill();
        mapper.kill();
        DatabaseServer.delete(folder);
    }

    private Daemon broker() {
        Daemon started = Daemon.start(
                List.of("/usr/lib/rabbitmq/bin/rabbitmq-server"),
                environment(),
                folder.resolve("rabbit.log"),
                "rabbitmq-server");
        started.awaitPort(port);
        return started;
    }

    private Map<String, String> environment() {
        return Map.ofEntries(
                Map.entry("HOME", folder.toString()),
                Map.entry("ERL_EPMD_PORT", Integer.toString(mapperPort)),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODENAME", "nacre-" + port + "@localhost"),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(nodePort)),
                Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString()),
                Map.entry("RABBITMQ_LOG_BASE", folder.toString()),
                Map.entry("RABBITMQ_LOGS", "-"),
                Map.entry("RABBITMQ_PID_FILE", folder.resolve("pid").toString()),
                Map.entry("RABBITMQ_FEATURE_FLAGS_FILE", folder.resolve("flags").toString()),
                Map.entry(
                        "RABBITMQ_PLUGINS_EXPAND_DIR",
                        folder.resolve("expanded").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        folder.resolve("plugins").toString()),
                Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbit.conf").toString()),
                Map.entry("RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString()),
                // As under systemd: the script becomes the broker instead of starting one that would outlive it.
                Map.entry("NOTIFY_SOCKET", folder.resolve("none").toString()),
                Map.entry(
                        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                        "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +A 8"));
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.nacre.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A memcached of Debian's package on a port of its own. */
public final class MemcachedServer implements AutoCloseable {
    private final Path folder = Daemon.folder("memcached");
    private final int port = Daemon.freePort();
    private Daemon daemon = daemon();

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Ends it; what it held is lost. */
    public void stop() {
        daemon.kill();
    }

    /** Lets it hang: connections are taken, and nothing is answered. */
    public void freeze() {
        daemon.freeze();
    }

    public void thaw() {
        daemon.thaw();
    }

    public void startAgain() {
        daemon = daemon();
    }

    @Override
    public void close() {
        daemon.kill();
        DatabaseServer.delete(folder);
    }

    private Daemon daemon() {
        Daemon started = Daemon.start(
                List.of(
                        "/usr/bin/memcached",
                        "-u",
                        System.getProperty("user.name"),
                        "-l",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-U",
                        "0",
                        "-m",
                        "16"),
                Map.of(),
                folder.resolve("memcached.log"),
                "memcached");
        started.awaitPort(port);
        return started;
    }
}

package io.nacre.testkit;

import io.nacre.database.DatabaseConfig;
import io.nacre.database.DatabaseConfig.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Databases for tests and benchmarks: SQLite files, and MariaDB and PostgreSQL servers on ports of their own, started
 * when they are first wanted and stopped on close. Everything lies in memory where the machine has a /dev/shm.
 */
public final class DatabaseServers implements AutoCloseable {
    private final Path folder;
    private final AtomicInteger count = new AtomicInteger();
    private final Map<Engine, DatabaseServer> servers = new EnumMap<>(Engine.class);

    public DatabaseServers() {
        this(
                Files.isWritable(Path.of("/dev/shm"))
                        ? Path.of("/dev/shm")
                        : Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** @param parent under which the data lie; a benchmark names a real disk here */
    public DatabaseServers(Path parent) {
        removeOrphans(parent);
        try {
            folder = Files.createTempDirectory(
                    parent,
                    DatabaseServer.PREFIX + ProcessHandle.current().pid() + "-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new and empty database. */
    public DatabaseConfig fresh(Engine engine) {
        String name = "test" + count.incrementAndGet();
        if (engine == Engine.SQLITE) {
            return DatabaseConfig.file(folder.resolve(name).resolve("nacre.db"));
        }
        DatabaseServer server = server(engine);
        String sorted = engine == Engine.POSTGRESQL ? " template template0 lc_collate 'C' lc_ctype 'C.UTF-8'" : "";
        execute(server.config(server.firstDatabase()), "create database " + name + sorted);
        return server.config(name);
    }

    /** Removes a database that nobody uses any more. */
    public void drop(DatabaseConfig config) {
        if (config.engine() == Engine.SQLITE) {
            Path file = Path.of(config.url().substring("sqlite:".length()));
            DatabaseServer.delete(file.resolveSibling(""));
            return;
        }
        DatabaseServer server = server(config.engine());
        String name = config.url().substring(config.url().lastIndexOf('/') + 1);
        String force = config.engine() == Engine.POSTGRESQL ? " with (force)" : "";
        execute(server.config(server.firstDatabase()), "drop database " + name + force);
    }

    @Override
    public synchronized void close() {
        servers.values().forEach(DatabaseServer::close);
        servers.clear();
        DatabaseServer.delete(folder);
    }

    private synchronized DatabaseServer server(Engine engine) {
        return servers.computeIfAbsent(engine, wanted -> DatabaseServer.start(wanted, folder));
    }

    private static void execute(DatabaseConfig config, String sql) {
        try (Connection connection = DriverManager.getConnection(config.url(), config.user(), config.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Folders of runs that were killed; their servers died with them. */
    private static void removeOrphans(Path parent) {
        try (Stream<Path> entries = Files.list(parent)) {
            entries.filter(entry -> entry.getFileName().toString().matches(DatabaseServer.PREFIX + "\\d+-.*"))
                    .filter(entry -> !alive(entry.getFileName().toString()))
                    .forEach(DatabaseServer::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean alive(String name) {
        String pid = name.substring(DatabaseServer.PREFIX.length()).replaceFirst("-.*", "");
        return ProcessHandle.of(Long.parseLong(pid)).isPresent();
    }
}

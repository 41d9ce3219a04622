package io.nacre.testkit;

import io.nacre.database.DatabaseConfig;
import io.nacre.database.DatabaseConfig.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A MariaDB or PostgreSQL server of Debian's packages that lives as long as this JVM. Its empty data directory is made
 * once per machine and copied, so a start takes well under a second. Durability is off: no test needs it.
 */
final class DatabaseServer implements AutoCloseable {
    static final String PREFIX = "nacre-testkit-";
    private static final String USER = "nacre";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path POSTGRES = Path.of("/usr/lib/postgresql/15/bin");
    private static final Path MARIADB = Path.of("/usr/sbin/mariadbd");

    private final Engine engine;
    private final int port;
    private final Process process;

    private DatabaseServer(Engine engine, int port, Process process) {
        this.engine = engine;
        this.port = port;
        this.process = process;
    }

    static DatabaseServer start(Engine engine, Path folder) {
        Path program = engine == Engine.MARIADB ? MARIADB : POSTGRES.resolve("postgres");
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(program + " is missing: apt-get install mariadb-server postgresql-15,"
                    + " or run the tests with -Dnacre.engines=sqlite");
        }
        Path data = folder.resolve(engine.name().toLowerCase(Locale.ROOT));
        run(List.of("cp", "-a", template(engine).toString(), data.toString()));
        int port = freePort();
        List<String> command = engine == Engine.MARIADB ? mariaDb(data, port) : postgres(data, port);
        Process process = spawn(asUser(engine, command), folder.resolve(engine + ".log"));
        DatabaseServer server = new DatabaseServer(engine, port, process);
        server.awaitReady(folder.resolve(engine + ".log"));
        return server;
    }

    DatabaseConfig config(String database) {
        String kind = engine == Engine.MARIADB ? "mariadb" : "postgresql";
        return DatabaseConfig.at("jdbc:" + kind + "://127.0.0.1:" + port + "/" + database, USER, USER);
    }

    String firstDatabase() {
        return engine == Engine.MARIADB ? "mysql" : "postgres";
    }

    /** At once, the data are thrown away anyway; PostgreSQL gets the chance to free its shared memory. */
    @Override
    public void close() {
        try {
            if (engine == Engine.POSTGRESQL) {
                run(List.of("kill", "-QUIT", Long.toString(process.pid())));
                process.waitFor(5, TimeUnit.SECONDS);
            }
            process.destroyForcibly();
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReady(Path log) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        DatabaseConfig config = config(firstDatabase());
        while (true) {
            try {
                DriverManager.getConnection(config.url(), config.user(), config.password())
                        .close();
                return;
            } catch (SQLException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    close();
                    throw new IllegalStateException(engine + " did not start, see " + log, e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> mariaDb(Path data, int port) {
        return List.of(
                MARIADB.toString(),
                "--no-defaults",
                "--datadir=" + data,
                "--socket=" + data.resolve("socket"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--init-file=" + data.resolve("init.sql"),
                "--skip-name-resolve",
                "--skip-log-bin",
                "--skip-external-locking",
                "--max-connections=300",
                "--innodb-buffer-pool-size=64M",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-use-native-aio=0",
                "--innodb-doublewrite=0");
    }

    private static List<String> postgres(Path data, int port) {
        return List.of(
                POSTGRES.resolve("postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=" + data,
                "-c",
                "max_connections=300",
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "autovacuum=off",
                "-c",
                "dynamic_shared_memory_type=mmap");
    }

    /** Makes the data directory on first use; several JVMs may want it at once. */
    private static Path template(Engine engine) {
        Path templates =
                Path.of(System.getProperty("java.io.tmpdir"), PREFIX + "templates-" + System.getProperty("user.name"));
        Path ready = templates.resolve(engine.name().toLowerCase(Locale.ROOT));
        try {
            Files.createDirectories(templates);
            try (FileChannel channel = FileChannel.open(
                            templates.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.exists(ready)) {
                    Path draft = templates.resolve(engine + ".draft");
                    delete(draft);
                    initialise(engine, draft);
                    Files.move(draft, ready);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ready;
    }

    private static void initialise(Engine engine, Path data) throws IOException {
        Files.createDirectory(data);
        if (root()) {
            run(List.of("chown", account(engine), data.toString()));
        }
        if (engine == Engine.MARIADB) {
            run(asUser(
                    engine,
                    List.of(
                            "mariadb-install-db",
                            "--no-defaults",
                            "--datadir=" + data,
                            "--skip-test-db",
                            "--innodb-log-file-size=16M",
                            "--auth-root-authentication-method=normal")));
            Files.writeString(
                    data.resolve("init.sql"),
                    "create user if not exists '" + USER + "'@'%' identified by '" + USER + "';\n"
                            + "grant all on *.* to '" + USER + "'@'%';\n");
        } else {
            run(asUser(
                    engine,
                    List.of(
                            POSTGRES.resolve("initdb").toString(),
                            "--pgdata=" + data,
                            "--username=" + USER,
                            "--auth=trust",
                            "--encoding=UTF8",
                            "--locale=C.UTF-8",
                            "--no-sync")));
        }
    }

    /** Neither server wants to run as root, and each must die with this JVM, however that dies. */
    private static List<String> asUser(Engine engine, List<String> command) {
        List<String> all = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        if (root()) {
            all.addAll(List.of("--reuid", account(engine), "--regid", account(engine), "--clear-groups"));
        }
        all.addAll(command);
        return all;
    }

    private static String account(Engine engine) {
        return engine == Engine.MARIADB ? "mysql" : "postgres";
    }

    private static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The kernel signals the child when the thread that made it ends, so that thread stays. */
    private static Process spawn(List<String> command, Path log) {
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread.ofPlatform().name("server " + log.getFileName()).daemon().start(() -> {
            try {
                Process process = new ProcessBuilder(command)
                        .directory(Path.of("/").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
                started.complete(process);
                process.waitFor();
            } catch (IOException | InterruptedException e) {
                started.completeExceptionally(e);
            }
        });
        return started.join();
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.PIPE)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.nacre.database;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the database is and how hard it may be used.
 *
 * @param url {@code sqlite:/path/nacre.db}, {@code jdbc:mariadb://host:port/name} or
 *     {@code jdbc:postgresql://host:port/name}
 * @param user empty for SQLite
 * @param password never shown, empty for SQLite
 * @param readers threads that answer reads on SQLite
 * @param connections the most that are open at once to MariaDB or PostgreSQL
 * @param connectionTimeout how long a transaction waits for a connection before the database counts as away
 * @param lockTimeout how long a statement waits for somebody else's lock
 * @param retries how often a transaction that lost a race is run again before its caller is told
 */
public record DatabaseConfig(
        String url,
        String user,
        String password,
        int readers,
        int connections,
        Duration connectionTimeout,
        Duration lockTimeout,
        int retries) {
    private static final String SCHEME = "sqlite:";

    public DatabaseConfig {
        if (readers < 1 || connections < 2 || retries < 0) {
            throw new IllegalArgumentException("database: readers from 1, connections from 2, retries from 0");
        }
        Engine.of(url);
    }

    /** The defaults for an engine somewhere else. */
    public static DatabaseConfig at(String url, String user, String password) {
        return new DatabaseConfig(url, user, password, 3, 20, Duration.ofSeconds(10), Duration.ofSeconds(10), 20);
    }

    /** The defaults for an SQLite file. */
    public static DatabaseConfig file(Path file) {
        return at(SCHEME + file, "", "");
    }

    public Engine engine() {
        return Engine.of(url);
    }

    /** The SQLite file. */
    Path path() {
        String rest = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        return Path.of(rest.substring(SCHEME.length())).toAbsolutePath();
    }

    /** Whether the database lives in this program, so that no other one can share it. */
    public boolean embedded() {
        return engine() == Engine.SQLITE;
    }

    /** What the JDBC driver is told. */
    String jdbcUrl() {
        return engine() == Engine.SQLITE ? "jdbc:sqlite:" + path() : url;
    }

    @Override
    public String toString() {
        return "DatabaseConfig[" + engine().name() + ", user=" + user + ", connections=" + connections + "]";
    }

    /** The three databases that Nacre runs on. */
    public enum Engine {
        SQLITE,
        MARIADB,
        POSTGRESQL;

        static Engine of(String url) {
            if (url.startsWith(SCHEME) || url.startsWith("jdbc:" + SCHEME)) {
                return SQLITE;
            }
            if (url.startsWith("jdbc:mariadb:")) {
                return MARIADB;
            }
            if (url.startsWith("jdbc:postgresql:")) {
                return POSTGRESQL;
            }
            throw new IllegalArgumentException(
                    "database url: sqlite:/path, jdbc:mariadb://host/name or jdbc:postgresql://host/name");
        }
    }
}

package io.nacre.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Opens connections to the embedded database. */
final class SqliteFile {
    private SqliteFile() {}

    /** @param readOnly for a reader: writing through it fails */
    static Connection open(DatabaseConfig config, boolean readOnly) {
        try {
            Connection connection = DriverManager.getConnection(config.jdbcUrl());
            try (Statement statement = connection.createStatement()) {
                // Somebody may look into the file with another program; that must not fail us at once.
                statement.execute(
                        "pragma busy_timeout = " + config.lockTimeout().toMillis());
                statement.execute("pragma journal_mode = wal");
                statement.execute("pragma synchronous = full");
                statement.execute("pragma foreign_keys = on");
                statement.execute("pragma temp_store = memory");
                statement.execute("pragma cache_size = -16000");
                // As on the servers with their binary collations: a prefix search tells upper from lower case.
                statement.execute("pragma case_sensitive_like = on");
                statement.execute("pragma wal_autocheckpoint = 4000");
                statement.execute("pragma journal_size_limit = 67108864");
                if (readOnly) {
                    statement.execute("pragma query_only = on");
                }
            }
            return connection;
        } catch (SQLException e) {
            throw Trouble.of(e).toCaller(e);
        }
    }

    /** Waits for a thread to end, through interrupts. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.nacre.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;

/**
 * Brings the schema up to date. The scripts keep to what all three engines understand; the few types that differ
 * are placeholders: <code>${longtext}</code> for text beyond 64 KiB and <code>${bytes}</code> for binary.
 */
final class Migrations {
    /** Nothing is padded, folded or equated: what differs in one byte differs, as in SQLite and in PostgreSQL's "C". */
    private static final String MARIADB_COLLATION = "utf8mb4_nopad_bin";

    private Migrations() {}

    static void run(DatabaseConfig config, List<String> locations) {
        SchemaMark mark = new SchemaMark(locations);
        try (Connection connection = DriverManager.getConnection(config.jdbcUrl(), config.user(), config.password())) {
            if (mark.isOn(connection)) {
                return;
            }
            prepare(config.engine(), connection);
            migrate(config, locations);
            mark.put(connection);
        } catch (SQLException e) {
            throw Trouble.of(e).toCaller(e);
        }
    }

    private static void migrate(DatabaseConfig config, List<String> locations) {
        Flyway.configure()
                .dataSource(config.jdbcUrl(), config.user(), config.password())
                .locations(locations.stream().map(l -> "classpath:" + l).toArray(String[]::new))
                .placeholders(types(config.engine()))
                .table("nacre_schema_history")
                .outOfOrder(true)
                .failOnMissingLocations(true)
                // A newer controller may have been here first; it migrates only forward and compatibly.
                .ignoreMigrationPatterns("*:future")
                .loggers("slf4j")
                .load()
                .migrate();
    }

    private static Map<String, String> types(DatabaseConfig.Engine engine) {
        return switch (engine) {
            case SQLITE -> Map.of("longtext", "text", "bytes", "blob");
            case MARIADB -> Map.of("longtext", "longtext", "bytes", "longblob");
            case POSTGRESQL -> Map.of("longtext", "text", "bytes", "bytea");
        };
    }

    private static void prepare(DatabaseConfig.Engine engine, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            switch (engine) {
                case SQLITE -> statement.execute("pragma journal_mode = wal");
                case MARIADB -> collateMariaDb(statement);
                case POSTGRESQL -> requireC(statement);
            }
        }
    }

    private static void collateMariaDb(Statement statement) throws SQLException {
        if (!MARIADB_COLLATION.equals(one(statement, "select @@collation_database"))) {
            statement.execute("alter database character set utf8mb4 collate " + MARIADB_COLLATION);
        }
    }

    private static void requireC(Statement statement) throws SQLException {
        String collation = one(statement, "select datcollate from pg_database where datname = current_database()");
        if (!List.of("C", "POSIX", "C.UTF-8", "C.utf8").contains(collation)) {
            throw new IllegalStateException("The PostgreSQL database sorts by " + collation
                    + " but Nacre needs the order of bytes. Create it with: create database nacre"
                    + " template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'");
        }
    }

    private static String one(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}

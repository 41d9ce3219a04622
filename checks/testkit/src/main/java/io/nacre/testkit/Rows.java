package io.nacre.testkit;

import io.nacre.database.DatabaseConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows that the migrations wrote, to be brought back before each test. Quicker than a new schema. */
final class Rows {
    private final DatabaseConfig config;
    private final Map<String, List<@Nullable Object[]>> tables;

    private Rows(DatabaseConfig config, Map<String, List<@Nullable Object[]>> tables) {
        this.config = config;
        this.tables = tables;
    }

    static Rows remember(DatabaseConfig config) {
        Map<String, List<@Nullable Object[]>> tables = new LinkedHashMap<>();
        try (Connection connection = connect(config);
                Statement statement = connection.createStatement()) {
            for (String table : names(config, statement)) {
                tables.put(table, rows(statement, table));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new Rows(config, tables);
    }

    /** Empties all tables and writes the remembered rows again. References are not checked on the way. */
    void restore() {
        try (Connection connection = connect(config);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    switch (config.engine()) {
                        case SQLITE -> "pragma foreign_keys = off";
                        case MARIADB -> "set foreign_key_checks = 0";
                        case POSTGRESQL -> "set session_replication_role = replica";
                    });
            connection.setAutoCommit(false);
            for (Map.Entry<String, List<@Nullable Object[]>> table : tables.entrySet()) {
                statement.executeUpdate("delete from " + table.getKey());
                for (@Nullable Object[] row : table.getValue()) {
                    insert(connection, table.getKey(), row);
                }
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect(DatabaseConfig config) throws SQLException {
        String url = config.url().startsWith("jdbc:") ? config.url() : "jdbc:" + config.url();
        return DriverManager.getConnection(url, config.user(), config.password());
    }

    private static List<String> names(DatabaseConfig config, Statement statement) throws SQLException {
        String query = switch (config.engine()) {
            case SQLITE -> "select name from sqlite_master where type = 'table' and name not like 'sqlite%'";
            case MARIADB -> "select table_name from information_schema.tables where table_schema = database()";
            case POSTGRESQL -> "select table_name from information_schema.tables where table_schema = 'public'";
        };
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        names.remove("nacre_schema_history");
        return names;
    }

    private static List<@Nullable Object[]> rows(Statement statement, String table) throws SQLException {
        List<@Nullable Object[]> all = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("select * from " + table)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                @Nullable Object[] row = new @Nullable Object[columns];
                for (int i = 0; i < columns; i++) {
                    row[i] = rows.getObject(i + 1);
                }
                all.add(row);
            }
        }
        return all;
    }

    private static void insert(Connection connection, String table, @Nullable Object[] row) throws SQLException {
        String marks = "?" + ", ?".repeat(row.length - 1);
        try (PreparedStatement statement =
                connection.prepareStatement("insert into " + table + " values (" + marks + ")")) {
            for (int i = 0; i < row.length; i++) {
                statement.setObject(i + 1, row[i]);
            }
            statement.executeUpdate();
        }
    }
}

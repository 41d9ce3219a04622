package io.nacre.database;

import io.nacre.base.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Remembers in the database which scripts it was last brought up to date with, so that a start with the same ones
 * need not ask Flyway, which takes longer than everything else that is done to open a database.
 *
 * <p>Scripts count as the same when the jar, or each file of a folder, has the same size and time. Two controllers of
 * different versions overwrite each other's mark; that costs each of them a run of Flyway at its next start.
 */
final class SchemaMark {
    private final String mark;

    SchemaMark(List<String> locations) {
        mark = Digests.hex(
                "SHA-256", locations.stream().map(SchemaMark::describe).collect(Collectors.joining("\n")));
    }

    boolean isOn(Connection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select mark from nacre_schema")) {
            return rows.next() && mark.equals(rows.getString(1));
        } catch (SQLException e) {
            // A new database has no such table.
            return false;
        }
    }

    void put(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists nacre_schema (mark varchar(64) not null)");
            statement.executeUpdate("delete from nacre_schema");
        }
        try (PreparedStatement statement = connection.prepareStatement("insert into nacre_schema (mark) values (?)")) {
            statement.setString(1, mark);
            statement.executeUpdate();
        }
    }

    private static String describe(String location) {
        try {
            List<URL> places =
                    Collections.list(SchemaMark.class.getClassLoader().getResources(location));
            return location + places.stream().map(SchemaMark::describe).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String describe(URL place) {
        try {
            URLConnection connection = place.openConnection();
            if (connection instanceof JarURLConnection jar) {
                return describe(Path.of(jar.getJarFileURL().toURI()));
            }
            URI folder = place.toURI();
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                return files.map(SchemaMark::describe).sorted().collect(Collectors.joining(" "));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String describe(Path file) {
        try {
            return file.getFileName() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.nacre.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the log goes; to be said before the first line is logged. */
final class Log {
    private Log() {}

    static void to(Path directory) throws IOException {
        to(directory, "nacre.log");
    }

    /** @param name of a file of its own, for a command beside the cloud that runs */
    static void to(Path directory, String name) throws IOException {
        Files.createDirectories(directory);
        System.setProperty("nacre.log", directory.resolve(name).toString());
        // jOOQ greets on start-up and gives tips; the log is for what happened.
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }
}

package io.nacre.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the log goes; to be said before the first line is logged. */
final class Log {
    private Log() {}

    static void to(Path directory) throws IOException {
        Files.createDirectories(directory);
        System.setProperty("nacre.log", directory.resolve("nacre.log").toString());
        // jOOQ greets on start-up and gives tips; the log is for what happened.
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }
}

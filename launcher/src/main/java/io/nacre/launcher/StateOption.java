package io.nacre.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cloud on this machine is meant. */
final class StateOption {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Directory of the cloud's state (default: ./var in a clone, else /var/lib/nacre).")
    private @Nullable Path directory;

    /** How this program was called. */
    static String program() {
        return System.getProperty("nacre.command", "nacre");
    }

    /** A command of ours on the same cloud, as it is typed here. */
    String command(String words) {
        return program() + " " + words + (directory == null ? "" : " --state " + directory);
    }

    Path directory() {
        if (directory != null) {
            return directory.toAbsolutePath().normalize();
        }
        String home = System.getProperty("nacre.home");
        if (home != null && Files.exists(Path.of(home, "pom.xml"))) {
            return Path.of(home, "var");
        }
        return Path.of("/var/lib/nacre");
    }
}

package io.nacre.compute.qemu;

import io.nacre.compute.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The bootable test image: from the directory that {@code -Dnacre.guest} names, or built into var/cache/guest. */
final class TestGuest {
    private TestGuest() {}

    static synchronized Path image() {
        String given = System.getProperty("nacre.guest", System.getenv().getOrDefault("NACRE_GUEST", ""));
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("guest/build.sh"))) {
            root = root.getParent();
            if (root == null) {
                throw new AssertionError("no guest/build.sh above the working directory");
            }
        }
        Path directory = given.isEmpty() ? root.resolve("var/cache/guest") : Path.of(given);
        Command.Output output = Command.run(
                Duration.ofMinutes(5),
                List.of("bash", root.resolve("guest/build.sh").toString(), directory.toString()));
        if (!output.ok()) {
            throw new AssertionError("the guest image could not be built: " + output.err());
        }
        return directory.resolve("guest.qcow2");
    }
}

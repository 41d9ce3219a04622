package io.nacre.network.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What tests do to the kernel behind the agent's back. */
public final class Kernel {
    private Kernel() {}

    public static void assumeRoot() {
        try {
            assumeTrue(
                    Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                    "devices and namespaces can be made by root only");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public static void deleteDevice(String namespace, String device) {
        new Tools().ip(namespace, List.of("link del dev " + device));
    }
}

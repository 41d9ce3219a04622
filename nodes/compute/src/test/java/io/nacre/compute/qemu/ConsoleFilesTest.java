package io.nacre.compute.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleFilesTest {
    @TempDir
    Path directory;

    @Test
    void aChattyGuestKeepsTheEndOfWhatItSaidAndNoMoreDiskThanItsLimit() throws IOException {
        Path file = directory.resolve("console.log");
        try (OutputStream guest = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < 1000; i++) {
                guest.write(String.format("line %04d%n", i).getBytes(StandardCharsets.UTF_8));
                ConsoleFiles.cap(file, 1000);
                assertThat(size()).isLessThanOrEqualTo(1000 + 10);
            }
        }
        String kept = ConsoleFiles.read(file, 1000);
        assertThat(kept).endsWith("line 0998\nline 0999\n").hasSizeGreaterThan(500);
        int first = Integer.parseInt(kept.substring(kept.indexOf("line ") + 5, kept.indexOf("line ") + 9));
        for (int i = first; i < 1000; i++) {
            assertThat(kept).contains(String.format("line %04d", i));
        }
    }

    @Test
    void aGuestThatHasSaidNothingHasAnEmptyLog() throws IOException {
        assertThat(ConsoleFiles.read(directory.resolve("console.log"), 1000)).isEmpty();
    }

    private long size() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}

package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.testkit.image.HostileImages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hostile images name is not opened: the kernel's word for it. */
class HostileUploadsTest {
    @TempDir
    Path folder;

    private Path victim;
    private Path trace;

    @BeforeEach
    void makeVictim() throws IOException {
        victim = Files.writeString(folder.resolve("victim-of-images"), "secret");
        trace = folder.resolve("trace");
    }

    /** Runs a program and keeps every system call that is given a path. */
    private String traced(List<String> program) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "strace", "-f", "-qq", "--seccomp-bpf", "-s", "4096", "-e", "trace=%file", "-o", trace.toString()));
        command.addAll(program);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said;
        try (InputStream out = process.getInputStream()) {
            said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private List<String> touched() throws IOException {
        return Files.readAllLines(trace, StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.contains(victim.getFileName().toString()))
                .toList();
    }

    @Test
    void noneOfThemOpensWhatItNames() throws Exception {
        int images = HostileImages.reachingFor(victim.toString()).size();
        assertThat(images).isGreaterThanOrEqualTo(60);
        String said = traced(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HostileUploads.class.getName(),
                folder.toString(),
                victim.toString()));
        assertThat(said).contains("refused: " + images);
        assertThat(Files.readString(trace, StandardCharsets.ISO_8859_1)).contains(folder + "/images/staging/");
        // The victim's name is an argument of the program itself.
        assertThat(touched()).allMatch(line -> line.contains("execve("));
    }

    @Test
    void theTraceWouldShowIt() throws Exception {
        traced(List.of("cat", victim.toString()));
        assertThat(touched()).anyMatch(line -> line.contains("openat("));
    }
}

package io.nacre.compute.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.compute.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvmProbeTest {
    @TempDir
    Path directory;

    @Test
    void anAcceleratorThatRunsGuestsPasses() {
        assertThat(KvmProbe.runs(QemuProgram.PATH, "tcg", directory, Duration.ofSeconds(60)))
                .isTrue();
    }

    @Test
    void oneThatIsTooSlowOrNotThereDoesNot() {
        assertThat(KvmProbe.runs(QemuProgram.PATH, "tcg", directory, Duration.ofMillis(1)))
                .isFalse();
        assertThat(KvmProbe.runs(QemuProgram.PATH, "xen", directory, Duration.ofSeconds(20)))
                .isFalse();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void oneThatRunsInCirclesEndsByItselfWhenNobodyWaitsForIt() throws IOException {
        Path circles = Files.writeString(directory.resolve("circles"), "#!/bin/sh\nwhile :; do :; done\n");
        assertThat(circles.toFile().setExecutable(true)).isTrue();
        Instant began = Instant.now();
        List<String> words = KvmProbe.words(circles.toString(), "kvm", directory.resolve("rom"), Duration.ofMillis(1));
        assertThat(Command.run(Duration.ofSeconds(60), words).exit()).isNotIn(-1, ProbeRom.SUCCESS);
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void isAskedOncePerBootAndVersion() throws IOException {
        Path boot = directory.resolve("boot_id");
        Path file = directory.resolve("known");
        AtomicInteger asked = new AtomicInteger();
        Files.writeString(boot, "one\n");
        BooleanSupplier no = () -> asked.incrementAndGet() < 0;
        assertThat(KvmProbe.remembered(boot, 7_002_022, file, no)).isFalse();
        assertThat(KvmProbe.remembered(boot, 7_002_022, file, no)).isFalse();
        assertThat(asked).hasValue(1);
        assertThat(KvmProbe.remembered(boot, 8_000_000, file, () -> true)).isTrue();
        assertThat(KvmProbe.remembered(boot, 8_000_000, file, no)).isTrue();
        Files.writeString(boot, "two\n");
        assertThat(KvmProbe.remembered(boot, 8_000_000, file, no)).isFalse();
        assertThat(asked).hasValue(2);
    }
}

package io.nacre.compute.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
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
}

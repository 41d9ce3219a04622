package io.nacre.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.keystone.KeystoneConfig;
import io.nacre.keystone.fernet.KeyRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_OUT)
class GlanceCommandTest {
    @TempDir
    Path state;

    @BeforeEach
    void makeKeys() {
        Path keys = KeystoneConfig.defaults(state.resolve("keystone")).tokenKeys();
        assertThat(new KeyRepository(keys, 3, new Random(1), InstantSource.system()).all())
                .hasSize(2);
    }

    private Outcome metadefs(String... words) {
        return Outcome.of(
                new GlanceCommand(),
                state,
                Stream.concat(Stream.of("metadefs"), Stream.of(words)).toArray(String[]::new));
    }

    /** What is said beside the log. */
    private List<String> lines(String... words) {
        Outcome outcome = metadefs(words);
        assertThat(outcome.status()).as(outcome.text()).isZero();
        return outcome.text()
                .lines()
                .filter(line -> line.matches("(added|kept|changed|Removed|/).*"))
                .toList();
    }

    @Test
    void definitionsGoToFilesAndComeBack() throws IOException {
        assertThat(lines("load")).hasSize(33).contains("added  OS::Compute::Watchdog");
        assertThat(lines("load")).hasSize(33).allMatch(line -> line.startsWith("kept  "));
        Path folder = state.resolve("files");
        Path one = folder.resolve("OS_Compute_Watchdog.json");
        assertThat(lines("export", "--path", folder.toString())).hasSize(33).contains(one.toString());
        assertThat(lines("unload")).containsExactly("Removed 33 namespaces");

        assertThat(lines("load", "--path", one.toString())).containsExactly("added  OS::Compute::Watchdog");
        Files.writeString(one, Files.readString(one).replace("\"Watchdog\"", "\"Dog\""));
        assertThat(lines("load", "--path", one.toString(), "--merge", "--prefer-new"))
                .containsExactly("changed  OS::Compute::Watchdog");
        Path again = state.resolve("again");
        assertThat(lines("export", "--path", again.toString())).hasSize(1);
        assertThat(again.resolve("OS_Compute_Watchdog.json")).hasSameTextualContentAs(one);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        for (List<String> words : List.of(
                List.of("load", "--prefer-new"),
                List.of("load", "--overwrite"),
                List.of("load", "--merge", "--prefer-new", "--overwrite"),
                List.of("load", "--path", state.resolve("nowhere").toString()))) {
            assertThat(metadefs(words.toArray(String[]::new)).status())
                    .as(words.toString())
                    .isEqualTo(1);
        }
        assertThat(metadefs("export").status()).isEqualTo(2);
    }
}

package io.nacre.keystone.fernet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRepositoryTest {
    private static final byte[] MESSAGE = {1, 2, 3};

    @TempDir
    Path parent;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Random random = new Random(5);

    private KeyRepository open() {
        return new KeyRepository(parent.resolve("keys"), 3, random, () -> now);
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> entries = Files.list(parent.resolve("keys"))) {
            for (Path file : entries.toList()) {
                if (!file.getFileName().toString().startsWith(".")) {
                    files.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        }
        return files;
    }

    @Test
    void startsWithOneKeyInUseAndOneStagedThatOnlyTheOwnerCanRead() throws IOException {
        open();
        assertThat(files()).containsOnlyKeys("0", "1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parent.resolve("keys"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parent.resolve("keys/1"))))
                .isEqualTo("rw-------");
        Map<String, String> before = files();
        open();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void rotationPromotesTheStagedKeyAndRemovesTheOldest() throws IOException {
        KeyRepository keys = open();
        String staged = files().get("0");
        String first = files().get("1");
        keys.rotate();
        assertThat(files())
                .containsOnlyKeys("0", "1", "2")
                .containsEntry("2", staged)
                .containsEntry("1", first);
        keys.rotate();
        assertThat(files()).containsOnlyKeys("0", "2", "3").containsEntry("2", staged);
        assertThat(keys.all()).hasSize(3);
    }

    @Test
    void aTokenOutlivesTheRotationsThatMaxActiveKeysPromises() {
        KeyRepository keys = open();
        String text = Fernet.seal(keys.primary(), MESSAGE, now, random);
        keys.rotate();
        assertThat(Fernet.open(keys.all(), text)).isPresent();
        keys.rotate();
        assertThat(Fernet.open(keys.all(), text)).isEmpty();
    }

    @Test
    void aSecondControllerSeesARotationAndUnderstandsTokensBeforeItDoes() {
        KeyRepository here = open();
        KeyRepository there = open();
        here.rotate();
        String text = Fernet.seal(here.primary(), MESSAGE, now, random);
        assertThat(Fernet.open(there.all(), text)).isPresent();
        assertThat(there.all()).hasSize(2);
        now = now.plusSeconds(6);
        assertThat(there.all()).hasSize(3);
    }

    @Test
    void aBrokenKeyFileLeavesTheKeysInUseAsTheyWereButPreventsAStart() throws IOException {
        KeyRepository keys = open();
        Files.writeString(parent.resolve("keys/7"), "not a key");
        now = now.plusSeconds(6);
        assertThat(keys.all()).hasSize(2);
        assertThatThrownBy(this::open).hasMessageContaining("keys/7").hasMessageNotContaining("not a key");
    }

    @Test
    void restoresTheStagedKeyThatACutOffRotationLost() throws IOException {
        open();
        Files.move(parent.resolve("keys/0"), parent.resolve("keys/2"));
        open();
        assertThat(files()).containsOnlyKeys("0", "1", "2");
    }

    @Test
    void keysNeverShowThemselves() {
        assertThat(open().primary().toString()).doesNotContain("=");
        assertThatThrownBy(() -> Fernet.Key.of("c2VjcmV0")).hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void whoComesSecondFindsTheKeysRotated() throws IOException {
        KeyRepository one = open();
        KeyRepository other = open();
        now = Files.getLastModifiedTime(parent.resolve("keys/0")).toInstant().plus(Duration.ofDays(1));
        one.rotateWhenOlder(Duration.ofDays(2));
        assertThat(files()).containsOnlyKeys("0", "1");

        one.rotateWhenOlder(Duration.ofDays(1));
        Files.setLastModifiedTime(parent.resolve("keys/0"), FileTime.from(now));
        other.rotateWhenOlder(Duration.ofDays(1));
        assertThat(files()).containsOnlyKeys("0", "1", "2");
        String token = Fernet.seal(one.primary(), MESSAGE, now, random);
        assertThat(Fernet.open(other.all(), token)).isPresent();
    }

    @Test
    void whatIsWrongWithKeysIsSaid() throws IOException {
        Path directory = parent.resolve("keys");
        Duration old = Duration.ofDays(30);
        assertThat(KeyHealth.problems(directory, old, now))
                .singleElement()
                .asString()
                .contains("is not there");
        open();
        Instant made = Files.getLastModifiedTime(directory.resolve("0")).toInstant();
        assertThat(KeyHealth.problems(directory, old, made)).isEmpty();
        assertThat(KeyHealth.problems(directory, old, made.plus(Duration.ofDays(31))))
                .containsExactly(directory + " was not rotated for 31 days");

        Files.setPosixFilePermissions(directory.resolve("1"), PosixFilePermissions.fromString("rw-r-----"));
        Files.writeString(directory.resolve("0"), "c2hvcnQ=");
        assertThat(KeyHealth.problems(directory, old, made))
                .satisfiesExactly(
                        first ->
                                assertThat(first).contains("must have 32 bytes").doesNotContain("c2hvcnQ"),
                        second -> assertThat(second).contains("/1 is open to others"));
        Files.delete(directory.resolve("1"));
        assertThat(KeyHealth.problems(directory, old, made)).anyMatch(line -> line.contains("fewer than two keys"));
    }
}

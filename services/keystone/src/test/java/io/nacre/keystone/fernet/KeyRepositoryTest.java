package io.nacre.keystone.fernet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
}

package io.nacre.keystone.jws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwsKeysTest {
    @TempDir
    Path parent;

    private Path directory;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeEach
    void name() {
        directory = parent.resolve("jws-keys");
    }

    private JwsKeys open() {
        return new JwsKeys(directory, 3, () -> now);
    }

    private TreeMap<String, String> files() throws IOException {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!file.getFileName().toString().startsWith(".")) {
                    files.put(directory.relativize(file).toString(), Files.readString(file));
                }
            }
        }
        return files;
    }

    private static boolean fits(JwsKeys signer, ECPublicKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(signer.keys().signing());
            signature.update((byte) 1);
            byte[] signed = signature.sign();
            signature.initVerify(key);
            signature.update((byte) 1);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean understands(JwsKeys reader, JwsKeys signer) {
        return reader.keys().verifying().stream().anyMatch(key -> fits(signer, key));
    }

    @Test
    void startsWithOnePairInUseAndOneStaged() throws IOException {
        JwsKeys keys = open();
        assertThat(files())
                .containsOnlyKeys("private/next.pem", "private/private.pem", "public/1.pem", "public/next.pem");
        assertThat(fits(keys, keys.keys().verifying().getFirst())).isTrue();
        for (String file : List.of("private", "private/private.pem", "private/next.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))))
                    .endsWith("------");
        }
        TreeMap<String, String> before = files();
        assertThat(understands(open(), keys)).isTrue();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void rotationSignsWithTheStagedPairAndForgetsTheOldest() throws IOException {
        JwsKeys keys = open();
        TreeMap<String, String> first = files();
        keys.rotate();
        assertThat(files())
                .containsOnlyKeys(
                        "private/next.pem", "private/private.pem", "public/1.pem", "public/2.pem", "public/next.pem");
        assertThat(files()).containsEntry("private/private.pem", first.get("private/next.pem"));
        assertThat(files()).containsEntry("public/2.pem", first.get("public/next.pem"));
        assertThat(fits(keys, keys.keys().verifying().getFirst())).isTrue();
        keys.rotate();
        assertThat(files())
                .containsOnlyKeys(
                        "private/next.pem", "private/private.pem", "public/2.pem", "public/3.pem", "public/next.pem");
    }

    @Test
    void whoHasNotSeenARotationYetUnderstandsWhatIsSignedAfterIt() {
        JwsKeys one = open();
        JwsKeys other = open();
        one.rotate();
        assertThat(understands(other, one)).isTrue();
        assertThat(understands(one, other)).isTrue();
        now = now.plusSeconds(6);
        assertThat(other.keys().verifying()).hasSize(3);
        assertThat(understands(other, one)).isTrue();
    }

    @Test
    void rotatesWhenOldAndOnlyOnce() throws IOException {
        JwsKeys keys = open();
        now = Files.getLastModifiedTime(directory.resolve("private/next.pem")).toInstant();
        keys.rotateWhenOlder(Duration.ofHours(1));
        assertThat(files()).doesNotContainKey("public/2.pem");
        now = now.plus(Duration.ofHours(1)).plusSeconds(1);
        keys.rotateWhenOlder(Duration.ofHours(1));
        assertThat(files()).containsKey("public/2.pem");
    }

    @Test
    void aRotationThatWasCutOffIsEndedByTheNextStart() throws IOException {
        JwsKeys keys = open();
        TreeMap<String, String> before = files();
        Files.move(directory.resolve("public/next.pem"), directory.resolve("public/2.pem"));
        JwsKeys after = open();
        assertThat(files()).containsEntry("private/private.pem", before.get("private/next.pem"));
        assertThat(fits(after, after.keys().verifying().getFirst())).isTrue();
        assertThat(understands(after, keys)).isTrue();

        Files.move(
                directory.resolve("private/next.pem"),
                directory.resolve("private/private.pem"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.move(directory.resolve("public/next.pem"), directory.resolve("public/3.pem"));
        JwsKeys last = open();
        assertThat(files()).containsKeys("private/next.pem", "public/next.pem");
        assertThat(fits(last, last.keys().verifying().getFirst())).isTrue();
    }

    @Test
    void keysOfTheOriginalAreTakenAndOtherFilesAreRefused() throws IOException {
        Files.createDirectories(directory.resolve("private"));
        Files.createDirectories(directory.resolve("public"));
        open();
        Files.move(directory.resolve("public/1.pem"), directory.resolve("public/keystone-1.pem"));
        JwsKeys keys = open();
        assertThat(keys.keys().verifying()).anyMatch(key -> fits(keys, key));

        Files.writeString(directory.resolve("private/private.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n");
        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("private.pem")
                .hasMessageNotContaining("AAAA");
        // Who runs goes on with what there was.
        now = now.plusSeconds(6);
        assertThat(keys.keys().verifying()).anyMatch(key -> fits(keys, key));
    }

    @Test
    void whatIsWrongWithKeysIsSaid() throws IOException {
        Duration old = Duration.ofDays(30);
        assertThat(JwsHealth.problems(directory, old, now))
                .singleElement()
                .asString()
                .contains("is not there");
        open();
        Instant made =
                Files.getLastModifiedTime(directory.resolve("private/next.pem")).toInstant();
        assertThat(JwsHealth.problems(directory, old, made)).isEmpty();
        assertThat(JwsHealth.problems(directory, old, made.plus(Duration.ofDays(31))))
                .containsExactly(directory + " was not rotated for 31 days");
        Files.setPosixFilePermissions(
                directory.resolve("private/next.pem"), PosixFilePermissions.fromString("rw-r-----"));
        Files.writeString(directory.resolve("public/1.pem"), "nonsense");
        assertThat(JwsHealth.problems(directory, old, made))
                .satisfiesExactly(
                        first -> assertThat(first).contains("private/next.pem is open to others"),
                        second -> assertThat(second).contains("public/1.pem holds no key"));
    }
}

package io.nacre.compute.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.compute.ComputeConfig;
import io.nacre.compute.ImageServer;
import io.nacre.config.Bytes;
import io.nacre.contracts.node.ComputeNode.ImageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCacheTest {
    private static final ComputeConfig.Images LIMITS = new ComputeConfig.Images(
            Bytes.ofMiB(2), Bytes.ofKiB(100), Duration.ofDays(1), Duration.ofSeconds(2), Duration.ofMinutes(1));

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private ImageServer server;
    private ImageCache cache;

    @BeforeEach
    void start() throws IOException {
        server = new ImageServer();
        cache = new ImageCache(directory, LIMITS, clock);
    }

    @AfterEach
    void stop() {
        cache.close();
        server.close();
    }

    private CachedImage fetch(ImageSource image) {
        return cache.fetch(image, () -> false);
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return Set.copyOf(files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void aFetchedImageIsCompleteAndReadOnly() throws IOException {
        byte[] content = new byte[700_001];
        content[700_000] = 9;
        try (CachedImage image = fetch(server.add("a", "raw", content))) {
            assertThat(Files.readAllBytes(image.file())).isEqualTo(content);
            assertThat(image.virtualBytes()).isEqualTo(700_001);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(image.file())))
                    .isEqualTo("r--r--r--");
        }
        assertThat(names()).containsExactly("a");
    }

    @Test
    void anImageThatIsHereIsNotFetchedAgainAlsoAfterARestart() {
        ImageSource source = server.add("a", "raw", new byte[10]);
        fetch(source).close();
        cache.close();
        cache = new ImageCache(directory, LIMITS, clock);
        fetch(source).close();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void whatAnInterruptedDownloadLeftIsRemovedAtTheStart() throws IOException {
        Files.write(directory.resolve("b.part"), new byte[10]);
        cache.close();
        cache = new ImageCache(directory, LIMITS, clock);
        assertThat(names()).isEmpty();
    }

    @Test
    void checksumsOfOlderImagesAreChecked() {
        ImageSource md5 = server.add("a", "raw", new byte[0]);
        ImageSource right =
                new ImageSource("a", "raw", 0, "md5", "d41d8cd98f00b204e9800998ecf8427e", md5.url(), md5.headers());
        fetch(right).close();
        ImageSource wrong = new ImageSource(
                "b", "raw", 0, "md5", "00", server.add("b", "raw", new byte[0]).url(), md5.headers());
        assertThatThrownBy(() -> fetch(wrong)).hasMessageContaining("md5 checksum is wrong");
    }

    @Test
    void anImageBeyondTheLimitIsNeitherAskedForNorKept() throws IOException {
        ImageSource large = server.add("a", "raw", new byte[3 << 20]);
        assertThatThrownBy(() -> fetch(large)).hasMessageContaining("larger than 2 MiB");
        assertThat(server.requests()).isEmpty();
        ImageSource lying = new ImageSource("a", "raw", 10, "md5", null, large.url(), large.headers());
        assertThatThrownBy(() -> fetch(lying)).hasMessageContaining("longer than it should be");
        assertThat(names()).isEmpty();
    }

    @Test
    void aDownloadThatStallsIsGivenUp() throws IOException {
        ImageSource source = server.add("a", "raw", new byte[1000]);
        server.hold();
        assertThatThrownBy(() -> fetch(source))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.UNAVAILABLE)).isTrue());
        assertThat(names()).isEmpty();
    }

    @Test
    void afterAFailureTheNextFetchStartsAfresh() {
        byte[] content = new byte[1000];
        ImageSource source = server.source("a", "raw", content);
        assertThatThrownBy(() -> fetch(source)).hasMessageContaining("could not be found");
        server.add("a", "raw", content);
        fetch(source).close();
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void aSweepTakesWhatIsOldAndUnusedOnly() throws IOException {
        fetch(server.add("old", "raw", new byte[10])).close();
        fetch(server.add("used", "raw", new byte[10])).close();
        CachedImage held = fetch(server.add("held", "raw", new byte[10]));
        now.set(now.get().plus(Duration.ofDays(2)));
        fetch(server.add("new", "raw", new byte[10])).close();
        cache.sweep(() -> Set.of("used"));
        assertThat(names()).containsExactlyInAnyOrder("used", "held", "new");
        held.close();
        cache.sweep(() -> Set.of("used"));
        assertThat(names()).containsExactlyInAnyOrder("used", "new");
    }

    @Test
    void aSweepMakesRoomOldestFirst() throws IOException {
        for (String id : new String[] {"a", "b", "c"}) {
            fetch(server.add(id, "raw", new byte[50 * 1024])).close();
            now.set(now.get().plusSeconds(60));
        }
        cache.sweep(Set::of);
        assertThat(names()).containsExactlyInAnyOrder("b", "c");
    }
}

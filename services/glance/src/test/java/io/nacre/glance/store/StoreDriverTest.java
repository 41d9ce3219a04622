package io.nacre.glance.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Json;
import io.nacre.glance.store.StoreDriver.Sink;
import io.nacre.glance.store.StoreDriver.StoreFull;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link StoreDriver} promises. The test of every driver extends it; each test has an empty store. */
@Timeout(180)
public abstract class StoreDriverTest {
    private static final int LARGE = 96 << 20;
    private static final int LITTLE = 48 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final String key = UUID.randomUUID().toString();
    private final Random random = new Random(7);

    protected StoreDriver store;

    /** An empty store. */
    protected abstract StoreDriver empty() throws Exception;

    /** A store of the kind that nobody is at. */
    protected abstract StoreDriver unreachable() throws Exception;

    /** A store that has room for one MiB at most. */
    protected abstract StoreDriver small() throws Exception;

    @BeforeEach
    void begin() throws Exception {
        store = empty();
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void put(StoreDriver store, String key, byte[] data, long expected) throws IOException {
        try (Sink sink = store.create(key, expected)) {
            for (int at = 0; at < data.length; at += 70_001) {
                sink.write(data, at, Math.min(70_001, data.length - at));
            }
            sink.commit();
        }
    }

    private byte[] get(String which, long offset) throws IOException {
        try (InputStream in = store.open(which, offset)) {
            return in.readAllBytes();
        }
    }

    private void nothingUnder(String which) throws IOException {
        assertThatThrownBy(() -> store.size(which)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> store.open(which, 0).close()).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void dataIsThereAsAWholeOnceItIsCommitted() throws IOException {
        byte[] data = bytes(1_300_003);
        try (Sink sink = store.create(key, data.length)) {
            sink.write(data, 0, 1_000_000);
            nothingUnder(key);
            sink.write(data, 1_000_000, data.length - 1_000_000);
            nothingUnder(key);
            sink.commit();
        }
        assertThat(store.size(key)).isEqualTo(data.length);
        assertThat(get(key, 0)).isEqualTo(data);
        assertThat(store.read(key, 1_300_000, 2)).isEqualTo(Arrays.copyOfRange(data, 1_300_000, 1_300_002));
        assertThat(store.read(key, 1_300_000, 9)).hasSize(3);
        assertThat(store.keys()).containsExactly(key);
    }

    @Test
    void noBytesAreDataToo() throws IOException {
        put(store, key, new byte[0], 0);
        assertThat(store.size(key)).isZero();
        assertThat(get(key, 0)).isEmpty();
    }

    @Test
    void theAnnouncedSizeIsOnlyAHint() throws IOException {
        byte[] data = bytes(300_000);
        Map<String, Long> hints = new TreeMap<>();
        for (long expected : List.of(-1L, 0L, 1L, 300_000L, 20_000_000L)) {
            String one = UUID.randomUUID().toString();
            hints.put(one, expected);
            put(store, one, data, expected);
        }
        for (String one : hints.keySet()) {
            assertThat(store.size(one)).as("announced %d", hints.get(one)).isEqualTo(data.length);
            assertThat(get(one, 0)).isEqualTo(data);
        }
    }

    @Test
    void readingBeginsAnywhere() throws IOException {
        byte[] data = bytes(500_000);
        put(store, key, data, data.length);
        for (int offset : List.of(0, 1, 65_536, 250_001, 499_999, 500_000)) {
            assertThat(get(key, offset)).as("from %d", offset).isEqualTo(Arrays.copyOfRange(data, offset, 500_000));
        }
    }

    @Test
    void aReaderMayLeaveEarly() throws IOException {
        byte[] data = bytes(9 << 20);
        put(store, key, data, data.length);
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            try (InputStream in = store.open(key, i)) {
                assertThat(in.read()).isEqualTo(data[i] & 0xff);
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        assertThat(get(key, 0)).isEqualTo(data);
    }

    @Test
    void aWriteThatIsCutOffLeavesNothing() throws IOException {
        for (int size : List.of(0, 10, 6 << 20)) {
            try (Sink sink = store.create(key, 30 << 20)) {
                sink.write(bytes(size), 0, size);
            }
            nothingUnder(key);
            assertThat(store.keys()).isEmpty();
        }
    }

    @Test
    void whatACrashLeftIsSeenAndCanBeRemovedOrWrittenAgain() throws Exception {
        byte[] data = bytes(12 << 20);
        String other = UUID.randomUUID().toString();
        for (String one : List.of(key, other)) {
            Sink lost = store.create(one, data.length);
            lost.write(data, 0, data.length);
        }
        nothingUnder(key);
        // Whoever starts next has a driver of its own.
        store = again();
        nothingUnder(key);
        assertThat(store.keys()).containsExactlyInAnyOrder(key, other);
        store.delete(key);
        assertThat(store.keys()).containsExactly(other);
        byte[] shorter = bytes(11);
        put(store, other, shorter, -1);
        assertThat(get(other, 0)).isEqualTo(shorter);
        store.delete(other);
        assertThat(store.keys()).isEmpty();
    }

    /** A further driver of the same store. */
    protected abstract StoreDriver again() throws Exception;

    @Test
    void deletingWhatIsNotThereIsNoFault() throws IOException {
        store.delete(key);
        put(store, key, bytes(10), 10);
        store.delete(key);
        nothingUnder(key);
        store.delete(key);
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void keysAreListed() throws IOException {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            keys.add(UUID.randomUUID().toString());
            put(store, keys.getLast(), bytes(i), -1);
        }
        assertThat(store.keys()).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void manyWriteAtOnce() throws Exception {
        byte[] data = bytes(3 << 20);
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> written = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                written.add(writers.submit(() -> {
                    String one = UUID.randomUUID().toString();
                    put(store, one, data, -1);
                    return one;
                }));
            }
            for (Future<String> one : written) {
                assertThat(get(one.get(), 0)).isEqualTo(data);
            }
        }
        assertThat(store.keys()).hasSize(6);
    }

    @Test
    void largeDataTakesLittleMemory() throws Exception {
        byte[] chunk = bytes(1 << 18);
        MessageDigest wanted = MessageDigest.getInstance("SHA-256");
        MessageDigest found = MessageDigest.getInstance("SHA-256");
        long before = heap();
        try (Sink sink = store.create(key, -1)) {
            for (int written = 0; written < LARGE; written += chunk.length) {
                sink.write(chunk, 0, chunk.length);
                wanted.update(chunk);
                chunk[written >>> 18 & 0xffff]++;
            }
            assertThat(heap() - before).isLessThan(LITTLE);
            sink.commit();
        }
        assertThat(store.size(key)).isEqualTo(LARGE);
        try (InputStream in = store.open(key, 0)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                found.update(chunk, 0, read);
            }
            assertThat(heap() - before).isLessThan(LITTLE);
        }
        assertThat(found.digest()).isEqualTo(wanted.digest());
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    protected void aFullStoreSaysSoAndKeepsNothing() throws Exception {
        StoreDriver small = small();
        assertThatThrownBy(() -> put(small, key, bytes(24 << 20), -1)).isInstanceOf(StoreFull.class);
        assertThat(small.keys()).isEmpty();
        put(small, key, bytes(1000), -1);
        assertThat(small.size(key)).isEqualTo(1000);
    }

    @Test
    void aStoreThatIsAwaySaysSoSoon() throws Exception {
        StoreDriver away = unreachable();
        fails(() -> put(away, key, bytes(10), 10));
        fails(() -> away.size(key));
        fails(() -> away.open(key, 0));
        fails(() -> away.delete(key));
        fails(away::keys);
    }

    private static void fails(ThrowingCallable call) {
        long begun = System.nanoTime();
        assertThatThrownBy(call)
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchFileException.class)
                .isNotInstanceOf(StoreFull.class)
                .hasMessageMatching("(?s).{10,}");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PATIENCE);
    }

    @Test
    void itCanBeTalkedAbout() {
        assertThat(store.kind()).matches("[a-z0-9]+");
        assertThat(Json.write(store.properties())).startsWith("{").doesNotContain("secret");
        assertThat(store.url(key)).matches("[a-z0-9+]+://.*" + key + ".*").doesNotContain("secret", "@");
    }
}

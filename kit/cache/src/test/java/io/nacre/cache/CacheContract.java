package io.nacre.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.testkit.MutableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every kind of cache keeps, seen through regions. */
abstract class CacheContract {
    static final Duration MINUTE = Duration.ofMinutes(1);

    final MutableClock clock = MutableClock.fixed();
    Cache cache;
    Region tokens;

    record Person(String name, @Nullable Integer age, List<String> roles) {}

    record OtherPerson(String surname) {}

    static final Person ANN = new Person("Ann", 42, List.of("admin", "member"));

    abstract Cache open();

    @BeforeEach
    void openCache() {
        cache = open();
        // The servers of a test class are shared by its tests.
        tokens = new Region(cache, "tokens-" + UUID.randomUUID(), clock);
    }

    @AfterEach
    void closeCache() {
        cache.close();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatWasPutIsThereUntilItIsInvalidated() {
        assertThat(tokens.bytes("k")).isEmpty();
        tokens.putBytes("k", bytes("v"), MINUTE);
        assertThat(tokens.bytes("k")).hasValue(bytes("v"));
        tokens.invalidate("k");
        assertThat(tokens.bytes("k")).isEmpty();
        tokens.invalidate("k");
    }

    @Test
    void aLaterValueReplacesAnEarlierOne() {
        tokens.putBytes("k", bytes("v1"), MINUTE);
        tokens.putBytes("k", bytes("v2"), MINUTE);
        assertThat(tokens.bytes("k")).hasValue(bytes("v2"));
    }

    @Test
    void aValueIsGoneWhenItsTimeIsOver() {
        tokens.putBytes("short", bytes("v"), Duration.ofMillis(1500));
        tokens.putBytes("long", bytes("v"), Duration.ofDays(60));
        clock.advance(Duration.ofMillis(1499));
        assertThat(tokens.bytes("short")).isPresent();
        clock.advance(Duration.ofMillis(1));
        assertThat(tokens.bytes("short")).isEmpty();
        assertThat(tokens.bytes("long")).isPresent();
    }

    @Test
    void aValueWithoutTimeIsNotKeptAndNeitherIsTheOneBefore() {
        tokens.putBytes("k", bytes("v"), MINUTE);
        tokens.putBytes("k", bytes("v"), Duration.ZERO);
        assertThat(tokens.bytes("k")).isEmpty();
        tokens.put("k", ANN, MINUTE);
        tokens.put("k", ANN, Duration.ofSeconds(-1));
        assertThat(tokens.bytes("k")).isEmpty();
    }

    @Test
    void regionsDoNotSeeEachOther() {
        Region a = new Region(cache, "a", clock);
        Region ab = new Region(cache, "ab", clock);
        a.putBytes("bc", bytes("1"), MINUTE);
        ab.putBytes("c", bytes("2"), MINUTE);
        assertThat(a.bytes("bc")).hasValue(bytes("1"));
        assertThat(ab.bytes("c")).hasValue(bytes("2"));
        a.invalidate("bc");
        assertThat(ab.bytes("c")).isPresent();
        assertThat(new Region(cache, "ab", clock).bytes("c")).isPresent();
    }

    @Test
    void aKeyMayBeAnything() {
        for (String key : List.of("", "with space\r\nset x 0 0 1", "ключ", "x".repeat(100_000))) {
            tokens.putBytes(key, bytes(key), MINUTE);
            assertThat(tokens.bytes(key)).hasValue(bytes(key));
        }
    }

    @Test
    void aValueMayBeAnythingUpToALimit() {
        byte[] largest = new byte[Cache.LARGEST];
        largest[0] = (byte) 0xff;
        tokens.putBytes("k", largest, MINUTE);
        assertThat(tokens.bytes("k")).hasValue(largest);
        tokens.putBytes("empty", new byte[0], MINUTE);
        assertThat(tokens.bytes("empty")).hasValue(new byte[0]);
        tokens.putBytes("k", new byte[Cache.LARGEST + 1], MINUTE);
        assertThat(tokens.bytes("k")).isEmpty();
    }

    @Test
    void callerAndCacheShareNoArray() {
        byte[] mine = bytes("v");
        tokens.putBytes("k", mine, MINUTE);
        mine[0] = 'x';
        byte[] read = tokens.bytes("k").orElseThrow();
        assertThat(read).isEqualTo(bytes("v"));
        read[0] = 'y';
        assertThat(tokens.bytes("k")).hasValue(bytes("v"));
    }

    @Test
    void recordsAreKeptAsTheyAre() {
        tokens.put("ann", ANN, MINUTE);
        assertThat(tokens.get("ann", Person.class)).hasValue(ANN);
        var nobody = new Person("", null, List.of());
        tokens.put("nobody", nobody, MINUTE);
        assertThat(tokens.get("nobody", Person.class)).hasValue(nobody);
    }

    @Test
    void aRecordOfAnotherShapeIsNotThere() {
        tokens.put("ann", ANN, MINUTE);
        assertThat(tokens.get("ann", OtherPerson.class)).isEmpty();
        assertThat(tokens.bytes("ann")).isEmpty();
    }

    @Test
    void aValueIsLoadedOnce() {
        var loads = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            assertThat(tokens.get("ann", Person.class, MINUTE, () -> {
                        loads.incrementAndGet();
                        return ANN;
                    }))
                    .isEqualTo(ANN);
        }
        assertThat(loads).hasValue(1);
        clock.advance(MINUTE);
        tokens.get("ann", Person.class, MINUTE, () -> {
            loads.incrementAndGet();
            return ANN;
        });
        assertThat(loads).hasValue(2);
    }
}

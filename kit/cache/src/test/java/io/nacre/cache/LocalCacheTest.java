package io.nacre.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.config.Bytes;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalCacheTest extends CacheContract {

    @Override
    Cache open() {
        return new LocalCache(Bytes.ofMiB(4), clock);
    }

    @Test
    void itNeverHoldsMoreThanItMay() {
        Instant until = clock.instant().plus(MINUTE);
        for (int i = 0; i < 1000; i++) {
            cache.put("large" + i, new Cached(new byte[100_000], until));
        }
        assertThat(held("large", 1000)).isBetween(1L, 41L);
        for (int i = 0; i < 100_000; i++) {
            cache.put("small" + i, new Cached(new byte[1], until));
        }
        assertThat(held("small", 100_000)).isBetween(1L, 4L * 1024 * 1024 / 200);
    }

    private long held(String prefix, int count) {
        return IntStream.range(0, count)
                .filter(i -> cache.get(prefix + i) != null)
                .count();
    }
}

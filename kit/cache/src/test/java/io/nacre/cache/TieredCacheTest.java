package io.nacre.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.config.Bytes;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two memories stand for a controller's own and the shared one: what lies between them is looked at here. */
class TieredCacheTest extends CacheContract {
    private final LocalCache shared = new LocalCache(Bytes.ofMiB(16), clock);

    @Override
    Cache open() {
        return new TieredCache(new LocalCache(Bytes.ofMiB(4), clock), shared, Duration.ofSeconds(5), clock);
    }

    @Test
    void anotherControllersChangeIsSeenAfterTheLocalTime() {
        Region mine = new Region(cache, "r", clock);
        Region theirs = new Region(open(), "r", clock);
        mine.putBytes("k", bytes("old"), MINUTE);
        assertThat(theirs.bytes("k")).hasValue(bytes("old"));
        mine.putBytes("k", bytes("new"), MINUTE);
        assertThat(theirs.bytes("k")).hasValue(bytes("old"));
        clock.advance(Duration.ofSeconds(5));
        assertThat(theirs.bytes("k")).hasValue(bytes("new"));
        mine.invalidate("k");
        assertThat(mine.bytes("k")).isEmpty();
        clock.advance(Duration.ofSeconds(5));
        assertThat(theirs.bytes("k")).isEmpty();
    }

    @Test
    void theLocalCopyDoesNotOutliveTheValue() {
        tokens.putBytes("k", bytes("v"), Duration.ofSeconds(2));
        clock.advance(Duration.ofSeconds(2));
        assertThat(tokens.bytes("k")).isEmpty();
    }

    @Test
    void withoutServersMemoryIsAllThereIs() {
        try (Cache alone = Cache.open(CacheConfig.defaults(), clock, new SecureRandom());
                Cache several = Cache.open(MemcachedCacheTest.config("s3cret", 1), clock, new SecureRandom())) {
            assertThat(alone).isInstanceOf(LocalCache.class);
            assertThat(several).isInstanceOf(TieredCache.class);
            assertThat(alone.isShared()).isFalse();
            assertThat(several.isShared()).isTrue();
        }
    }
}

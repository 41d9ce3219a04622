package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.cache.Cache;
import io.nacre.cache.CacheConfig;
import io.nacre.cache.Cached;
import io.nacre.config.Bytes;
import io.nacre.config.Secret;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MemcachedServer;
import io.nacre.testkit.MutableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two controllers that tell each other through Memcached what tokens stand for. */
@EveryEngine(migrations = Keystone.MIGRATIONS)
class SharedTokensTest {
    private static final Duration POLL = Duration.ofMillis(250);

    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private MemcachedServer memcached;
    private Cache ownCache;
    private Cache otherCache;
    private Counting database;
    private KeystoneServer own;
    private KeystoneServer other;
    private String admin;

    /** Counts what a controller asks the database. */
    private static final class Counting implements Transactions {
        private final Transactions inner;
        final AtomicInteger reads = new AtomicInteger();

        Counting(Transactions inner) {
            this.inner = inner;
        }

        @Override
        public <T> T write(Function<Tx, T> body) {
            return inner.write(body);
        }

        @Override
        public <T> T read(Function<Tx, T> body) {
            reads.incrementAndGet();
            return inner.read(body);
        }
    }

    /** Shared by all, and open to be looked into. */
    private static final class Glass implements Cache {
        final Map<String, Cached> values = new ConcurrentHashMap<>();

        @Override
        public @Nullable Cached get(String name) {
            return values.get(name);
        }

        @Override
        public void put(String name, Cached cached) {
            values.put(name, cached);
        }

        @Override
        public void invalidate(String name) {
            values.remove(name);
        }

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public void close() {
            values.clear();
        }
    }

    @BeforeEach
    void start(Database shared) {
        memcached = new MemcachedServer();
        ownCache = cache();
        otherCache = cache();
        database = new Counting(shared);
        own = new KeystoneServer(shared, keys, clock, ownCache, "revocation_poll=" + POLL.toMillis() + "ms");
        other = new KeystoneServer(database, keys, clock, otherCache, "revocation_poll=" + POLL.toMillis() + "ms");
        admin = own.admin();
    }

    private Cache cache() {
        CacheConfig config = new CacheConfig(
                Bytes.ofMiB(1),
                Duration.ofSeconds(5),
                List.of("127.0.0.1:" + memcached.port()),
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                new Secret("s3cret"));
        return Cache.open(config, clock, new SecureRandom());
    }

    @AfterEach
    void stop() {
        own.close();
        other.close();
        ownCache.close();
        otherCache.close();
        memcached.close();
    }

    /** The controllers know the present generation from here on, and need not ask for it. */
    private void settle() {
        clock.advance(POLL);
        own.validate(admin, admin);
        // Rendered there, for the controllers share what one of them has rendered.
        assertThat(withoutCatalog(admin).status()).isEqualTo(200);
        database.reads.set(0);
    }

    private Answer withoutCatalog(String token) {
        return other.send("GET", "/v3/auth/tokens?nocatalog=1", admin, null, Map.of("X-Subject-Token", token));
    }

    @Test
    void whatOneLookedUpTheOtherNeedNot() {
        settle();
        String token = own.admin();
        Answer mine = own.validate(admin, token);
        assertThat(mine.status()).isEqualTo(200);
        Answer theirs = other.validate(admin, token);
        assertThat(theirs.json()).isEqualTo(mine.json());
        assertThat(database.reads).hasValue(0);
    }

    @Test
    void everyKindOfTokenIsTheSameFromMemcached() {
        String role = own.role(admin, "member");
        String project = own.make(admin, "/v3/projects", "project", Map.of("name", "blue", "tags", List.of("a")));
        String user =
                own.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "ann-secret", "email", "a@b.c"));
        own.grant(admin, project, user, role);
        String ann = own.token("ann", "ann-secret", KeystoneServer.project("blue"));
        Answer made = own.post(
                ann,
                "/v3/users/" + user + "/application_credentials",
                Map.of("application_credential", Map.of("name", "robot", "secret", "robot-secret")));
        String robot = own.post(
                        null,
                        "/v3/auth/tokens",
                        KeystoneServer.auth(
                                Map.of(
                                        "methods",
                                        List.of("application_credential"),
                                        "application_credential",
                                        Map.of("id", made.id("application_credential"), "secret", "robot-secret")),
                                null))
                .header("X-Subject-Token");
        String trust = own.make(
                ann,
                "/v3/OS-TRUST/trusts",
                "trust",
                Map.of(
                        "trustor_user_id",
                        user,
                        "trustee_user_id",
                        own.validate(admin, admin).json().at("/token/user/id").asString(),
                        "project_id",
                        project,
                        "impersonation",
                        true,
                        "roles",
                        List.of(Map.of("id", role))));
        String trusted =
                own.token("admin", KeystoneServer.ADMIN_PASSWORD, Map.of("OS-TRUST:trust", Map.of("id", trust)));
        settle();
        for (String token :
                List.of(ann, robot, trusted, own.systemAdmin(), own.token("ann", "ann-secret", "unscoped"))) {
            Answer mine = own.validate(admin, token);
            assertThat(mine.status()).isEqualTo(200);
            assertThat(withoutCatalog(token).json().at("/token/roles"))
                    .isEqualTo(mine.json().at("/token/roles"));
            assertThat(database.reads).hasValue(0);
            assertThat(other.validate(admin, token).json()).isEqualTo(mine.json());
        }
    }

    @Test
    void aRevocationIsInForceAtOnceHereAndWithinThePollThere() {
        settle();
        String token = own.admin();
        assertThat(own.validate(admin, token).status()).isEqualTo(200);
        assertThat(other.validate(admin, token).status()).isEqualTo(200);
        own.send("DELETE", "/v3/auth/tokens", admin, null, Map.of("X-Subject-Token", token));
        assertThat(own.validate(admin, token).status()).isEqualTo(404);
        clock.advance(POLL);
        assertThat(other.validate(admin, token).status()).isEqualTo(404);
        assertThat(own.validate(admin, token).status()).isEqualTo(404);
    }

    @Test
    void withoutMemcachedTokensAreLookedUpAndRevokedAsEver() {
        tokensGoOnDuring(memcached::stop);
        memcached.startAgain();
        assertThat(other.validate(admin, own.admin()).status()).isEqualTo(200);
    }

    @Test
    void aMemcachedThatHangsDelaysAFewRequestsAndRefusesNone() {
        tokensGoOnDuring(memcached::freeze);
        memcached.thaw();
        assertThat(other.validate(admin, own.admin()).status()).isEqualTo(200);
    }

    private void tokensGoOnDuring(Runnable trouble) {
        settle();
        String before = own.admin();
        assertThat(other.validate(admin, before).status()).isEqualTo(200);
        trouble.run();
        long start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            assertThat(other.validate(admin, own.admin()).status()).isEqualTo(200);
        }
        own.send("DELETE", "/v3/auth/tokens", admin, null, Map.of("X-Subject-Token", before));
        clock.advance(POLL);
        assertThat(own.validate(admin, before).status()).isEqualTo(404);
        assertThat(other.validate(admin, before).status()).isEqualTo(404);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void noSecretLeavesTheController(Database shared) {
        Glass glass = new Glass();
        try (KeystoneServer third =
                new KeystoneServer(shared, keys, clock, glass, "revocation_poll=" + POLL.toMillis() + "ms")) {
            assertThat(third.validate(third.admin(), third.admin()).status()).isEqualTo(200);
            assertThat(glass.values).isNotEmpty();
            glass.values
                    .values()
                    .forEach(cached -> assertThat(new String(cached.value(), StandardCharsets.UTF_8))
                            .doesNotContain("$2", "gAAAA"));
        }
    }
}

package io.nacre.launcher;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.cache.Cache;
import io.nacre.cache.CacheConfig;
import io.nacre.keystone.Keystone;
import io.nacre.policy.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/** The identity service that serves nobody, without its database or over it, for what an operator asks of it. */
final class OfflineKeystone implements AutoCloseable {
    private final Cache cache;
    private final Keystone keystone;

    private OfflineKeystone(Cache cache, Keystone keystone) {
        this.cache = cache;
        this.keystone = keystone;
    }

    /** @throws IllegalArgumentException when the policy file cannot be understood */
    static OfflineKeystone open(Path state, Sections sections) {
        return open(state, sections, new NoDatabase());
    }

    /** @param transactions of the cloud's database, where that is needed */
    static OfflineKeystone open(Path state, Sections sections, Transactions transactions) {
        InstantSource clock = InstantSource.system();
        Cache cache = Cache.open(CacheConfig.defaults(), clock, new SecureRandom());
        return new OfflineKeystone(
                cache,
                new Keystone(
                        transactions,
                        sections.keystone().alone(),
                        cache,
                        Ids.secure(),
                        clock,
                        sections.policy().overrides(Endpoint.KEYSTONE, state),
                        // Its controllers tell what happens in a cloud.
                        message -> {}));
    }

    List<String> directoryProblems() {
        return keystone.directoryProblems();
    }

    /** Has something changed in the cloud's database. */
    static <T> T change(Path state, Sections sections, Function<Keystone, T> change) throws IOException {
        return OfflineDatabase.use(state, sections, database -> {
            try (OfflineKeystone open = open(state, sections, database)) {
                return change.apply(open.keystone);
            }
        });
    }

    Policy policy() {
        return keystone.service().policy();
    }

    @Override
    public void close() {
        keystone.close();
        cache.close();
    }

    private static final class NoDatabase implements Transactions {
        @Override
        public <T> T write(Function<Tx, T> body) {
            throw new IllegalStateException("there is no database here");
        }

        @Override
        public <T> T read(Function<Tx, T> body) {
            throw new IllegalStateException("there is no database here");
        }
    }
}

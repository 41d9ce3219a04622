package io.nacre.keystone.revocation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What was read from the database not long ago, for as long as nothing has changed that tokens depend on. That something
 * is not there is not remembered: what is made new changes no token.
 */
public final class Remembered<K, V> {
    private final Memory memory;
    private final Predicate<V> good;
    private final Cache<K, Entry<V>> known;

    /**
     * What all of them have in common.
     *
     * @param size how many values each may hold
     * @param atLongest after which a value is read again: some things end by themselves as time goes by
     */
    public record Memory(
            Transactions transactions, Revocations revocations, int size, Duration atLongest, InstantSource clock) {

        public <K, V> Remembered<K, V> of() {
            return of(value -> true);
        }

        /** @param good whether a value can be used now, when it was read just now or is remembered */
        public <K, V> Remembered<K, V> of(Predicate<V> good) {
            return new Remembered<>(this, good);
        }
    }

    private record Entry<V>(V value, long generation, Instant until) {}

    private Remembered(Memory memory, Predicate<V> good) {
        this.memory = memory;
        this.good = good;
        this.known = Caffeine.newBuilder().maximumSize(memory.size()).build();
    }

    /** The value when it is remembered. Not to be called inside a transaction, as the rest. */
    public Optional<V> known(K key) {
        return Optional.ofNullable(known.getIfPresent(key))
                .filter(entry -> entry.generation() == memory.revocations().generation()
                        && memory.clock().instant().isBefore(entry.until())
                        && good.test(entry.value()))
                .map(Entry::value);
    }

    /** The value, read now unless it is remembered. */
    public Optional<V> find(K key, Function<Tx, Optional<V>> read) {
        Optional<V> present = known(key);
        return present.isPresent() ? present : read(key, read);
    }

    /** The value, read now in any case, and remembered. */
    public Optional<V> read(K key, Function<Tx, Optional<V>> read) {
        Instant until = memory.clock().instant().plus(memory.atLongest());
        Optional<Entry<V>> found = memory.transactions().read(tx -> {
            long generation = memory.revocations().generation(tx);
            return read.apply(tx).map(value -> new Entry<>(value, generation, until));
        });
        found.filter(fresh -> good.test(fresh.value())).ifPresent(fresh -> known.put(key, fresh));
        return found.map(Entry::value);
    }

    /** The same of something that is always there. */
    public V get(K key, Function<Tx, V> read) {
        return find(key, tx -> Optional.of(read.apply(tx))).orElseThrow();
    }
}

package io.nacre.base;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs closures in transactions. A closure does SQL and nothing else, is short, and may be run again: after a
 * deadlock, when the database was busy, or when it throws {@link LostRace}. It must not start another transaction.
 */
public interface Transactions {

    /** Serializable enough for check-then-write: one writer on SQLite, guarded updates elsewhere. */
    <T> T write(Function<Tx, T> body);

    /** A consistent snapshot; writing in it fails. */
    <T> T read(Function<Tx, T> body);

    /**
     * A number that grows with every commit, before its caller learns of it: what was read after the number was asked for
     * holds while it stays the same. Negative where others commit, too, and nobody can tell.
     */
    default long commits() {
        return -1;
    }

    /** {@link #write} for a closure without an answer. */
    default void run(Consumer<Tx> body) {
        write(tx -> {
            body.accept(tx);
            return true;
        });
    }
}

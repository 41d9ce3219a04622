package io.nacre.database;

import io.nacre.base.Tx;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs a closure once, in one transaction of its engine. Whether to try again is decided above. */
interface Runner extends AutoCloseable {

    Outcome write(Function<Tx, ?> body);

    Outcome read(Function<Tx, ?> body);

    /** As {@link io.nacre.base.Transactions#commits}. */
    long commits();

    /** How many writes wait for their turn or for a connection. */
    int waiting();

    @Override
    void close();

    /**
     * How one try ended.
     *
     * @param thrown null when the transaction committed
     * @param inDoubt the commit itself broke off, so the transaction may or may not have happened
     */
    record Outcome(
            @Nullable Object value,
            List<Runnable> afterCommit,
            @Nullable Throwable thrown,
            boolean inDoubt) {

        static Outcome committed(@Nullable Object value, List<Runnable> afterCommit) {
            return new Outcome(value, afterCommit, null, false);
        }

        static Outcome failed(Throwable thrown) {
            return new Outcome(null, List.of(), thrown, false);
        }

        static Outcome inDoubt(Throwable thrown) {
            return new Outcome(null, List.of(), thrown, true);
        }
    }
}

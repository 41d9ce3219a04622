package io.nacre.database;

import io.nacre.base.Tx;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A closure on its way to a thread of the embedded database, and the answer on its way back. */
final class SqliteJob {
    /** Tells a thread to end. */
    static final SqliteJob STOP = new SqliteJob(tx -> true);

    private final Function<Tx, ?> body;
    private final CompletableFuture<Runner.Outcome> answer = new CompletableFuture<>();

    SqliteJob(Function<Tx, ?> body) {
        this.body = body;
    }

    Function<Tx, ?> body() {
        return body;
    }

    void answer(Runner.Outcome outcome) {
        answer.complete(outcome);
    }

    /** Waits through interrupts: the transaction happens anyway, and who asked for it must know how it went. */
    Runner.Outcome await() {
        return answer.join();
    }
}

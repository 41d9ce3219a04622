package io.nacre.testkit;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import java.util.function.Function;

/** Lets a request do everything that it would do, and takes it back: who was allowed is answered 410. */
public final class UndoneTransactions implements Transactions {
    private final Transactions real;
    private volatile boolean undoing;

    public UndoneTransactions(Transactions real) {
        this.real = real;
    }

    public void undo(boolean whether) {
        undoing = whether;
    }

    @Override
    public <T> T write(Function<Tx, T> body) {
        return undoing
                ? real.write(tx -> {
                    var _ = body.apply(tx);
                    throw Fault.of(Fault.Kind.GONE, "Undone", "It was done and is undone.");
                })
                : real.write(body);
    }

    @Override
    public <T> T read(Function<Tx, T> body) {
        return real.read(body);
    }
}

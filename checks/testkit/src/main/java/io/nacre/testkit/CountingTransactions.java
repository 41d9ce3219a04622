package io.nacre.testkit;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Counts what requests ask of the database. */
public final class CountingTransactions implements Transactions {
    private final Transactions real;
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();
    private volatile int interruptedAt;
    private volatile Runnable interruption = () -> {};

    /** Transactions that read, and those that committed something. */
    public record Work(int reads, int writes) {}

    public CountingTransactions(Transactions real) {
        this.real = real;
    }

    @Override
    public <T> T write(Function<Tx, T> body) {
        T result = real.write(body);
        writes.incrementAndGet();
        return result;
    }

    @Override
    public <T> T read(Function<Tx, T> body) {
        if (reads.incrementAndGet() == interruptedAt) {
            interruption.run();
        }
        return real.read(body);
    }

    /** Lets something happen right before one of the reads to come, the first of which is 1. */
    public void before(int read, Runnable happens) {
        interruption = happens;
        interruptedAt = reads.get() + read;
    }

    public Work during(Runnable request) {
        int readsBefore = reads.get();
        int writesBefore = writes.get();
        request.run();
        return new Work(reads.get() - readsBefore, writes.get() - writesBefore);
    }
}

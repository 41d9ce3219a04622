package io.nacre.testkit;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Where a simulated crash happens: at the n-th commit, just before it or just after it. From then on the
 * {@link Gate gates} of the crashed process let nothing through, as if it were dead.
 */
final class CrashPoint {
    /** Not an exception that anybody handles: a process does not catch its own death. */
    static final class Crash extends Error {
        Crash() {
            super("simulated crash", null, false, false);
        }
    }

    private final int commit;
    private final boolean before;
    private final AtomicInteger commits = new AtomicInteger();
    private volatile boolean armed;
    private volatile boolean crashed;
    private volatile Runnable death = () -> {};

    /** @param commit counted from 1; 0 for no crash at all */
    CrashPoint(int commit, boolean before) {
        this.commit = commit;
        this.before = before;
    }

    /** What dies with the process. */
    void onCrash(Runnable what) {
        death = what;
    }

    /** From now on commits count. */
    void arm() {
        armed = true;
    }

    boolean crashed() {
        return crashed;
    }

    private Crash crash() {
        crashed = true;
        death.run();
        return new Crash();
    }

    /** The way to the database from inside the process that is to crash. */
    static final class Gate implements Transactions {
        private final Transactions database;
        private final CrashPoint point;
        private volatile boolean revived;

        Gate(Transactions database, CrashPoint point) {
            this.database = database;
            this.point = point;
        }

        /** Opens again, for those who outlive the crash. */
        void revive() {
            revived = true;
        }

        @Override
        public <T> T write(Function<Tx, T> body) {
            return database.write(tx -> {
                check();
                AtomicBoolean here = new AtomicBoolean();
                // The first of the actions after the commit: none of the others happens any more.
                tx.afterCommit(() -> {
                    if (here.get()) {
                        throw point.crash();
                    }
                });
                T value = body.apply(tx);
                check();
                here.set(point.armed && !revived && point.commits.incrementAndGet() == point.commit);
                if (here.get() && point.before) {
                    throw point.crash();
                }
                return value;
            });
        }

        @Override
        public <T> T read(Function<Tx, T> body) {
            check();
            return database.read(body);
        }

        private void check() {
            if (point.crashed && !revived) {
                throw new Crash();
            }
        }
    }
}

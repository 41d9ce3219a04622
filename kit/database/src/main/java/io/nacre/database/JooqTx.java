package io.nacre.database;

import io.nacre.base.Tx;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;

/** A transaction that runs on jOOQ, with what is to happen once it has committed. Good only inside its closure. */
final class JooqTx implements Tx {
    private final DSLContext dsl;
    private final Thread thread = Thread.currentThread();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private boolean over;

    JooqTx(DSLContext dsl) {
        this.dsl = dsl;
    }

    DSLContext dsl() {
        check();
        return dsl;
    }

    @Override
    public void afterCommit(Runnable action) {
        check();
        afterCommit.add(action);
    }

    List<Runnable> actions() {
        return afterCommit;
    }

    /** From now on nobody can use it any more. */
    void end() {
        over = true;
    }

    private void check() {
        if (over || Thread.currentThread() != thread) {
            throw new IllegalStateException("A transaction is of use only inside its closure and on its thread.");
        }
    }
}

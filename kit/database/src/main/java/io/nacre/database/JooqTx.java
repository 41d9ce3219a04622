package io.nacre.database;

import io.nacre.base.Tx;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;

/** A transaction that runs on jOOQ, with what is to happen once it has committed. */
final class JooqTx implements Tx {
    private final DSLContext dsl;
    private final List<Runnable> afterCommit = new ArrayList<>();

    JooqTx(DSLContext dsl) {
        this.dsl = dsl;
    }

    DSLContext dsl() {
        return dsl;
    }

    @Override
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    List<Runnable> actions() {
        return afterCommit;
    }
}

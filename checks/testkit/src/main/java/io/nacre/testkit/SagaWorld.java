package io.nacre.testkit;

import io.nacre.base.Transactions;
import io.nacre.tasks.Saga;
import io.nacre.tasks.Tasks;
import java.util.List;

/**
 * What a saga works on in one scenario of a {@link SagaSweep}: the service with fakes of everything beyond the
 * database. It outlives a crash of the controller, as hypervisors and networks do.
 */
public interface SagaWorld {

    /** Builds one from nothing, on a database as the migrations left it. */
    @FunctionalInterface
    interface Maker {
        SagaWorld make(Transactions database, Tasks tasks) throws Exception;
    }

    /** The saga under test. */
    Saga<?> saga();

    /** Other sagas that it starts or that run beside it. */
    default List<Saga<?>> companions() {
        return List.of();
    }

    /** Whatever has to be there before. Never crashes. */
    default void prepare() {}

    /** Does what a request does: the one transaction that starts the saga. */
    void begin();

    /** Everything the saga promises is there, and once only. */
    void assertDone();

    /** After a failure or a cancel: nothing is left of it, and nobody waits for it. */
    void assertTakenBack();
}

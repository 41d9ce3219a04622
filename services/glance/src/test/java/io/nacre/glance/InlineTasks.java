package io.nacre.glance;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.tasks.Saga;
import io.nacre.tasks.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Runs a saga at once, in a thread of its own, when its transaction has committed. Nothing is durable. */
final class InlineTasks implements Tasks {
    private final Transactions transactions;
    private final Ids ids = Ids.secure();
    private final Map<String, Timeline> timelines = new ConcurrentHashMap<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    InlineTasks(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public <S extends Record> String start(Tx tx, Caller caller, Saga<S> saga, String resource, S state) {
        String id = ids.uuid();
        note(id, saga.name(), resource, caller, Status.RUNNING, null);
        tx.afterCommit(() -> threads.add(Thread.ofVirtual().start(() -> run(id, caller, saga, resource, state))));
        return id;
    }

    private <S extends Record> void run(String id, Caller caller, Saga<S> saga, String resource, S begin) {
        S state = begin;
        int done = 0;
        try {
            for (Saga.Step<S> step : saga.steps()) {
                done++;
                state = apply(caller, step.local(), step.remote(), state);
            }
            note(id, saga.name(), resource, caller, Status.DONE, null);
        } catch (FaultException e) {
            for (int i = done - 1; i >= 0; i--) {
                Saga.Step<S> step = saga.steps().get(i);
                state = apply(caller, step.undoLocal(), step.undoRemote(), state);
            }
            S last = state;
            Saga.Failed<S> failed = saga.failed();
            if (failed != null) {
                transactions.run(tx -> failed.run(tx, last, e.fault()));
            }
            note(id, saga.name(), resource, caller, Status.FAILED, e.fault());
        }
    }

    private <S extends Record> S apply(
            Caller caller, Saga.@Nullable Local<S> local, Saga.@Nullable Remote<S> remote, S state) {
        if (local != null) {
            return transactions.write(tx -> local.run(tx, state));
        }
        return remote == null ? state : remote.run(new Saga.Context(caller, ids.uuid(), Duration.ofMinutes(1)), state);
    }

    private void note(String id, String saga, String resource, Caller caller, Status status, @Nullable Fault fault) {
        timelines.put(
                id, new Timeline(id, saga, resource, caller, Instant.EPOCH, Instant.EPOCH, status, fault, List.of()));
    }

    @Override
    public void cancel(Tx tx, String resource, String why) {}

    @Override
    public List<Timeline> timeline(Tx tx, String resource) {
        return timelines.values().stream()
                .filter(timeline -> timeline.resource().equals(resource))
                .toList();
    }

    /** Waits for everything that was started. */
    void await() throws InterruptedException {
        for (Thread thread : List.copyOf(threads)) {
            thread.join(10_000);
        }
    }
}

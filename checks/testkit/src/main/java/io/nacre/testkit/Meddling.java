package io.nacre.testkit;

import io.nacre.base.Fault;
import io.nacre.base.LostRace;
import io.nacre.tasks.Saga;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Sagas that are disturbed at one of their steps. */
final class Meddling {
    private Meddling() {}

    /** The saga with one step replaced. */
    static <S extends Record> Saga<S> at(Saga<S> saga, int index, UnaryOperator<Saga.Step<S>> change) {
        List<Saga.Step<S>> steps = new ArrayList<>(saga.steps());
        steps.set(index, change.apply(steps.get(index)));
        return new Saga<>(saga.name(), saga.state(), List.copyOf(steps), saga.failed());
    }

    /** A local step whose transaction has to start over, a remote step whose first answer is lost. */
    static <S> Saga.Step<S> twice(Saga.Step<S> step) {
        return forward(step, body -> startedOver(body), body -> repeated(body));
    }

    static <S> Saga.Step<S> undoTwice(Saga.Step<S> step) {
        return backward(step, body -> startedOver(body), body -> repeated(body));
    }

    /** An undo that does its work and then fails, the first time. */
    static <S> Saga.Step<S> undoFailingOnce(Saga.Step<S> step) {
        AtomicBoolean failed = new AtomicBoolean();
        return backward(
                step,
                body -> (tx, state) -> {
                    S after = body.run(tx, state);
                    failOnce(failed);
                    return after;
                },
                body -> (context, state) -> {
                    S after = body.run(context, state);
                    failOnce(failed);
                    return after;
                });
    }

    static <S> Saga.Step<S> failing(Saga.Step<S> step) {
        return forward(
                step,
                body -> (tx, state) -> {
                    throw wanted();
                },
                body -> (context, state) -> {
                    throw wanted();
                });
    }

    /** Does its work and then fails: the work is there, the state does not know of it. */
    static <S> Saga.Step<S> failingLate(Saga.Step<S> step) {
        return forward(
                step,
                body -> (tx, state) -> {
                    body.run(tx, state);
                    throw wanted();
                },
                body -> (context, state) -> {
                    body.run(context, state);
                    throw wanted();
                });
    }

    /** A remote step during which something happens first. */
    static <S> Saga.Step<S> meanwhile(Saga.Step<S> step, Runnable event) {
        return forward(step, body -> body, body -> (context, state) -> {
            event.run();
            return body.run(context, state);
        });
    }

    private static <S> Saga.Local<S> startedOver(Saga.Local<S> body) {
        AtomicBoolean over = new AtomicBoolean();
        return (tx, state) -> {
            S after = body.run(tx, state);
            if (over.compareAndSet(false, true)) {
                throw new LostRace("a race that the sweep wants to be lost");
            }
            return after;
        };
    }

    private static <S> Saga.Remote<S> repeated(Saga.Remote<S> body) {
        return (context, state) -> {
            body.run(context, state);
            return body.run(context, state);
        };
    }

    private static RuntimeException wanted() {
        return Fault.of(Fault.Kind.UPSTREAM, "Sweep", "A failure that the sweep wants.");
    }

    private static void failOnce(AtomicBoolean failed) {
        if (failed.compareAndSet(false, true)) {
            throw wanted();
        }
    }

    private static <S> Saga.Step<S> forward(
            Saga.Step<S> step, UnaryOperator<Saga.Local<S>> local, UnaryOperator<Saga.Remote<S>> remote) {
        return new Saga.Step<>(
                step.name(),
                changed(step.local(), local),
                changed(step.remote(), remote),
                step.deadline(),
                step.retries(),
                step.undoLocal(),
                step.undoRemote());
    }

    private static <S> Saga.Step<S> backward(
            Saga.Step<S> step, UnaryOperator<Saga.Local<S>> local, UnaryOperator<Saga.Remote<S>> remote) {
        return new Saga.Step<>(
                step.name(),
                step.local(),
                step.remote(),
                step.deadline(),
                step.retries(),
                changed(step.undoLocal(), local),
                changed(step.undoRemote(), remote));
    }

    private static <T> @Nullable T changed(@Nullable T body, UnaryOperator<T> change) {
        return body == null ? null : change.apply(body);
    }
}

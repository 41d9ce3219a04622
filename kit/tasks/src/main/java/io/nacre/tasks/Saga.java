package io.nacre.tasks;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done, step by step, and how each step is taken back.
 *
 * <p>Steps run in order. When one fails for good, the undo of that step and of all before it run in reverse order,
 * then {@link #failed}. State is an immutable record; each step answers with the next one, which is journalled.
 *
 * @param name stable, it stands in the journal: noun and verb, such as server.create
 * @param failed last words in the transaction that ends a failed saga, to tell the user; null for none
 */
public record Saga<S extends Record>(
        String name,
        Class<S> state,
        List<Step<S>> steps,
        @Nullable Failed<S> failed) {

    public Saga {
        if (steps.isEmpty() || steps.stream().map(Step::name).distinct().count() < steps.size()) {
            throw new IllegalArgumentException("saga " + name + " needs steps, each with a name of its own");
        }
    }

    Step<S> step(String wanted) {
        return steps.stream()
                .filter(step -> step.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("saga " + name + " has no step " + wanted));
    }

    @Nullable
    Step<S> after(Step<S> step) {
        int index = steps.indexOf(step) + 1;
        return index < steps.size() ? steps.get(index) : null;
    }

    @Nullable
    Step<S> before(Step<S> step) {
        int index = steps.indexOf(step) - 1;
        return index >= 0 ? steps.get(index) : null;
    }

    /** A step's body that is SQL only: commits together with its journal entry. */
    @FunctionalInterface
    public interface Local<S> {
        S run(Tx tx, S state);
    }

    /** A step's body that reaches out: outside any transaction, journalled when it returns. */
    @FunctionalInterface
    public interface Remote<S> {
        S run(Context context, S state);
    }

    /** Tells the world that the saga failed and has been taken back. */
    @FunctionalInterface
    public interface Failed<S> {
        void run(Tx tx, S state, Fault fault);
    }

    /**
     * What a remote step may know beside its state.
     *
     * @param caller who started the saga; never more than they may do
     * @param key the same for every repetition of this step of this task
     * @param remaining time until the step's own deadline
     */
    public record Context(Caller caller, String key, Duration remaining) {}

    /**
     * @param name what a reader of the timeline sees
     * @param deadline after which a remote step has failed; also the longest time it is waited for at undo
     * @param retries how often a remote step that failed with UNAVAILABLE or TIMEOUT is tried again
     * @param undoLocal null, as {@code undoRemote}, when there is nothing to take back
     */
    public record Step<S>(
            String name,
            @Nullable Local<S> local,
            @Nullable Remote<S> remote,
            Duration deadline,
            int retries,
            @Nullable Local<S> undoLocal,
            @Nullable Remote<S> undoRemote) {}

    public static <S extends Record> Builder<S> named(String name, Class<S> state) {
        return new Builder<>(name, state);
    }

    /** Lists the steps in the order in which they run. */
    public static final class Builder<S extends Record> {
        private static final Duration LOCAL_DEADLINE = Duration.ofSeconds(30);

        private final String name;
        private final Class<S> state;
        private final List<Step<S>> steps = new ArrayList<>();
        private @Nullable Failed<S> failed;

        private Builder(String name, Class<S> state) {
            this.name = name;
            this.state = state;
        }

        public Builder<S> local(String step, Local<S> body) {
            steps.add(new Step<>(step, body, null, LOCAL_DEADLINE, 0, null, null));
            return this;
        }

        public Builder<S> remote(String step, Duration deadline, int retries, Remote<S> body) {
            steps.add(new Step<>(step, null, body, deadline, retries, null, null));
            return this;
        }

        /** How the step just named is taken back, in a transaction. */
        public Builder<S> undo(Local<S> undo) {
            Step<S> last = steps.removeLast();
            steps.add(new Step<>(
                    last.name(),
                    last.local(),
                    last.remote(),
                    last.deadline(),
                    last.retries(),
                    undo,
                    last.undoRemote()));
            return this;
        }

        /** How the step just named is taken back, by reaching out. */
        public Builder<S> undoRemote(Remote<S> undo) {
            Step<S> last = steps.removeLast();
            steps.add(new Step<>(
                    last.name(), last.local(), last.remote(), last.deadline(), last.retries(), last.undoLocal(), undo));
            return this;
        }

        public Saga<S> onFailure(Failed<S> failed) {
            this.failed = failed;
            return build();
        }

        public Saga<S> build() {
            return new Saga<>(name, state, List.copyOf(steps), failed);
        }
    }
}

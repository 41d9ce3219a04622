package io.nacre.database;

import io.nacre.base.Fault;
import io.nacre.base.LostRace;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The one database of a controller.
 *
 * <p>A transaction that lost a race (a guarded update, a deadlock, a snapshot that was overtaken) starts over after a
 * short random pause. When it has lost too often, its caller is told with a conflict.
 */
public final class Database implements Transactions, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 100_000_000;
    /** A unique key that objects again and again is no race. */
    private static final int CONSTRAINT_RETRIES = 4;

    private final DatabaseConfig config;
    private final Runner runner;
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

    private Database(DatabaseConfig config, Runner runner) {
        this.config = config;
        this.runner = runner;
    }

    /**
     * Opens the database and brings its schema up to date, all locations in one run.
     *
     * @param migrationLocations folders on the class path, such as {@code db/placement}
     */
    public static Database open(DatabaseConfig config, List<String> migrationLocations) {
        boolean embedded = config.engine() == DatabaseConfig.Engine.SQLITE;
        if (embedded) {
            SqliteRunner.createFile(config.path());
        }
        Migrations.run(config, migrationLocations);
        return new Database(config, embedded ? new SqliteRunner(config) : new PooledRunner(config));
    }

    /** Opens a database that is there, for a look: its schema is left as it is. Faults with NOT_FOUND without one. */
    public static Database look(DatabaseConfig config) {
        boolean embedded = config.engine() == DatabaseConfig.Engine.SQLITE;
        if (embedded && !Files.exists(config.path())) {
            throw Fault.notFound("There is no database " + config.path() + ".");
        }
        return new Database(config, embedded ? new SqliteRunner(config) : new PooledRunner(config));
    }

    public DatabaseConfig.Engine engine() {
        return config.engine();
    }

    /** How many transactions wait for the writer or for a connection; for metrics. */
    public int waiting() {
        return runner.waiting();
    }

    @Override
    public long commits() {
        return runner.commits();
    }

    @Override
    public <T> T write(Function<Tx, T> body) {
        return run(body, runner::write);
    }

    @Override
    public <T> T read(Function<Tx, T> body) {
        return run(body, runner::read);
    }

    /** Waits for the transactions that are under way; later ones are refused. */
    @Override
    public void close() {
        runner.close();
    }

    private <T> T run(Function<Tx, T> body, Function<Function<Tx, ?>, Runner.Outcome> once) {
        if (inside.get()) {
            throw new IllegalStateException(
                    "A transaction is already open here. Pass its Tx on instead of opening another one.");
        }
        for (int tries = 0; ; tries++) {
            Runner.Outcome outcome = once.apply(marked(body));
            Throwable thrown = outcome.thrown();
            if (thrown == null) {
                outcome.afterCommit().forEach(Database::afterCommit);
                return value(outcome);
            }
            Trouble trouble = Trouble.of(thrown);
            if (outcome.inDoubt() || tries >= retries(trouble)) {
                throw toCaller(trouble, thrown);
            }
            pause(tries);
        }
    }

    /** What the closure answered, null included. */
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T value(Runner.Outcome outcome) {
        return (T) outcome.value();
    }

    private <T> Function<Tx, T> marked(Function<Tx, T> body) {
        return tx -> {
            inside.set(true);
            try {
                return body.apply(tx);
            } finally {
                inside.remove();
            }
        };
    }

    private int retries(Trouble trouble) {
        return switch (trouble) {
            case RACE -> config.retries();
            // The only writer of SQLite cannot have been overtaken between its check and its insert.
            case CONSTRAINT -> engine() == DatabaseConfig.Engine.SQLITE ? 0 : CONSTRAINT_RETRIES;
            case AWAY -> 1;
            case VALUE, OTHER -> 0;
        };
    }

    private static RuntimeException toCaller(Trouble trouble, Throwable thrown) {
        if (trouble != Trouble.OTHER) {
            // What a request got wrong is no concern of the operator, and engines quote the values in their messages.
            boolean ofRequest = trouble == Trouble.CONSTRAINT || trouble == Trouble.VALUE;
            LOG.atLevel(ofRequest ? Level.DEBUG : Level.WARN).log("A transaction was given up: {}", reason(thrown));
            return trouble.toCaller(thrown);
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException known ? known : trouble.toCaller(thrown);
    }

    private static String reason(Throwable thrown) {
        return thrown instanceof LostRace ? "lost race, " + thrown.getMessage() : String.valueOf(thrown);
    }

    /** Full jitter: random up to a bound that doubles, so that losers of the same race do not meet again. */
    private static void pause(int tries) {
        long bound = Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(tries, 10));
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(bound));
    }

    private static void afterCommit(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("An action after a commit failed", e);
        }
    }
}

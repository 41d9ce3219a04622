package io.nacre.database;

import io.nacre.base.LostRace;
import io.nacre.base.Tx;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of an SQLite file. It runs whatever is queued, each closure in a savepoint, then commits them
 * together with a single fsync and only then answers them. A closure that throws is undone to its savepoint and
 * costs the others nothing.
 */
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    /** Keeps the first of a group from waiting for ever while more arrive. */
    private static final int GROUP = 64;

    private static final Duration SLOW = Duration.ofSeconds(1);

    private final DatabaseConfig config;
    private final BlockingQueue<SqliteJob> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final AtomicLong commits = new AtomicLong();
    private volatile boolean closed;

    GroupCommit(DatabaseConfig config) {
        this.config = config;
        Session session = new Session(config);
        this.thread = Thread.ofPlatform().name("database-writer").daemon().start(() -> loop(session));
    }

    Runner.Outcome run(Function<Tx, ?> body) {
        if (closed) {
            throw new IllegalStateException("The database is closed.");
        }
        SqliteJob job = new SqliteJob(body);
        queue.add(job);
        return job.await();
    }

    long commits() {
        return commits.get();
    }

    int waiting() {
        return queue.size();
    }

    /** Commits what is queued, then ends. */
    void close() {
        closed = true;
        queue.add(SqliteJob.STOP);
        SqliteFile.join(thread);
        for (SqliteJob late = queue.poll(); late != null; late = queue.poll()) {
            late.answer(Runner.Outcome.failed(new IllegalStateException("The database is closed.")));
        }
    }

    private void loop(Session first) {
        Session session = first;
        while (true) {
            SqliteJob next;
            try {
                next = queue.take();
            } catch (InterruptedException e) {
                continue;
            }
            if (next == SqliteJob.STOP) {
                session.close();
                return;
            }
            if (!group(session, next)) {
                session.close();
                session = reopen();
            }
        }
    }

    /** Runs one group. Answers false when the connection cannot be trusted any more. */
    private boolean group(Session session, SqliteJob first) {
        List<SqliteJob> done = new ArrayList<>();
        List<Runner.Outcome> outcomes = new ArrayList<>();
        @Nullable SqliteJob job = first;
        try {
            session.begin.execute();
            while (job != null) {
                Runner.Outcome outcome = inSavepoint(session, job);
                if (outcome.thrown() == null) {
                    done.add(job);
                    outcomes.add(outcome);
                } else {
                    job.answer(outcome);
                }
                job = done.size() < GROUP && queue.peek() != SqliteJob.STOP ? queue.poll() : null;
            }
            session.commit.execute();
        } catch (Throwable e) {
            // A commit that broke off may have happened.
            commits.incrementAndGet();
            return fail(session, done, job, e);
        }
        commits.incrementAndGet();
        for (int i = 0; i < done.size(); i++) {
            done.get(i).answer(outcomes.get(i));
        }
        return true;
    }

    private static Runner.Outcome inSavepoint(Session session, SqliteJob job) throws SQLException {
        session.savepoint.execute();
        JooqTx tx = new JooqTx(session.dsl);
        long start = System.nanoTime();
        try {
            Object value = job.body().apply(tx);
            session.release.execute();
            return Runner.Outcome.committed(value, tx.actions());
        } catch (Throwable e) {
            takeBack(session, e);
            return Runner.Outcome.failed(e);
        } finally {
            tx.end();
            long nanos = System.nanoTime() - start;
            if (nanos > SLOW.toNanos()) {
                LOG.warn("A transaction kept the database for {} ms", nanos / 1_000_000);
            }
        }
    }

    /** Undoes one closure. SQLite drops the whole transaction when its disk is full, then there is no savepoint. */
    private static void takeBack(Session session, Throwable cause) {
        try {
            session.rollbackTo.execute();
            session.release.execute();
        } catch (SQLException e) {
            cause.addSuppressed(e);
            throw new GroupLost(cause);
        }
    }

    /**
     * Nothing of the group was committed. Who broke it learns why, the others are run again; when the commit itself
     * failed, all learn why.
     */
    private static boolean fail(Session session, List<SqliteJob> done, @Nullable SqliteJob current, Throwable cause) {
        LOG.warn("A group of {} transactions was rolled back: {}", done.size(), cause.toString());
        Throwable forOthers = cause instanceof GroupLost ? new LostRace("another transaction of the group") : cause;
        done.forEach(member -> member.answer(Runner.Outcome.failed(forOthers)));
        if (current != null) {
            Throwable own = cause instanceof GroupLost && cause.getCause() != null ? cause.getCause() : cause;
            current.answer(Runner.Outcome.failed(own));
        }
        try {
            session.rollback.execute();
            return true;
        } catch (SQLException e) {
            // SQLite has rolled back by itself already, or the connection is broken. A fresh one settles it.
            return false;
        }
    }

    private Session reopen() {
        while (true) {
            try {
                return new Session(config);
            } catch (RuntimeException e) {
                LOG.error("The database cannot be opened again, next try in a second", e);
                for (SqliteJob job = queue.poll(); job != null && job != SqliteJob.STOP; job = queue.poll()) {
                    job.answer(Runner.Outcome.failed(e));
                }
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        }
    }

    /** One closure's failure has taken the whole group with it. */
    private static final class GroupLost extends RuntimeException {
        GroupLost(Throwable cause) {
            super(cause);
        }
    }

    /** The writer's connection with the statements that frame transactions. */
    private static final class Session {
        final Connection connection;
        final DSLContext dsl;
        final PreparedStatement begin;
        final PreparedStatement commit;
        final PreparedStatement rollback;
        final PreparedStatement savepoint;
        final PreparedStatement release;
        final PreparedStatement rollbackTo;

        Session(DatabaseConfig config) {
            connection = SqliteFile.open(config, false);
            dsl = DSL.using(Dialects.of(config.engine()).derive(connection));
            try {
                begin = connection.prepareStatement("begin immediate");
                commit = connection.prepareStatement("commit");
                rollback = connection.prepareStatement("rollback");
                savepoint = connection.prepareStatement("savepoint one");
                release = connection.prepareStatement("release one");
                rollbackTo = connection.prepareStatement("rollback to one");
            } catch (SQLException e) {
                throw Trouble.of(e).toCaller(e);
            }
        }

        void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.warn("The database did not close cleanly", e);
            }
        }
    }
}

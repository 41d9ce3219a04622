package io.nacre.database;

import io.nacre.base.Tx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SQLite in this process: one thread writes, a few read, and callers wait on their virtual threads. The engine's
 * calls block natively and would otherwise hold up every other virtual thread of their carrier.
 */
final class SqliteRunner implements Runner {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteRunner.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final GroupCommit writer;
    private final BlockingQueue<SqliteJob> reads = new LinkedBlockingQueue<>();
    private final List<Thread> readers = new ArrayList<>();
    private volatile boolean closed;

    SqliteRunner(DatabaseConfig config) {
        writer = new GroupCommit(config);
        for (int i = 0; i < config.readers(); i++) {
            Connection connection = SqliteFile.open(config, true);
            readers.add(Thread.ofPlatform()
                    .name("database-reader-" + i)
                    .daemon()
                    .start(() -> readLoop(connection, config)));
        }
    }

    /** Creates the file so that only its owner can read it; SQLite gives its side files the same permissions. */
    static void createFile(Path file) {
        try {
            Files.createDirectories(file.getParent());
            if (!Files.exists(file)) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            }
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        } catch (IOException e) {
            throw new UncheckedIOException("The database file cannot be created: " + file, e);
        }
    }

    @Override
    public Outcome write(Function<Tx, ?> body) {
        return writer.run(body);
    }

    @Override
    public Outcome read(Function<Tx, ?> body) {
        if (closed) {
            throw new IllegalStateException("The database is closed.");
        }
        SqliteJob job = new SqliteJob(body);
        reads.add(job);
        return job.await();
    }

    @Override
    public long commits() {
        return writer.commits();
    }

    @Override
    public int waiting() {
        return writer.waiting();
    }

    @Override
    public void close() {
        closed = true;
        readers.forEach(reader -> reads.add(SqliteJob.STOP));
        readers.forEach(SqliteFile::join);
        for (SqliteJob late = reads.poll(); late != null; late = reads.poll()) {
            late.answer(Outcome.failed(new IllegalStateException("The database is closed.")));
        }
        writer.close();
    }

    private void readLoop(Connection connection, DatabaseConfig config) {
        DSLContext dsl = DSL.using(Dialects.of(config.engine()).derive(connection));
        try (connection;
                Statement statement = connection.createStatement()) {
            for (SqliteJob job = reads.take(); job != SqliteJob.STOP; job = reads.take()) {
                job.answer(readOnce(statement, dsl, job));
            }
        } catch (SQLException | InterruptedException e) {
            LOG.error("A reader of the database stopped", e);
        }
    }

    private static Outcome readOnce(Statement statement, DSLContext dsl, SqliteJob job) {
        JooqTx tx = new JooqTx(dsl);
        try {
            statement.execute("begin deferred");
            try {
                Object value = job.body().apply(tx);
                return Outcome.committed(value, tx.actions());
            } finally {
                statement.execute("rollback");
            }
        } catch (Throwable e) {
            return Outcome.failed(e);
        } finally {
            tx.end();
        }
    }
}

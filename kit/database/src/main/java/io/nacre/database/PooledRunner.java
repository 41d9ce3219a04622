package io.nacre.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.nacre.base.Tx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MariaDB and PostgreSQL behind a connection pool.
 *
 * <p>Isolation is REPEATABLE READ on both, on MariaDB with innodb_snapshot_isolation: a closure sees one snapshot,
 * and who writes a row that has changed since loses the race and starts over, even where a guard was forgotten.
 * SERIALIZABLE would turn MariaDB's reads into locks; READ COMMITTED would let two selects of one closure disagree.
 *
 * <p>Each transaction has a virtual thread of its own: an interrupt that reaches a virtual thread in socket I/O closes
 * the socket, so a cancelled request would otherwise leave a broken connection and a commit in doubt.
 */
final class PooledRunner implements Runner {
    private static final Logger LOG = LoggerFactory.getLogger(PooledRunner.class);

    private final Configuration jooq;
    private final HikariDataSource pool;
    private final String readOnly;

    PooledRunner(DatabaseConfig config) {
        this.jooq = Dialects.of(config.engine());
        // MariaDB would keep "set transaction" for the next transaction when this one sends no statement.
        this.readOnly = config.engine() == DatabaseConfig.Engine.MARIADB
                ? "start transaction read only"
                : "set transaction read only";
        this.pool = new HikariDataSource(poolConfig(config));
    }

    private static HikariConfig poolConfig(DatabaseConfig config) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("database");
        pool.setJdbcUrl(config.jdbcUrl());
        pool.setUsername(config.user());
        pool.setPassword(config.password());
        pool.setAutoCommit(false);
        pool.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        pool.setMaximumPoolSize(config.connections());
        pool.setMinimumIdle(Math.min(2, config.connections()));
        pool.setConnectionTimeout(config.connectionTimeout().toMillis());
        long lockSeconds = Math.max(1, config.lockTimeout().toSeconds());
        if (config.engine() == DatabaseConfig.Engine.MARIADB) {
            pool.addDataSourceProperty("useAffectedRows", "false");
            pool.addDataSourceProperty("connectTimeout", "5000");
            pool.addDataSourceProperty("socketTimeout", "60000");
            pool.addDataSourceProperty("tcpKeepAlive", "true");
            // An executable comment: servers too old for snapshot isolation (before 10.11.8) skip the assignment.
            pool.setConnectionInitSql("set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',"
                    + " session time_zone = '+00:00', session innodb_lock_wait_timeout = " + lockSeconds
                    + "/*M!101108 , session innodb_snapshot_isolation = on */");
        } else {
            pool.addDataSourceProperty("ApplicationName", "nacre");
            pool.addDataSourceProperty("connectTimeout", "5");
            pool.addDataSourceProperty("socketTimeout", "60");
            pool.addDataSourceProperty("tcpKeepAlive", "true");
            pool.setConnectionInitSql("set lock_timeout = '" + lockSeconds + "s'");
        }
        return pool;
    }

    @Override
    public Outcome write(Function<Tx, ?> body) {
        return apart(() -> once(body, false));
    }

    @Override
    public Outcome read(Function<Tx, ?> body) {
        return apart(() -> once(body, true));
    }

    /** Other controllers commit, too. */
    @Override
    public long commits() {
        return -1;
    }

    @Override
    public int waiting() {
        return pool.getHikariPoolMXBean().getThreadsAwaitingConnection();
    }

    @Override
    public void close() {
        pool.close();
    }

    private static Outcome apart(Supplier<Outcome> transaction) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("transaction").start(() -> {
            try {
                answer.complete(transaction.get());
            } catch (Throwable e) {
                answer.complete(Outcome.failed(e));
            }
        });
        return answer.join();
    }

    private Outcome once(Function<Tx, ?> body, boolean readOnly) {
        try (Connection connection = pool.getConnection()) {
            JooqTx tx = new JooqTx(DSL.using(jooq.derive(connection)));
            Object value;
            try {
                if (readOnly) {
                    readOnly(connection);
                }
                value = body.apply(tx);
            } catch (Throwable e) {
                rollback(connection);
                return Outcome.failed(e);
            } finally {
                tx.end();
            }
            try {
                connection.commit();
            } catch (SQLException e) {
                rollback(connection);
                return Trouble.of(e) == Trouble.AWAY ? Outcome.inDoubt(e) : Outcome.failed(e);
            }
            return Outcome.committed(value, tx.actions());
        } catch (SQLException e) {
            return Outcome.failed(e);
        }
    }

    private void readOnly(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(readOnly);
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("The rollback failed, the pool drops the connection", e);
        }
    }
}

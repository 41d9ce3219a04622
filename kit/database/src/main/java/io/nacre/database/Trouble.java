package io.nacre.database;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.LostRace;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an engine's complaint means to us. The codes are those of SQLite's result codes, MariaDB's error codes and
 * SQLSTATE classes.
 */
enum Trouble {
    /** Somebody else was in the way; the same closure may well succeed in a moment. */
    RACE,
    /** A unique key or a reference objects. Between check and insert another transaction may have come first. */
    CONSTRAINT,
    /** The database cannot be reached, or its disk is full. */
    AWAY,
    /** A value that no row can hold: it is too long, or has characters that the engine does not know. */
    VALUE,
    /** Not ours to judge: a fault of the closure or a defect. */
    OTHER;

    private static final Set<String> RACE_STATES = Set.of("40001", "40P01", "55P03");
    /** Too long; a character that is none, or that PostgreSQL keeps in no text (NUL). */
    private static final Set<String> VALUE_STATES = Set.of("22001", "22021", "22P05");

    /** Lock wait timeout; deadlock; record has changed since last read (innodb_snapshot_isolation). */
    private static final Set<Integer> MARIADB_RACES = Set.of(1205, 1213, 1020);

    /** Server shutdown; connection killed. */
    private static final Set<Integer> MARIADB_AWAY = Set.of(1053, 1927);

    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_IOERR = 10;
    private static final int SQLITE_FULL = 13;
    private static final int SQLITE_CANTOPEN = 14;
    private static final int SQLITE_CONSTRAINT = 19;

    static Trouble of(Throwable thrown) {
        if (thrown instanceof LostRace) {
            return RACE;
        }
        if (thrown instanceof FaultException) {
            return OTHER;
        }
        SQLException sql = sqlCause(thrown);
        if (sql == null) {
            return OTHER;
        }
        return sql.getClass().getName().startsWith("org.sqlite.") ? ofSqlite(sql) : ofServer(sql);
    }

    /** What the caller is told. Neither SQL nor the names of hosts and files appear in it. */
    RuntimeException toCaller(Throwable thrown) {
        return switch (this) {
            case RACE ->
                Fault.of(
                                Fault.Kind.CONFLICT,
                                "Collision",
                                "The request collided with other changes of the same data. Please retry.")
                        .because(thrown);
            case CONSTRAINT ->
                Fault.conflict("The request conflicts with what exists already or is still in use.")
                        .because(thrown);
            case AWAY -> Fault.unavailable("The database is not available.").because(thrown);
            case VALUE ->
                Fault.invalid("The request has a value that is too long or has characters that cannot be kept.")
                        .because(thrown);
            case OTHER -> new IllegalStateException("A transaction failed.", thrown);
        };
    }

    private static @Nullable SQLException sqlCause(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    private static Trouble ofSqlite(SQLException sql) {
        return switch (sql.getErrorCode() & 0xff) {
            case SQLITE_BUSY, SQLITE_LOCKED -> RACE;
            case SQLITE_CONSTRAINT -> CONSTRAINT;
            case SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN -> AWAY;
            default -> OTHER;
        };
    }

    private static Trouble ofServer(SQLException sql) {
        String state = sql.getSQLState() == null ? "" : sql.getSQLState();
        if (RACE_STATES.contains(state) || MARIADB_RACES.contains(sql.getErrorCode())) {
            return RACE;
        }
        if (MARIADB_AWAY.contains(sql.getErrorCode())
                || sql instanceof SQLTransientConnectionException
                || state.startsWith("08")
                || state.startsWith("57P0")
                || state.startsWith("53")) {
            return AWAY;
        }
        if (VALUE_STATES.contains(state)) {
            return VALUE;
        }
        return state.startsWith("23") ? CONSTRAINT : OTHER;
    }
}

package io.nacre.base;

/**
 * A transaction in progress. Whoever is handed one joins it: what they write commits or vanishes with everything
 * else. Only stores can look inside (kit/database); for everyone else it is a ticket to pass on.
 */
public interface Tx {

    /** Runs once after the commit, never when the transaction rolls back; for waking workers and dropping caches. */
    void afterCommit(Runnable action);
}

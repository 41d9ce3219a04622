package io.nacre.base;

/**
 * A guarded update found that its row had moved on. Thrown inside a write closure it makes the transaction start
 * over from a fresh snapshot; after too many tries it reaches the caller as a conflict.
 */
public final class LostRace extends RuntimeException {
    public LostRace(String what) {
        super(what, null, false, false);
    }
}

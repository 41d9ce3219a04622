package io.nacre.glance.data;

import java.time.Instant;

/**
 * Data of an image in a store, or the claim that some is being written.
 *
 * @param key under which the store has it; never used twice
 * @param touchedAt when whoever writes it was last heard of
 */
public record Location(String key, String imageId, String store, Status status, Instant touchedAt) {

    /** What the data is good for. */
    public enum Status {
        /** An upload or a staging request writes it, and says so every few seconds. */
        WRITING,
        /** Complete, waits in the staging area for its import. */
        STAGED,
        /** A task writes it; tasks do not get lost. */
        IMPORTING,
        /** The data of an image. */
        ACTIVE,
        /** Nobody's any more, to be removed. */
        DELETING
    }
}

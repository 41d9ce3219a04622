package io.nacre.glance.data;

import io.nacre.base.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Data of an image in a store, or the claim that some is being written.
 *
 * @param key never used twice
 * @param touchedAt when whoever writes it was last heard of
 * @param url where the data is in a store that others write; null when the store has it under its key
 * @param metadata what a client said of it
 */
public record Location(
        String key,
        String imageId,
        String store,
        Status status,
        Instant touchedAt,
        @Nullable String url,
        ObjectNode metadata) {

    public Location(String key, String imageId, String store, Status status, Instant touchedAt) {
        this(key, imageId, store, status, touchedAt, null, Json.object());
    }

    Location in(Status other) {
        return new Location(key, imageId, store, other, touchedAt, url, metadata);
    }

    Location saying(ObjectNode other) {
        return new Location(key, imageId, store, status, touchedAt, url, other);
    }

    /** What the store's driver knows the data by. */
    public String place() {
        return url == null ? key : url;
    }

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

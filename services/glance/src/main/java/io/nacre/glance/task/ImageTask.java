package io.nacre.glance.task;

import io.nacre.base.Caller;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A task as users know it. The work itself is a saga of the task engine, which writes here how it goes.
 *
 * @param type import, api_image_import or location_import
 * @param imageId null while there is no image yet
 * @param input in the words of the request
 */
public record ImageTask(
        String id,
        String type,
        @Nullable String imageId,
        Origin origin,
        JsonNode input,
        Outcome outcome,
        Instant createdAt,
        Instant updatedAt) {
    public static final String API_IMPORT = "api_image_import";
    public static final String LOCATION_IMPORT = "location_import";
    public static final String IMPORT = "import";

    /**
     * Whose task it is.
     *
     * @param owner the project
     */
    public record Origin(@Nullable String owner, @Nullable String userId, String requestId) {
        public static Origin of(Caller caller) {
            return new Origin(caller.projectId(), caller.userId(), caller.requestId());
        }
    }

    /**
     * How it goes.
     *
     * @param message progress while the task runs, the reason when it has failed, else empty
     * @param expiresAt when a task that is over is forgotten; null before it is over
     */
    public record Outcome(
            Status status,
            @Nullable JsonNode result,
            String message,
            @Nullable Instant expiresAt) {
        static final Outcome NONE = new Outcome(Status.PENDING, null, "", null);
    }

    /** Pending, processing, then one of the two ends. */
    public enum Status {
        PENDING,
        PROCESSING,
        SUCCESS,
        FAILURE;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

package io.nacre.glance.image;

import io.nacre.base.Fault;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where an image is in its life (API reference "Image statuses").
 *
 * <pre>
 * queued -> saving -> active <-> deactivated
 * queued -> uploading -> importing -> active
 * queued -> importing
 * queued -> active, with data that others keep
 * saving, uploading, importing -> queued, when the data does not arrive
 * any -> deleted
 * </pre>
 */
public enum ImageState {
    QUEUED,
    SAVING,
    UPLOADING,
    IMPORTING,
    ACTIVE,
    DEACTIVATED,
    DELETED;

    private static final Map<ImageState, Set<ImageState>> NEXT = Map.of(
            QUEUED, EnumSet.of(SAVING, UPLOADING, IMPORTING, ACTIVE, DELETED),
            SAVING, EnumSet.of(ACTIVE, QUEUED, DELETED),
            UPLOADING, EnumSet.of(IMPORTING, QUEUED, DELETED),
            IMPORTING, EnumSet.of(ACTIVE, QUEUED, DELETED),
            ACTIVE, EnumSet.of(DEACTIVATED, DELETED),
            DEACTIVATED, EnumSet.of(ACTIVE, DELETED),
            DELETED, EnumSet.noneOf(ImageState.class));

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state itself; faults with CONFLICT when it cannot follow on this one. */
    public ImageState to(ImageState next) {
        if (!NEXT.getOrDefault(this, Set.of()).contains(next)) {
            throw Fault.conflict("Image status transition from " + wire() + " to " + next.wire() + " is not allowed");
        }
        return next;
    }
}

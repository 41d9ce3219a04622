package io.nacre.glance.metadef;

import io.nacre.base.Fault;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A set of definitions under one name.
 *
 * @param generation moves with every change of the namespace and of what is in it
 * @param visibility public or private: for everybody or for the owner
 * @param guarded protected: neither it nor what is in it may be deleted
 */
record Namespace(
        String id,
        long generation,
        String namespace,
        @Nullable String displayName,
        @Nullable String description,
        @Nullable String owner,
        String visibility,
        boolean guarded,
        Instant createdAt,
        Instant updatedAt) {

    /** The same namespace with all that the other says of itself. */
    Namespace saying(Namespace other) {
        return new Namespace(
                id,
                generation,
                namespace,
                other.displayName,
                other.description,
                other.owner,
                other.visibility,
                other.guarded,
                createdAt,
                other.updatedAt);
    }

    boolean isPublic() {
        return visibility.equals("public");
    }

    /** Faults with FORBIDDEN when it is protected. */
    void requireUnprotected() {
        if (guarded) {
            throw Fault.forbidden(
                    "Metadata definition namespace " + namespace + " is protected and cannot be deleted.");
        }
    }
}

package io.nacre.glance.metadef;

import io.nacre.base.Json;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something in a namespace that has a name of its own.
 *
 * @param definition what a client said of it beside the name
 */
record Item(
        String id,
        String namespaceId,
        Kind kind,
        String name,
        ObjectNode definition,
        Instant createdAt,
        Instant updatedAt) {

    enum Kind {
        PROPERTY("properties", "metadata definition property", "property"),
        OBJECT("objects", "metadata definition object", "metadata object"),
        TAG("tags", "metadata tag", "metadata tag");

        /** The last part of the path of all of them. */
        private final String plural;

        /** What a fault calls one that exists already. */
        private final String taken;

        /** What a fault calls one that does not exist. */
        private final String missing;

        Kind(String plural, String taken, String missing) {
            this.plural = plural;
            this.taken = taken;
            this.missing = missing;
        }

        String plural() {
            return plural;
        }

        String taken() {
            return taken;
        }

        String missing() {
            return missing;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** As a body has it that makes the same one. */
    ObjectNode body() {
        ObjectNode body = Json.object().put("name", name);
        body.setAll(definition);
        return body;
    }

    /** The same item with all that a client says of it now. */
    Item with(String newName, ObjectNode newDefinition, Instant now) {
        return new Item(id, namespaceId, kind, newName, newDefinition, createdAt, now);
    }
}

package io.nacre.neutron.resource;

import java.time.Instant;
import java.util.List;

/**
 * What every resource of the Networking API has.
 *
 * @param revision grows with every change; guards updates against lost races
 */
public record Standard(
        String id,
        String projectId,
        String description,
        long revision,
        Instant createdAt,
        Instant updatedAt,
        List<String> tags) {

    /** The beginnings of a resource that is being made; the store counts from revision 0. */
    public static Standard fresh(String id, String projectId, String description, Instant now) {
        return new Standard(id, projectId, description, 0, now, now, List.of());
    }

    /** The same resource after a change, with the description that the change brings. */
    public Standard changed(String description, Instant now) {
        return new Standard(id, projectId, description, revision + 1, createdAt, now, tags);
    }

    public Standard changed(Instant now) {
        return changed(description, now);
    }

    public Standard withTags(List<String> tags) {
        return new Standard(id, projectId, description, revision, createdAt, updatedAt, tags);
    }
}

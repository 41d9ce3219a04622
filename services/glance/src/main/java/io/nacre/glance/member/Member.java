package io.nacre.glance.member;

import java.time.Instant;

/**
 * A project that an image is shared with.
 *
 * @param status pending, accepted or rejected: what the project says to it
 */
public record Member(String imageId, String project, String status, Instant createdAt, Instant updatedAt) {}

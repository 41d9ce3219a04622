package io.nacre.keystone.user;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Someone who can log in.
 *
 * @param passwordHash null for a user without a password
 * @param passwordExpiresAt null for never
 * @param options such as {@code ignore_password_expiry}
 * @param extra attributes that clients gave it and keystone does not know, description and email among them
 */
public record User(
        String id,
        String name,
        String domainId,
        boolean enabled,
        @Nullable String defaultProjectId,
        @Nullable String passwordHash,
        @Nullable Instant passwordExpiresAt,
        Instant createdAt,
        Map<String, @Nullable Object> options,
        Map<String, @Nullable Object> extra) {

    public User withPasswordHash(@Nullable String hash) {
        return new User(
                id, name, domainId, enabled, defaultProjectId, hash, passwordExpiresAt, createdAt, options, extra);
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "User[" + id + ", " + name + "]";
    }
}

package io.nacre.keystone.user;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The password of a user.
 *
 * @param hash by bcrypt
 * @param expiresAt null for never
 * @param selfService whether the user chose it; an administrator did otherwise
 */
public record Password(
        String hash, Instant createdAt, @Nullable Instant expiresAt, boolean selfService) {

    Password withoutHash() {
        return new Password("", createdAt, expiresAt, selfService);
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "Password[" + createdAt + ", " + expiresAt + "]";
    }
}

package io.nacre.keystone.user;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Someone who can log in.
 *
 * @param enabled false, too, when they did not log in for longer than is allowed
 * @param password null for a user without one
 * @param lastActiveAt the day of the last login by password; null for never
 * @param options such as {@code ignore_password_expiry}
 * @param extra attributes that clients gave it and keystone does not know, description and email among them
 */
public record User(
        String id,
        String name,
        String domainId,
        boolean enabled,
        @Nullable String defaultProjectId,
        @Nullable Password password,
        Instant createdAt,
        @Nullable Instant lastActiveAt,
        Map<String, @Nullable Object> options,
        Map<String, @Nullable Object> extra) {

    static final String IGNORE_FIRST_USE = "ignore_change_password_upon_first_use";
    static final String IGNORE_EXPIRY = "ignore_password_expiry";
    static final String IGNORE_LOCKOUT = "ignore_lockout_failure_attempts";
    static final String IGNORE_INACTIVITY = "ignore_user_inactivity";
    static final String LOCK_PASSWORD = "lock_password";

    /** The options of a user that no rule about passwords shall shut out. */
    public static final Set<String> EXEMPTIONS =
            Set.of(IGNORE_FIRST_USE, IGNORE_EXPIRY, IGNORE_LOCKOUT, IGNORE_INACTIVITY);

    public @Nullable String passwordHash() {
        return password == null ? null : password.hash();
    }

    public @Nullable Instant passwordExpiresAt() {
        return password == null ? null : password.expiresAt();
    }

    boolean has(String option) {
        return Boolean.TRUE.equals(options.get(option));
    }

    boolean isPasswordExpired(Instant now) {
        Instant end = passwordExpiresAt();
        return end != null && !now.isBefore(end) && !has(IGNORE_EXPIRY);
    }

    /** Days are those of the calendar, in UTC. Of whoever never had a password here no login is to be seen. */
    boolean isInactive(int days, Instant now) {
        if (password == null && lastActiveAt == null) {
            return false;
        }
        Instant active = lastActiveAt == null ? createdAt : lastActiveAt;
        Instant today = now.truncatedTo(ChronoUnit.DAYS);
        return !has(IGNORE_INACTIVITY) && ChronoUnit.DAYS.between(active.truncatedTo(ChronoUnit.DAYS), today) >= days;
    }

    /** Enabled, and not to be disabled again for not having logged in before. */
    public User enabledAt(Instant now) {
        return new User(id, name, domainId, true, defaultProjectId, password, createdAt, now, options, extra);
    }

    User disabled() {
        return new User(id, name, domainId, false, defaultProjectId, password, createdAt, lastActiveAt, options, extra);
    }

    User withPassword(@Nullable Password changed) {
        return new User(
                id, name, domainId, enabled, defaultProjectId, changed, createdAt, lastActiveAt, options, extra);
    }

    public User withOptions(Map<String, @Nullable Object> changed) {
        return new User(
                id, name, domainId, enabled, defaultProjectId, password, createdAt, lastActiveAt, changed, extra);
    }

    /** For where who it is is known already. */
    public User withoutSecret() {
        return withPassword(password == null ? null : password.withoutHash());
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "User[" + id + ", " + name + "]";
    }
}

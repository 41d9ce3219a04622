package io.nacre.keystone.entity;

import io.nacre.base.Fault;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Moments as identity writes them: UTC with six digits after the second and a Z. */
public final class Times {
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter PLAIN =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private Times() {}

    public static @Nullable String iso(@Nullable Instant moment) {
        return moment == null ? null : ISO.format(moment);
    }

    /** Without the Z, as passwords and application credentials tell when they expire. */
    public static @Nullable String plain(@Nullable Instant moment) {
        return moment == null ? null : PLAIN.format(moment);
    }

    /** A moment from a request, with an offset or in UTC. */
    public static Instant parse(String text) {
        try {
            return text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw Fault.invalid("Timestamp not in expected format. The server could not comply with the request since"
                            + " it is either malformed or otherwise incorrect. The client is assumed to be in error.")
                    .because(e);
        }
    }

    /** A moment from a request, with an offset or in UTC; it must lie in the future. */
    public static @Nullable Instant expiry(@Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        Instant moment = parse(text);
        if (!moment.isAfter(now)) {
            throw Fault.invalid(
                    "The 'expires_at' must not be before now. The server could not comply with the request since"
                            + " it is either malformed or otherwise incorrect. The client is assumed to be in error.");
        }
        return moment;
    }
}

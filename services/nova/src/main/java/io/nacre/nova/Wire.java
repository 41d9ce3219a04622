package io.nacre.nova;

import io.nacre.base.Fault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Nova's ways of writing moments, and the many words it takes for true. */
public final class Wire {
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

    private Wire() {}

    /** Whole seconds with a Z, as created and updated are written. */
    public static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Microseconds without a zone, as the original writes what it takes from its tables. */
    public static @Nullable String micros(@Nullable Instant at) {
        return at == null ? null : MICROS.format(at.atOffset(ZoneOffset.UTC));
    }

    public static boolean isTrue(@Nullable JsonNode node) {
        return node != null && isTrue(node.asString(""));
    }

    public static boolean isTrue(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "1", "true", "on", "yes", "t", "y" -> true;
            default -> false;
        };
    }

    /** A text member, null when it is missing or null. */
    public static @Nullable String text(JsonNode object, String member) {
        JsonNode node = object.get(member);
        return node == null || node.isNull() ? null : node.asString();
    }

    /** A whole number that may come as text; the default when it is missing. */
    public static int number(JsonNode object, String member, int otherwise) {
        JsonNode node = object.get(member);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        return node.isString() ? Integer.parseInt(node.asString()) : node.asInt();
    }

    /** A moment that a query asks for, in UTC unless it says otherwise; null when it does not ask. */
    public static @Nullable Instant moment(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        String iso = text.replace(' ', 'T');
        try {
            return OffsetDateTime.parse(iso).toInstant();
        } catch (DateTimeException withoutZone) {
            try {
                return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw Fault.invalid("Invalid input for query parameters " + name + ". Value: " + text + ". '" + text
                                + "' is not a 'date-time'")
                        .because(e);
            }
        }
    }

    /** Tells servers on the same host from others without telling the host; different for each project. */
    public static String hostId(String projectId, @Nullable String host) {
        if (host == null) {
            return "";
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-224").digest((projectId + host).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
